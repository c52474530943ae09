"""What a supervisor sees of people: bands, never answers; in which order; and what is worth saying about a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from studyhub.domain.mastery import Band, share_interval
from studyhub.domain.skill_columns import TopicCell
from studyhub.domain.small_groups import SMALLEST_GROUP, is_too_small

ACTIVE_DAYS = 30
"""Whoever answered within so many days is said to be learning; compared with as many days before."""


class LookKind(StrEnum):
    """How somebody looked at a person's progress: in the matrix, on the person's page, in an export."""

    MATRIX = "matrix"
    PERSON = "person"
    EXPORT = "export"


class Order(StrEnum):
    NEED = "need"
    KANA = "kana"


class Since(StrEnum):
    """Which evidence counts, by the days since the last answer on a topic."""

    ALL = "all"
    DAYS_30 = "30"
    DAYS_90 = "90"

    def moment(self, now: datetime) -> datetime | None:
        return None if self is Since.ALL else now - timedelta(days=int(self))


@dataclass(frozen=True, slots=True)
class Column:
    """A topic as a column. ``weight`` is its share of the examination in percent, 1 where none is known."""

    topic_id: int | None
    key: str
    name: str
    name_en: str
    weight: float
    deeper: bool = False
    """Whether there are topics below it."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """``cells`` start with the one of the topic, or of everything, that the table as a whole is about."""

    user_id: int
    name: str
    kana: str
    unit: str
    title: str
    direct: bool
    last_on: date | None
    """Day of the last answer to anything."""
    cells: tuple[TopicCell, ...]


_FIRST_IN_NEED = (Band.WEAK, Band.NONE, Band.NEAR, Band.FIRM)


def in_need(rows: Sequence[PersonRow], weights: Sequence[float]) -> tuple[PersonRow, ...]:
    """Whoever may need help first, by the first cell: to be reviewed, not begun, nearly there, firm. Among equals the
    one with the larger share of the examination to be reviewed, then of what is not begun; then by kana."""

    def need(row: PersonRow) -> tuple[object, ...]:
        weak, untouched = _weight_in(row, weights, Band.WEAK), _weight_in(row, weights, Band.NONE)
        return (_FIRST_IN_NEED.index(row.cells[0].band), -weak, -untouched, row.kana, row.user_id)

    return tuple(sorted(rows, key=need))


def by_kana(rows: Sequence[PersonRow]) -> tuple[PersonRow, ...]:
    return tuple(sorted(rows, key=lambda row: (row.kana, row.user_id)))


def _weight_in(row: PersonRow, weights: Sequence[float], band: Band) -> float:
    cells = zip(row.cells[1:], weights[1:], strict=True)
    return sum(weight for cell, weight in cells if cell.band is band)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people of a group stand where on a topic. ``learners`` answered on it in the time that is looked at."""

    people: int
    weak: int = 0
    near: int = 0
    firm: int = 0
    learners: int = 0
    evidence_tenths: int = 0
    credit_tenths: int = 0

    @property
    def untouched(self) -> int:
        """With too few answers to say anything."""
        return self.people - self.begun

    @property
    def begun(self) -> int:
        return self.weak + self.near + self.firm

    @property
    def settled(self) -> int:
        return self.near + self.firm

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.people + other.people,
            self.weak + other.weak,
            self.near + other.near,
            self.firm + other.firm,
            self.learners + other.learners,
            self.evidence_tenths + other.evidence_tenths,
            self.credit_tenths + other.credit_tenths,
        )


def count(cells: Sequence[TopicCell], since: datetime) -> Counts:
    """Over one topic's cells, one for each person."""
    bands = [cell.band for cell in cells]
    return Counts(
        len(cells),
        bands.count(Band.WEAK),
        bands.count(Band.NEAR),
        bands.count(Band.FIRM),
        sum(cell.last_at is not None and cell.last_at >= since for cell in cells),
        sum(cell.evidence_tenths for cell in cells),
        sum(cell.credit_tenths for cell in cells),
    )


@dataclass(frozen=True, slots=True)
class Thin:
    """The topic on which review by the group promises most. ``share`` of right answers with its 90 % interval."""

    column: Column
    counts: Counts
    share: float
    interval: tuple[float, float]
    before: Counts | None
    """At the end of last month, where a picture of it was taken."""

    @property
    def answers(self) -> int:
        """In whole responses: an answer to a question seen before counts for less."""
        return round(self.counts.evidence_tenths / 10)


@dataclass(frozen=True, slots=True)
class Activity:
    """How many learnt something lately, and in the time of the same length before it. Of a large group, people of a
    ``column`` in this month and the last."""

    people: int
    active: int
    active_before: int | None
    column: Column | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """Who has not begun. ``column`` is the topic with the largest part of the examination that most have not met."""

    people: int
    not_begun: int | None
    column: Column | None
    counts: Counts | None


@dataclass(frozen=True, slots=True)
class Sentences:
    thin: Thin | None
    activity: Activity
    beginning: Beginning


@dataclass(frozen=True, slots=True)
class Lately:
    """Days with answers of a person, in the last ACTIVE_DAYS and in as many before."""

    days: int = 0
    days_before: int = 0
    last_on: date | None = None


def sentences(
    columns: Sequence[Column],
    rows: Sequence[PersonRow],
    lately: Mapping[int, Lately],
    before: Mapping[int, Counts],
    now: datetime,
) -> Sentences | None:
    """What is worth knowing of the people shown; None of a group that is too small. ``before`` by topic."""
    if is_too_small(len(rows)):
        return None
    since = now - timedelta(days=ACTIVE_DAYS)
    counted = [
        (column, count([row.cells[place] for row in rows], since))
        for place, column in enumerate(columns)
        if place or len(columns) == 1
    ]
    learnt = [lately.get(row.user_id, Lately()) for row in rows]
    activity = Activity(
        len(rows), sum(each.days > 0 for each in learnt), sum(each.days_before > 0 for each in learnt)
    )
    column, counts = least_begun(counted)
    not_begun = sum(each.last_on is None for each in learnt)
    return Sentences(thinnest(counted, before), activity, Beginning(len(rows), not_begun, column, counts))


def sentences_of_units(
    columns: Sequence[Column], counted: Mapping[int, Counts], before: Mapping[int, Counts]
) -> Sentences | None:
    """The same of a group too large to be loaded, from its monthly pictures by topic."""
    known = [
        (column, counted[column.topic_id])
        for column in columns
        if column.topic_id is not None and column.topic_id in counted
    ]
    if not known or is_too_small(known[0][1].people):
        return None
    column, counts = max(known, key=lambda each: each[1].learners)
    assert column.topic_id is not None
    earlier = before.get(column.topic_id)
    activity = Activity(counts.people, counts.learners, earlier.learners if earlier else None, column)
    behind, least = least_begun(known)
    return Sentences(thinnest(known, before), activity, Beginning(counts.people, None, behind, least))


def thinnest(counted: Sequence[tuple[Column, Counts]], before: Mapping[int, Counts]) -> Thin | None:
    """Weighted by the examination. A topic that fewer than five have begun says nothing of the group."""
    told = [each for each in counted if each[1].begun >= SMALLEST_GROUP and each[1].weak]
    if not told:
        return None
    column, counts = max(told, key=lambda each: each[0].weight * each[1].weak / each[1].people)
    answers, right = counts.evidence_tenths / 10, counts.credit_tenths / 10
    earlier = None if column.topic_id is None else before.get(column.topic_id)
    return Thin(column, counts, right / answers, share_interval(right, answers), earlier)


def least_begun(counted: Sequence[tuple[Column, Counts]]) -> tuple[Column | None, Counts | None]:
    """The topic that most people have not met, by its weight; nothing when more than half have begun each."""
    behind = [each for each in counted if each[1].untouched * 2 >= each[1].people]
    if not behind:
        return None, None
    return max(behind, key=lambda each: each[0].weight * each[1].untouched)


def month_of(day: date) -> date:
    """Its first day, which names the month."""
    return day.replace(day=1)


def month_before(month: date, months: int = 1) -> date:
    number = month.year * 12 + month.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
