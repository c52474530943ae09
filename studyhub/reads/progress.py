"""What an officer's answers say: the skill map through a syllabus, and the weeks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.mastery import Mastery
from studyhub.domain.skill_map import Cell, Highlights, SkillMap, highlights
from studyhub.domain.trend import Day, Week, monday_of, weeks, weeks_between
from studyhub.persistence.models import Blueprint, DailyActivity, Syllabus, User
from studyhub.reads.topics import load_skill_map

_SHOWN_WHOLE = 45
"""Topics up to which a tree is shown to its leaves unless asked otherwise."""
_WEEKS = 12
_FEWEST_WEEKS = 4


@dataclass(frozen=True, slots=True)
class LensAsked:
    """As in the address: empty for the usual. ``level`` is the depth shown, from 0; ``opened`` a topic shown deeper."""

    syllabus: str = ""
    level: int | None = None
    opened: str = ""


@dataclass(frozen=True, slots=True)
class Lens:
    id: str
    title: str
    title_en: str
    is_draft: bool
    is_target: bool
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SkillRow:
    cell: Cell
    depth: int
    """Below the field, from 1."""
    hidden: int
    """Topics below it that are not shown."""


@dataclass(frozen=True, slots=True)
class SkillField:
    cell: Cell
    rows: tuple[SkillRow, ...]


@dataclass(frozen=True, slots=True)
class SkillMapPage:
    lens: Lens
    lenses: tuple[Lens, ...]
    level: int
    opened: str
    fields: tuple[SkillField, ...]
    whole: Mastery
    topics: int
    highlights: Highlights
    answers: int
    """Of the officer in all, under whatever syllabus."""
    unmapped: int
    """Topics with answers that count nowhere in this syllabus."""


@dataclass(frozen=True, slots=True)
class TrendPage:
    weeks: tuple[Week, ...]
    """Oldest first; without those before the first answer, as far as a few are left."""
    answers: int
    right: int
    since: date | None
    """The first day with an answer, ever."""


def skill_map_page(db: Session, actor: Actor, asked: LensAsked, now: datetime) -> SkillMapPage:
    """Raises NotFound for a syllabus that there is not."""
    lenses = _lenses(db, actor)
    lens = _chosen(lenses, asked.syllabus)
    skills = load_skill_map(db, actor.user_id, lens.id, now)
    usual = len(lens.levels) - (1 if len(skills.cells) <= _SHOWN_WHOLE else 2)
    level = min(max(usual if asked.level is None else asked.level, 1), len(lens.levels) - 1)
    return SkillMapPage(
        lens=lens,
        lenses=lenses,
        level=level,
        opened=asked.opened,
        fields=tuple(_fields(skills, level, asked.opened)),
        whole=skills.whole,
        topics=len(skills.leaves),
        highlights=highlights(skills),
        answers=_all_answers(db, actor),
        unmapped=len(skills.unmapped),
    )


def trend_page(db: Session, actor: Actor, now: datetime) -> TrendPage:
    today = office_day(now)
    row = DailyActivity
    since = monday_of(today) - timedelta(weeks=_WEEKS - 1)
    columns = select(row.day, row.responses, row.correct).where(
        row.user_id == actor.user_id, row.day >= since
    )
    days = [Day(*found) for found in db.execute(columns)]
    sums = select(func.sum(row.responses), func.sum(row.correct), func.min(row.day))
    answers, right, first = db.execute(sums.where(row.user_id == actor.user_id)).one()
    began: date | None = first
    count = weeks_between(began, today) if began else 0
    shown = weeks(days, today, min(_WEEKS, max(_FEWEST_WEEKS, count)))
    return TrendPage(shown, answers or 0, right or 0, began)


def _all_answers(db: Session, actor: Actor) -> int:
    counted = select(func.sum(DailyActivity.responses)).where(DailyActivity.user_id == actor.user_id)
    return db.scalar(counted) or 0


def _lenses(db: Session, actor: Actor) -> tuple[Lens, ...]:
    """Current and draft syllabi, that of the target first."""
    target = db.scalar(
        select(Blueprint.syllabus_id)
        .join(User, User.target_exam == Blueprint.id)
        .where(User.id == actor.user_id)
    )
    columns = select(Syllabus.id, Syllabus.title, Syllabus.title_en, Syllabus.status, Syllabus.levels)
    rows = db.execute(columns.where(Syllabus.status != "retired").order_by(Syllabus.position, Syllabus.id))
    found = [
        Lens(r.id, r.title, r.title_en or r.title, r.status == "draft", r.id == target, tuple(r.levels))
        for r in rows
    ]
    return tuple(sorted(found, key=lambda lens: not lens.is_target))


def _chosen(lenses: Sequence[Lens], asked: str) -> Lens:
    for lens in lenses:
        if not asked or lens.id == asked:
            return lens
    raise NotFound


def _fields(skills: SkillMap, level: int, opened: str) -> Iterator[SkillField]:
    within_opened = {cell.node.key for cell in skills.under(opened)} if opened else set()
    for field in skills.cells:
        if field.node.parent_id is None:
            below = skills.under(field.node.key)
            shown = [c for c in below if c.node.depth <= level or c.node.key in within_opened]
            yield SkillField(field, tuple(_row(skills, cell, shown) for cell in shown))


def _row(skills: SkillMap, cell: Cell, shown: Sequence[Cell]) -> SkillRow:
    seen = {each.node.id for each in shown}
    hidden = sum(below.node.id not in seen for below in skills.under(cell.node.key))
    return SkillRow(cell, cell.node.depth, hidden)
