"""Pictures of units: how many people stand where on each topic, kept by month, so that a page about thousands of
people reads a few hundred rows.

A unit's people are those whose main post is in it or below on the day. Each is counted in one unit and those above it:
counted with a second post (兼務) too, somebody could be worked out from two units and the one above them. Whoever heads a
unit is counted in none: a head is often the only one who stands between a unit and the units below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from studyhub.domain.days import TOKYO, office_day
from studyhub.domain.mastery import Band, Evidence
from studyhub.domain.organisation import Chart
from studyhub.domain.skill_columns import Columns, TopicCell
from studyhub.domain.small_groups import publishable
from studyhub.domain.team import month_of
from studyhub.persistence.models import Syllabus, UnitTopicMonth, User
from studyhub.persistence.organisation import load_chart
from studyhub.persistence.practice import load_evidence_of
from studyhub.persistence.skill_topics import load_landings, load_nodes
from studyhub.persistence.upsert import accumulate
from studyhub.services import jobs

_PEOPLE_AT_ONCE = 500
ROWS_AT_ONCE = 1_000
"""Rows of one transaction."""
_COUNTED = (
    "people", "untouched", "weak", "near", "firm", "learners", "evidence_tenths", "credit_tenths", "taken_at",
)  # fmt: skip

EvidenceOf = Callable[[Session, Sequence[int]], Mapping[int, Mapping[int, Evidence]]]
"""What people had answered, by person and topic."""


@dataclass(frozen=True, slots=True)
class Part:
    """A highest unit with all below it: what is pictured in one go."""

    shown: Mapping[int, frozenset[int]]
    """People by unit, of the units of which a picture may be shown."""

    @property
    def units_of(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for unit, people in self.shown.items():
            for user_id in people:
                found.setdefault(user_id, []).append(unit)
        return found


@dataclass(frozen=True, slots=True)
class Picturing:
    """What a run needs to know, loaded once."""

    parts: tuple[Part, ...]
    lenses: tuple[tuple[Columns, frozenset[int]], ...]
    """For each syllabus its topics as columns, and which of them are the highest."""


@dataclass(slots=True)
class _Sums:
    weak: int = 0
    near: int = 0
    firm: int = 0
    learners: int = 0
    evidence_tenths: int = 0
    credit_tenths: int = 0

    def add(self, cell: TopicCell, month_begins: datetime) -> None:
        match cell.band:
            case Band.WEAK:
                self.weak += 1
            case Band.NEAR:
                self.near += 1
            case Band.FIRM:
                self.firm += 1
            case Band.NONE:
                pass
        self.learners += cell.last_at is not None and cell.last_at >= month_begins
        self.evidence_tenths += cell.evidence_tenths
        self.credit_tenths += cell.credit_tenths


def ask_for_pictures(db: Session, now: datetime) -> None:
    jobs.enqueue(db, "picture_units", {}, now, unique_key="picture_units")


def prepare(db: Session, day: date) -> Picturing:
    """The organisation and the syllabi of the day."""
    return Picturing(tuple(_parts(db, day)), tuple(_lenses(db)))


def rows_of(
    db: Session, picturing: Picturing, part: Part, now: datetime, evidence_of: EvidenceOf = load_evidence_of
) -> list[dict[str, Any]]:
    """The picture of one part for the month of ``now``, as rows to be stored. Writes nothing."""
    month = month_of(office_day(now))
    begins = datetime(month.year, month.month, 1, tzinfo=TOKYO)
    sums = _summed(db, picturing, part, now, begins, evidence_of)
    highest = {root for _columns, roots in picturing.lenses for root in roots}
    rows = []
    for unit, people in part.shown.items():
        for topic_id in sorted({*highest, *sums[unit]}):
            found = sums[unit].get(topic_id, _Sums())
            if topic_id in highest or found.weak or found.near or found.firm:
                rows.append(_row(unit, topic_id, month, len(people), found, now))
    return rows


def store(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    db.execute(accumulate(db, UnitTopicMonth, add=(), replace=_COUNTED), list(rows))


def forget_others(db: Session, now: datetime) -> None:
    """Of the month of ``now`` whatever this run did not write: units that have become too small, retired topics."""
    month = month_of(office_day(now))
    db.execute(delete(UnitTopicMonth).where(UnitTopicMonth.month == month, UnitTopicMonth.taken_at < now))


def picture_units(db: Session, now: datetime, evidence_of: EvidenceOf = load_evidence_of) -> None:
    """All in one transaction, for small sites and demonstrations; the job takes a transaction for each few rows."""
    picturing = prepare(db, office_day(now))
    for part in picturing.parts:
        if rows := rows_of(db, picturing, part, now, evidence_of):
            store(db, rows)
    forget_others(db, now)


def _parts(db: Session, day: date) -> Iterator[Part]:
    chart = load_chart(db, day)
    active = frozenset(db.scalars(select(User.id).where(User.active)))
    tree = _Tree.of(chart, active)
    shown = publishable(tree.people, tree.children, tree.roots)
    for root in tree.roots:
        within = chart.below(root) & shown
        yield Part({unit: tree.people[unit] for unit in sorted(within)})


@dataclass(frozen=True, slots=True)
class _Tree:
    people: dict[int, frozenset[int]] = field(default_factory=dict)
    children: dict[int, list[int]] = field(default_factory=dict)
    roots: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, chart: Chart, active: frozenset[int]) -> _Tree:
        heads = {post.user_id for post in chart.posts if post.heads_unit}
        members: dict[int, set[int]] = {}
        for unit in chart.units:
            members[unit.id] = set()
        for user_id, unit_id in chart.main_units(active - heads).items():
            for above in chart.path(unit_id):
                members[above.id].add(user_id)
        tree = cls({unit: frozenset(people) for unit, people in members.items()})
        for unit in chart.units:
            parent = chart.parent(unit.id)
            if parent is None:
                tree.roots.append(unit.id)
            else:
                tree.children.setdefault(parent.id, []).append(unit.id)
        return tree


def _lenses(db: Session) -> Iterator[tuple[Columns, frozenset[int]]]:
    for syllabus_id in db.scalars(
        select(Syllabus.id).where(Syllabus.status != "retired").order_by(Syllabus.id)
    ):
        nodes = load_nodes(db, syllabus_id)
        landings = load_landings(db, syllabus_id, nodes)
        roots = frozenset(node.id for node in nodes if node.parent_id is None)
        yield Columns(nodes, landings, [node.id for node in nodes]), roots


def _summed(
    db: Session, picturing: Picturing, part: Part, now: datetime, begins: datetime, evidence_of: EvidenceOf
) -> dict[int, dict[int, _Sums]]:
    """By unit and topic."""
    sums: dict[int, dict[int, _Sums]] = {unit: {} for unit in part.shown}
    units_of = part.units_of
    people = sorted(units_of)
    for first in range(0, len(people), _PEOPLE_AT_ONCE):
        evidence = evidence_of(db, people[first : first + _PEOPLE_AT_ONCE])
        for user_id, sources in evidence.items():
            for topic_id, cell in _cells(picturing, sources, now):
                for unit in units_of[user_id]:
                    sums[unit].setdefault(topic_id, _Sums()).add(cell, begins)
    return sums


def _cells(
    picturing: Picturing, sources: Mapping[int, Evidence], now: datetime
) -> Iterator[tuple[int, TopicCell]]:
    for columns, _roots in picturing.lenses:
        for number, cell in columns.touched(sources, now):
            topic_id = columns.wanted[number]
            assert topic_id is not None  # only topics are asked for
            yield topic_id, cell


def _row(unit: int, topic_id: int, month: date, people: int, found: _Sums, now: datetime) -> dict[str, Any]:
    return {
        "unit_id": unit,
        "topic_id": topic_id,
        "month": month,
        "people": people,
        "untouched": people - found.weak - found.near - found.firm,
        "weak": found.weak,
        "near": found.near,
        "firm": found.firm,
        "learners": found.learners,
        "evidence_tenths": found.evidence_tenths,
        "credit_tenths": found.credit_tenths,
        "taken_at": now,
    }
