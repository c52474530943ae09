"""Days put together into weeks."""

from __future__ import annotations

from datetime import date, timedelta

from studyhub.domain.trend import Day, monday_of, weeks, weeks_between

TODAY = date(2026, 11, 25)  # a Wednesday


def test_a_week_begins_on_monday() -> None:
    assert monday_of(TODAY) == date(2026, 11, 23)
    assert monday_of(date(2026, 11, 29)) == date(2026, 11, 23)
    assert monday_of(date(2026, 11, 30)) == date(2026, 11, 30)


def test_the_weeks_of_two_days_are_both_counted() -> None:
    assert weeks_between(TODAY, TODAY) == 1
    assert weeks_between(date(2026, 11, 22), TODAY) == 2
    assert weeks_between(date(2026, 10, 1), TODAY) == 9


def test_weeks_without_an_answer_are_shown_too() -> None:
    found = weeks([], TODAY, 3)
    assert [week.starts_on for week in found] == [date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 23)]
    assert all(week.share is None and week.interval is None for week in found)


def test_days_add_up_within_their_week_and_those_before_are_left_out() -> None:
    days = [Day(TODAY, 4, 3), Day(TODAY - timedelta(days=1), 6, 2), Day(TODAY - timedelta(days=60), 9, 9)]
    (week,) = weeks(days, TODAY, 1)
    assert (week.answers, week.right, week.active_days) == (10, 5, 2)
    assert week.share == 0.5
    assert week.interval is not None
    low, high = week.interval
    assert low < 0.5 < high
