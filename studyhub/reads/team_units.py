"""Units and months in numbers of people, from the pictures that the nightly job takes; never from single answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from studyhub.domain.organisation import Unit
from studyhub.domain.team import Column, Counts, month_before, month_of
from studyhub.persistence.leadership import Leadership
from studyhub.persistence.models import UnitTopicMonth
from studyhub.reads.rows import AnyRow

MONTHS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class UnitRow:
    code: str
    name: str
    deeper: bool
    """Whether there are units below it."""
    people: int | None
    """None: too few, or too few beside another unit, for numbers."""
    cells: tuple[Counts | None, ...]
    """None also in the column of everything together, of which no picture is taken."""


@dataclass(frozen=True, slots=True)
class UnitTable:
    rows: tuple[UnitRow, ...]
    taken_at: datetime | None
    """None before the first picture."""


@dataclass(frozen=True, slots=True)
class TopicTrend:
    column: Column
    months: tuple[tuple[date, Counts], ...]
    """Oldest first; months without a picture are left out."""


@dataclass(frozen=True)
class Pictures:
    """Those of some units, by lasting name, topic and month."""

    counts: Mapping[tuple[str, int, date], Counts]
    people: Mapping[tuple[str, date], int]
    taken_at: datetime | None
    month: date | None
    """The latest."""

    def of(self, code: str, topic_id: int | None, month: date) -> Counts | None:
        """A topic on which nobody of the unit has begun has no row of its own."""
        people = self.people.get((code, month))
        if people is None or topic_id is None:
            return None
        return self.counts.get((code, topic_id, month), Counts(people))

    def summed(self, codes: Iterable[str], topic_id: int, month: date) -> Counts | None:
        """Over units that do not contain each other; None unless all of them have a picture."""
        found = [self.of(code, topic_id, month) for code in codes]
        return sum((each for each in found if each), Counts(0)) if found and all(found) else None


def load_pictures(
    db: Session,
    leadership: Leadership,
    rows: Collection[Unit],
    whole: Collection[Unit],
    topic_ids: Collection[int],
    today: date,
) -> Pictures:
    """Of ``rows`` the latest, of ``whole`` those of the last months; two statements."""
    row = UnitTopicMonth
    latest = select(func.max(row.month)).where(row.month <= today).scalar_subquery()
    since = month_before(month_of(today), MONTHS_SHOWN - 1)
    below, above = leadership.versions(rows), leadership.versions(whole)
    found = [
        *_rows(db, topic_ids, row.unit_id.in_(below), row.month == latest),
        *_rows(db, topic_ids, row.unit_id.in_(above), row.month.between(since, today)),
    ]
    names = below | above
    return Pictures(
        {(names[each.unit_id], each.topic_id, each.month): _counts(each) for each in found},
        {(names[each.unit_id], each.month): each.people for each in found},
        max((each.taken_at for each in found), default=None),
        max((each.month for each in found), default=None),
    )


def unit_table(
    leadership: Leadership, rows: Sequence[Unit], columns: Sequence[Column], pictures: Pictures
) -> UnitTable | None:
    """None where there are no units to show."""
    if not rows:
        return None
    lines = []
    for unit in rows:
        month = pictures.month
        people = None if month is None else pictures.people.get((unit.code, month))
        cells = tuple(
            None if month is None else pictures.of(unit.code, column.topic_id, month) for column in columns
        )
        lines.append(UnitRow(unit.code, unit.name, bool(leadership.children(unit)), people, cells))
    return UnitTable(tuple(lines), pictures.taken_at)


def trends(fields: Sequence[Column], whole: Sequence[Unit], pictures: Pictures) -> tuple[TopicTrend, ...]:
    """Months of which all of the units have a picture."""
    codes = [unit.code for unit in whole]
    months = sorted({month for _code, month in pictures.people})
    found = []
    for column in fields:
        assert column.topic_id is not None
        told = [(month, pictures.summed(codes, column.topic_id, month)) for month in months]
        shown = tuple((month, counts) for month, counts in told if counts is not None)
        if shown:
            found.append(TopicTrend(column, shown))
    return tuple(found)


def of_month(
    columns: Sequence[Column], whole: Sequence[Unit], pictures: Pictures, month: date
) -> dict[int, Counts]:
    """By topic, of the units together."""
    codes = [unit.code for unit in whole]
    found = {
        column.topic_id: pictures.summed(codes, column.topic_id, month)
        for column in columns
        if column.topic_id is not None
    }
    return {topic_id: counts for topic_id, counts in found.items() if counts is not None}


def _rows(db: Session, topic_ids: Collection[int], *where: ColumnElement[bool]) -> Sequence[AnyRow]:
    row = UnitTopicMonth
    columns = select(
        row.unit_id, row.topic_id, row.month, row.people, row.weak, row.near, row.firm, row.learners,
        row.evidence_tenths, row.credit_tenths, row.taken_at,
    )  # fmt: skip
    return db.execute(columns.where(row.topic_id.in_(topic_ids), *where)).all()


def _counts(row: AnyRow) -> Counts:
    return Counts(
        row.people, row.weak, row.near, row.firm, row.learners, row.evidence_tenths, row.credit_tenths
    )
