from __future__ import annotations

from datetime import UTC, datetime

import pytest

from studyhub.domain.days import days_since, office_day

JUST_AFTER_MIDNIGHT = datetime(2026, 11, 22, 15, 10, tzinfo=UTC)
"""0:10 on the 23rd in Tokyo."""


def test_the_day_begins_at_midnight_in_tokyo() -> None:
    assert office_day(JUST_AFTER_MIDNIGHT).day == 23


@pytest.mark.parametrize(
    ("moment", "days"),
    [
        (datetime(2026, 11, 22, 15, 5, tzinfo=UTC), 0),
        (datetime(2026, 11, 22, 14, 55, tzinfo=UTC), 1),
        (datetime(2026, 11, 16, 15, 30, tzinfo=UTC), 6),
        (datetime(2026, 11, 23, 15, 30, tzinfo=UTC), 0),
    ],
    ids=["same day", "ten minutes ago, yesterday", "not yet six times 24 hours", "a clock that was ahead"],
)
def test_an_age_counts_midnights_and_not_hours(moment: datetime, days: int) -> None:
    assert days_since(moment, JUST_AFTER_MIDNIGHT) == days
