"""When the morning's round and the weekly digest are due, and what an address is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from studyhub.domain.notices import digest_day, is_address, next_round

MONDAY = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
"""Seven in the morning in Tokyo."""


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-22T21:59:00+00:00", "2026-11-23T07:00:00+09:00"),
        ("2026-11-22T22:00:00+00:00", "2026-11-24T07:00:00+09:00"),
        ("2026-11-23T14:59:00+00:00", "2026-11-24T07:00:00+09:00"),
        ("2026-11-23T15:01:00+00:00", "2026-11-24T07:00:00+09:00"),  # after midnight in Tokyo
    ],
)
def test_the_next_round_is_at_seven_in_tokyo(now: str, expected: str) -> None:
    assert next_round(datetime.fromisoformat(now)) == datetime.fromisoformat(expected)


def test_a_digest_is_due_on_its_weekday_once() -> None:
    assert digest_day(date(2026, 11, 22), MONDAY, 0) == date(2026, 11, 23)
    assert digest_day(date(2026, 11, 23), MONDAY, 0) is None
    assert digest_day(date(2026, 11, 22), MONDAY, 1) is None


def test_a_site_that_was_down_on_the_day_sends_its_digest_later_and_one_for_all_the_weeks() -> None:
    wednesday = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
    assert digest_day(date(2026, 11, 22), wednesday, 0) == date(2026, 11, 23)
    assert digest_day(date(2026, 9, 1), wednesday, 0) == date(2026, 11, 23)
    assert digest_day(date(2026, 11, 23), wednesday, 0) is None


@pytest.mark.parametrize("text", ["a@example.jp", "hanako.sato+study@mail.example.metro.tokyo.jp"])
def test_a_plain_address_is_taken(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a@", "@b.jp", "a b@c.jp", "a@b.jp\r\nBcc: x@y.jp", "a@b.jp,c@d.jp", "<a@b.jp>", "花子@b.jp",
        "a@b..jp", "a@-b.jp", "a@b.jp\n", "x" * 65 + "@b.jp", "a@" + "b" * 260,
    ],
    ids=repr,
)  # fmt: skip
def test_what_could_be_more_than_one_address_is_not(text: str) -> None:
    assert not is_address(text)
