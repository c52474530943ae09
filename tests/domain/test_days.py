from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from studyhub.domain.days import days_since, office_day, read_day
from studyhub.domain.errors import Invalid

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


@pytest.mark.parametrize(
    "typed", ["2027-04-01", "2027/4/1", "２０２７－０４－０１", "２０２７／４／１", " 2027-4-1 "]
)
def test_a_day_is_read_as_people_type_it(typed: str) -> None:
    assert read_day(typed, "day") == date(2027, 4, 1)


@pytest.mark.parametrize("typed", ["", "2027-02-30", "2027.4.1", "20270401", "4/1", "あした", "٢٠٢٧-٠٤-٠١"])
def test_what_is_no_day_is_told_with_an_example(typed: str) -> None:
    with pytest.raises(Invalid, match="2027-04-01 の形の、実際にある日付"):
        read_day(typed, "day")


@pytest.mark.parametrize("typed", ["0001-01-01", "1850-01-01", "9999-12-31"])
def test_a_day_out_of_range_is_told_the_range(typed: str) -> None:
    with pytest.raises(Invalid, match="1900-01-01 から 2999-12-31"):
        read_day(typed, "day")
