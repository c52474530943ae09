"""Codes that can be said and read, and when a check-in or a registration counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from studyhub.domain.attendance import (
    CODE_SIGNS,
    CheckInState,
    check_in_state,
    check_in_window,
    draw_code,
    free_seats,
    normal_code,
    require_capacity,
    spoken_code,
    takes_registrations,
)
from studyhub.domain.errors import Invalid

STARTS = datetime(2026, 12, 2, 6, 0, tzinfo=UTC)
"""15:00 in Tokyo."""
DAY = date(2026, 12, 2)
LATE = timedelta(hours=2)


def test_codes_hold_no_signs_that_look_alike() -> None:
    assert not set(CODE_SIGNS) & set("01258BGILOSUZ")
    assert all(set(draw_code(Random(seed))) <= set(CODE_SIGNS) for seed in range(50))


@pytest.mark.parametrize(
    "typed", ["ACD347", "acd347", "ＡＣＤ３４７", "acd-347", " ACD 347 ", "ａｃｄ－３４７", "ACD・347"]
)
def test_a_code_may_be_typed_in_any_way(typed: str) -> None:
    assert normal_code(typed) == "ACD347"


def test_a_code_is_said_in_two_groups_and_typed_back() -> None:
    assert spoken_code("ACD347") == "ACD-347"
    assert normal_code(spoken_code("ACD347")) == "ACD347"


@pytest.mark.parametrize(
    ("minutes_after_start", "state"),
    [
        (-31, CheckInState.EARLY),
        (-30, CheckInState.OPEN),
        (0, CheckInState.OPEN),
        (45 + 120, CheckInState.OPEN),
        (45 + 121, CheckInState.LATE),
    ],
)
def test_check_ins_count_from_half_an_hour_before_until_a_while_after(
    minutes_after_start: int, state: CheckInState
) -> None:
    window = check_in_window(DAY, STARTS, 45, LATE)
    assert check_in_state(window, None, STARTS + timedelta(minutes=minutes_after_start)) is state


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (datetime(2026, 12, 1, 14, 59, tzinfo=UTC), CheckInState.EARLY),
        (datetime(2026, 12, 1, 15, 0, tzinfo=UTC), CheckInState.OPEN),
        (datetime(2026, 12, 2, 14, 59, tzinfo=UTC), CheckInState.OPEN),
        (datetime(2026, 12, 2, 15, 0, tzinfo=UTC), CheckInState.LATE),
    ],
)
def test_without_a_time_the_whole_day_in_tokyo_counts(moment: datetime, state: CheckInState) -> None:
    assert check_in_state(check_in_window(DAY, None, 45, LATE), None, moment) is state


def test_whoever_is_checked_in_or_struck_stays_so_at_any_time() -> None:
    window = check_in_window(DAY, STARTS, 45, LATE)
    much_later = STARTS + timedelta(days=30)
    assert check_in_state(window, True, much_later) is CheckInState.PRESENT
    assert check_in_state(window, False, STARTS) is CheckInState.STRUCK
    assert check_in_state(None, None, STARTS) is CheckInState.UNDATED


def test_registration_ends_when_the_study_session_begins() -> None:
    assert takes_registrations(True, DAY, STARTS, STARTS - timedelta(seconds=1))
    assert not takes_registrations(True, DAY, STARTS, STARTS)
    assert takes_registrations(True, DAY, None, STARTS)
    assert not takes_registrations(True, DAY, None, STARTS + timedelta(days=1))
    assert takes_registrations(True, None, None, STARTS)
    assert not takes_registrations(False, None, None, STARTS)


def test_fewer_seats_than_people_leave_none_free() -> None:
    assert free_seats(None, 500) is None
    assert free_seats(10, 7) == 3
    assert free_seats(5, 7) == 0


@pytest.mark.parametrize("capacity", [0, -1, 100_001])
def test_a_capacity_is_at_least_one(capacity: int) -> None:
    with pytest.raises(Invalid):
        require_capacity(capacity)
