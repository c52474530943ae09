"""What counts as done, who may see and change what is asked, and whom a unit stands for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from studyhub.domain.assignments import (
    CheckFacts,
    Facts,
    SessionFacts,
    State,
    Tally,
    TopicFacts,
    check_due,
    checked_reason,
    done_at,
    is_to_be_reminded,
    may_change,
    may_see,
    people_of_unit,
    state_of,
    tally,
    tally_of,
)
from studyhub.domain.errors import Invalid
from studyhub.domain.mastery import Band
from studyhub.domain.organisation import Chart, Level, Period, Post, PostKind, Unit

TODAY = date(2026, 11, 23)
EARLY = datetime(2026, 11, 20, 1, tzinfo=UTC)
LATE = datetime(2026, 11, 22, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (SessionFacts(2, 3, EARLY, None), None),
        (SessionFacts(3, 3, EARLY, None), EARLY),
        (SessionFacts(0, 3, None, LATE), LATE),  # who was there need not read
        (SessionFacts(3, 3, LATE, EARLY), EARLY),  # whichever came first
        (TopicFacts(Band.NEAR, Band.FIRM, EARLY), None),
        (TopicFacts(Band.FIRM, Band.FIRM, EARLY), EARLY),
        (TopicFacts(Band.FIRM, Band.NEAR, EARLY), EARLY),  # more than was asked
        (TopicFacts(Band.NONE, Band.NEAR, None), None),
        (CheckFacts(4, 5, EARLY), None),
        (CheckFacts(5, 5, EARLY), EARLY),
        (CheckFacts(0, 0, None), None),  # a quiz that was taken away is not thereby done
    ],
    ids=str,
)
def test_it_is_done_when_the_last_thing_was_done(facts: Facts, expected: datetime | None) -> None:
    assert done_at(facts) == expected


def test_the_day_itself_is_still_in_time() -> None:
    assert state_of(None, TODAY, TODAY) is State.OPEN
    assert state_of(None, TODAY, TODAY + timedelta(days=1)) is State.OVERDUE
    assert state_of(EARLY, TODAY, TODAY + timedelta(days=9)) is State.DONE


def test_people_are_counted_by_state() -> None:
    counted = tally([State.DONE, State.OPEN, State.DONE, State.OVERDUE])
    assert (counted.done, counted.open, counted.overdue, counted.people) == (2, 1, 1, 4)


def test_who_is_only_counted_is_late_from_the_day_after_the_date() -> None:
    assert tally_of(2, 3, TODAY, TODAY) == Tally(done=2, open=3)
    assert tally_of(2, 3, TODAY, TODAY + timedelta(days=1)) == Tally(done=2, overdue=3)


def test_a_supervisor_sees_what_concerns_people_they_lead_or_what_they_asked() -> None:
    assert may_see(is_maker=False, in_scope={1})
    assert may_see(is_maker=True, in_scope=())
    assert not may_see(is_maker=False, in_scope=())


def test_who_asked_may_change_it_while_it_concerns_somebody_they_lead() -> None:
    assert may_change(is_maker=True, in_scope={1}, asked={1, 2})
    assert may_change(is_maker=True, in_scope=(), asked=())
    assert not may_change(is_maker=True, in_scope=(), asked={1, 2})


def test_another_supervisor_may_change_it_only_when_leading_everybody_it_asks() -> None:
    assert may_change(is_maker=False, in_scope={1, 2}, asked={1, 2})
    assert not may_change(is_maker=False, in_scope={1}, asked={1, 2})
    assert not may_change(is_maker=False, in_scope=(), asked=())


@pytest.mark.parametrize("days", [-1, 367])
def test_a_date_in_the_past_or_far_away_is_refused(days: int) -> None:
    with pytest.raises(Invalid):
        check_due(TODAY + timedelta(days=days), TODAY)


def test_a_request_without_a_reason_is_refused() -> None:
    assert checked_reason("  来月使うため。 ") == "来月使うため。"
    for text in ("", "  ", "あ" * 501):
        with pytest.raises(Invalid):
            checked_reason(text)


def test_a_reminder_is_due_from_some_days_before_to_the_day() -> None:
    due = {days: is_to_be_reminded(TODAY + timedelta(days=days), TODAY, 3) for days in (-1, 0, 3, 4)}
    assert due == {-1: False, 0: True, 3: True, 4: False}


ALWAYS = Period(date(2024, 4, 1))
DIVISION, SECTION, TEAM = 1, 2, 3
DIVISION_HEAD, SECTION_HEAD, MEMBER, BELOW = 10, 20, 30, 40


def chart(*, without: int | None = None) -> Chart:
    units = (
        Unit(DIVISION, "D", "部", Level.DIVISION, None, ALWAYS),
        Unit(SECTION, "S", "課", Level.SECTION, DIVISION, ALWAYS),
        Unit(TEAM, "T", "係", Level.TEAM, SECTION, ALWAYS),
    )
    held = (
        (DIVISION_HEAD, DIVISION, True),
        (SECTION_HEAD, SECTION, True),
        (MEMBER, SECTION, False),
        (BELOW, TEAM, False),
    )
    posts = (
        Post(number, user, unit, "", PostKind.MAIN, heads, ALWAYS)
        for number, (user, unit, heads) in enumerate(held)
        if user != without
    )
    return Chart(units, posts, TODAY)


def test_a_unit_stands_for_those_in_it_and_under_it_whom_the_asker_leads() -> None:
    assert people_of_unit(chart(), SECTION, DIVISION_HEAD) == {SECTION_HEAD, MEMBER, BELOW}
    assert people_of_unit(chart(), SECTION, SECTION_HEAD) == {MEMBER, BELOW}


def test_when_the_asker_has_gone_the_unit_s_own_people_are_still_asked_and_its_head_is_not() -> None:
    assert people_of_unit(chart(without=DIVISION_HEAD), SECTION, DIVISION_HEAD) == {MEMBER, BELOW}
    assert people_of_unit(chart(), SECTION, None) == {MEMBER, BELOW}


def test_a_unit_that_is_closed_stands_for_nobody() -> None:
    assert people_of_unit(chart(), 99, SECTION_HEAD) == frozenset()
