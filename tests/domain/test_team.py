"""Who comes first, and what is worth saying of a group."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from studyhub.domain.mastery import Band
from studyhub.domain.skill_columns import UNTOUCHED, TopicCell
from studyhub.domain.team import (
    Column,
    Counts,
    Lately,
    PersonRow,
    Since,
    by_kana,
    in_need,
    month_before,
    month_of,
    sentences,
    sentences_of_units,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WHOLE = Column(None, "", "", "", 1.0)
SECURITY = Column(1, "s:23", "セキュリティ", "Security", 15.2)
AUDIT = Column(2, "s:12", "システム監査", "System audit", 3.8)
COLUMNS = [WHOLE, SECURITY, AUDIT]
WEIGHTS = [column.weight for column in COLUMNS]


def cell(band: Band, responses: int = 10, right: int = 5) -> TopicCell:
    if band is Band.NONE:
        return UNTOUCHED
    return TopicCell(band, responses, NOW - timedelta(days=2), responses * 10, right * 10)


def row(number: int, *bands: Band, kana: str = "") -> PersonRow:
    cells = tuple(cell(band) for band in bands)
    return PersonRow(number, f"人{number}", kana or f"ひと{number}", "相談課", "主事", True, None, cells)


def names(rows: tuple[PersonRow, ...]) -> list[int]:
    return [row.user_id for row in rows]


def test_whoever_needs_review_stands_first_then_those_who_have_not_begun() -> None:
    rows = [
        row(1, Band.FIRM, Band.FIRM, Band.FIRM),
        row(2, Band.NEAR, Band.NEAR, Band.NEAR),
        row(3, Band.NONE, Band.NONE, Band.NONE),
        row(4, Band.WEAK, Band.WEAK, Band.WEAK),
    ]
    assert names(in_need(rows, WEIGHTS)) == [4, 3, 2, 1]


def test_among_equals_the_topic_that_weighs_more_in_the_examination_decides() -> None:
    rows = [
        row(1, Band.NEAR, Band.FIRM, Band.WEAK),
        row(2, Band.NEAR, Band.WEAK, Band.FIRM),
        row(3, Band.NEAR, Band.FIRM, Band.FIRM),
        row(4, Band.NEAR, Band.FIRM, Band.NONE),
    ]
    assert names(in_need(rows, WEIGHTS)) == [2, 1, 4, 3]


def test_equals_and_lists_by_name_are_in_the_order_of_their_kana() -> None:
    rows = [
        row(1, Band.NEAR, kana="やまだ"),
        row(2, Band.NEAR, kana="あおき"),
        row(3, Band.WEAK, kana="わだ"),
    ]
    assert names(by_kana(rows)) == [2, 1, 3]
    assert names(in_need(rows, [1.0])) == [3, 2, 1]


def people(*bands: tuple[Band, Band]) -> list[PersonRow]:
    return [row(number, Band.NEAR, *pair) for number, pair in enumerate(bands)]


def test_nothing_is_said_of_fewer_than_five() -> None:
    four = people(*[(Band.WEAK, Band.NONE)] * 4)
    assert sentences(COLUMNS, four, {}, {}, NOW) is None
    assert sentences(COLUMNS, people(*[(Band.WEAK, Band.NONE)] * 5), {}, {}, NOW) is not None


def test_the_topic_where_review_helps_most_is_told_with_counts_share_and_range() -> None:
    rows = people(*[(Band.WEAK, Band.WEAK)] * 3, *[(Band.NEAR, Band.FIRM)] * 4)
    told = sentences(COLUMNS, rows, {}, {1: Counts(7, weak=1, near=5)}, NOW)
    assert told is not None
    assert told.thin is not None
    assert (told.thin.column, told.thin.counts.weak, told.thin.counts.begun) == (SECURITY, 3, 7)
    assert told.thin.before == Counts(7, weak=1, near=5)
    assert told.thin.interval[0] < told.thin.share < told.thin.interval[1]
    assert told.thin.answers == 70


def test_a_topic_that_fewer_than_five_have_begun_is_not_called_thin() -> None:
    rows = people(*[(Band.WEAK, Band.NONE)] * 4, *[(Band.NONE, Band.NONE)] * 6)
    told = sentences(COLUMNS, rows, {}, {}, NOW)
    assert told is not None
    assert told.thin is None


def test_activity_is_compared_with_the_month_before_and_beginners_are_counted() -> None:
    lately = {0: Lately(3, 1, date(2026, 11, 20)), 1: Lately(0, 5, date(2026, 10, 1))}
    told = sentences(COLUMNS, people(*[(Band.NEAR, Band.NONE)] * 6), lately, {}, NOW)
    assert told is not None
    assert (told.activity.people, told.activity.active, told.activity.active_before) == (6, 1, 2)
    assert (told.beginning.not_begun, told.beginning.column) == (4, AUDIT)


def test_of_thousands_the_monthly_pictures_say_the_same_kind_of_thing() -> None:
    now = {1: Counts(900, 300, 200, 100, 400, 50_000, 30_000), 2: Counts(900, 5, 5, 5, 20, 900, 500)}
    told = sentences_of_units(COLUMNS, now, {1: Counts(880, 350, 100, 50, 380)})
    assert told is not None
    assert told.thin is not None
    assert told.thin.column == SECURITY
    assert (told.activity.column, told.activity.active, told.activity.active_before) == (SECURITY, 400, 380)
    assert told.beginning.column == AUDIT
    assert sentences_of_units(COLUMNS, {}, {}) is None


def test_counts_of_units_that_share_nobody_add_up() -> None:
    both = Counts(5, 1, 1, 1, 2, 10, 5) + Counts(7, 0, 2, 3, 1, 20, 15)
    assert both == Counts(12, 1, 3, 4, 3, 30, 20)
    assert (both.begun, both.untouched, both.settled) == (8, 4, 7)


@pytest.mark.parametrize(
    ("month", "months", "found"),
    [(date(2026, 11, 1), 1, date(2026, 10, 1)), (date(2026, 2, 1), 3, date(2025, 11, 1))],
)
def test_months_are_counted_back_over_the_turn_of_the_year(month: date, months: int, found: date) -> None:
    assert month_before(month, months) == found
    assert month_of(date(2026, 2, 28)) == date(2026, 2, 1)


def test_a_period_begins_so_many_days_ago() -> None:
    assert Since.ALL.moment(NOW) is None
    assert Since.DAYS_90.moment(NOW) == NOW - timedelta(days=90)
