"""What a supervisor has asked of people, and what others asked of those the supervisor leads.

Every count is over people led today: of somebody who has moved elsewhere nothing can be worked out from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.assignments import State, Tally, done_at, may_change, may_see, state_of, tally_of
from studyhub.domain.days import office_day
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.persistence.assignments import Scope, load_scope, load_standing
from studyhub.persistence.id_sets import is_one_of
from studyhub.persistence.models import Assignment, AssignmentPerson, AssignmentUnit, User
from studyhub.reads.assignments import What, goal_of, heads, maker_of, what_of
from studyhub.reads.rows import AnyRow

PAGE_SIZE = 20
PEOPLE_ON_A_PAGE = 100
LIVE_UP_TO = 3000
"""People to be looked at anew on one page; beyond it what the last night found is shown."""


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    id: int
    what: What
    due_on: date
    days_left: int
    reason: str
    by: str
    is_own: bool
    is_cancelled: bool
    tally: Tally


@dataclass(frozen=True, slots=True)
class TeamAssignments:
    lines: tuple[AssignmentLine, ...]
    leads_anybody: bool
    past: bool
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class AskedPerson:
    user_id: int
    name: str
    unit: str
    """Of the main or else the first post among those in units that the supervisor leads."""
    state: State
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class AssignmentPage:
    line: AssignmentLine
    made_at: datetime
    people: tuple[AskedPerson, ...]
    """Those led today, as many as stand on one page; who has not finished first, then by kana."""
    units: tuple[str, ...]
    may_change: bool
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class _Progress:
    """How many of one's people an assignment asks, how many of them the records say have done it, and who else has, as
    it is this moment."""

    people: int = 0
    recorded: int = 0
    since: Mapping[int, datetime] = field(default_factory=dict)

    @property
    def done(self) -> int:
        return self.recorded + len(self.since)


def team_assignments(db: Session, actor: Actor, now: datetime, *, past: bool, page: int) -> TeamAssignments:
    scope = load_scope(db, actor.user_id, office_day(now))
    wanted = _visible(db, actor, scope) & _past_or_not(db, scope, office_day(now), past=past)
    count = db.scalar(select(func.count()).select_from(Assignment).where(wanted)) or 0
    pages = max(1, -(-count // PAGE_SIZE))
    shown = min(max(page, 1), pages)
    order = Assignment.due_on.desc() if past else Assignment.due_on
    found = db.execute(
        heads().where(wanted).order_by(order, Assignment.id).limit(PAGE_SIZE).offset((shown - 1) * PAGE_SIZE)
    ).all()
    progress = _progress(db, found, scope.people, now)
    lines = tuple(_line(head, progress[head.id], actor, office_day(now)) for head in found)
    return TeamAssignments(lines, bool(scope.people), past, shown, pages)


def assignment_page(
    db: Session, actor: Actor, assignment_id: int, now: datetime, *, page: int = 1
) -> AssignmentPage:
    """Raises NotFound for what concerns nobody whom the actor leads, unless the actor made it."""
    today = office_day(now)
    head = db.execute(heads().where(Assignment.id == assignment_id)).first()
    if head is None:
        raise NotFound
    scope = load_scope(db, actor.user_id, today)
    asked = frozenset(
        db.scalars(select(AssignmentPerson.user_id).where(AssignmentPerson.assignment_id == assignment_id))
    )
    in_scope, is_maker = asked & scope.people, head.made_by == actor.user_id
    if not may_see(is_maker=is_maker, in_scope=in_scope):
        raise NotFound
    progress = _progress(db, [head], in_scope, now)[assignment_id]
    pages = max(1, -(-progress.people // PEOPLE_ON_A_PAGE))
    shown = min(max(page, 1), pages)
    return AssignmentPage(
        line=_line(head, progress, actor, today),
        made_at=head.made_at,
        people=_asked_people(db, head, progress, scope, shown, today),
        units=_unit_names(db, assignment_id, scope),
        may_change=head.cancelled_at is None
        and may_change(is_maker=is_maker, in_scope=in_scope, asked=asked),
        page=shown,
        pages=pages,
    )


def _visible(db: Session, actor: Actor, scope: Scope) -> ColumnElement[bool]:
    of_my_people = exists().where(
        AssignmentPerson.assignment_id == Assignment.id, is_one_of(db, AssignmentPerson.user_id, scope.people)
    )
    return or_(Assignment.made_by == actor.user_id, of_my_people)


def _past_or_not(db: Session, scope: Scope, today: date, *, past: bool) -> ColumnElement[bool]:
    """Under way until its date, and beyond while somebody of one's people has not finished."""
    unfinished = exists().where(
        AssignmentPerson.assignment_id == Assignment.id, AssignmentPerson.done_at.is_(None),
        is_one_of(db, AssignmentPerson.user_id, scope.people),
    )  # fmt: skip
    under_way = and_(Assignment.cancelled_at.is_(None), or_(Assignment.due_on >= today, unfinished))
    return ~under_way if past else under_way


def _progress(
    db: Session, asked: Sequence[AnyRow], in_scope: Collection[int], now: datetime
) -> dict[int, _Progress]:
    person = AssignmentPerson
    here = person.assignment_id.in_([head.id for head in asked]), is_one_of(db, person.user_id, in_scope)
    counted = select(
        person.assignment_id, func.count().label("people"), func.count(person.done_at).label("done")
    ).where(*here)
    counts = {row.assignment_id: row for row in db.execute(counted.group_by(person.assignment_id))}
    since: dict[int, dict[int, datetime]] = defaultdict(dict)
    if 0 < sum(row.people - row.done for row in counts.values()) <= LIVE_UP_TO:
        unfinished = select(person.assignment_id, person.user_id).where(*here, person.done_at.is_(None))
        waiting = db.execute(unfinished).all()
        goals = {head.id: goal_of(head) for head in asked if head.cancelled_at is None}
        standing = load_standing(db, goals.values(), {row.user_id for row in waiting}, now)
        for id_, user_id in waiting:
            if id_ in goals and (at := done_at(standing.facts(goals[id_], user_id))) is not None:
                since[id_][user_id] = at
    found = {id_: _Progress(row.people, row.done, since[id_]) for id_, row in counts.items()}
    return {head.id: found.get(head.id, _Progress()) for head in asked}


def _line(head: AnyRow, progress: _Progress, actor: Actor, today: date) -> AssignmentLine:
    return AssignmentLine(
        id=head.id,
        what=what_of(head),
        due_on=head.due_on,
        days_left=(head.due_on - today).days,
        reason=head.reason,
        by=maker_of(head),
        is_own=head.made_by == actor.user_id,
        is_cancelled=head.cancelled_at is not None,
        tally=tally_of(progress.done, progress.people - progress.done, head.due_on, today),
    )


def _asked_people(
    db: Session, head: AnyRow, progress: _Progress, scope: Scope, page: int, today: date
) -> tuple[AskedPerson, ...]:
    person = AssignmentPerson
    is_done = or_(person.done_at.is_not(None), is_one_of(db, person.user_id, progress.since))
    rows = db.execute(
        select(person.user_id, person.done_at, User.family_name, User.given_name)
        .join(User, User.id == person.user_id)
        .where(person.assignment_id == head.id, is_one_of(db, person.user_id, scope.people))
        .order_by(is_done, User.family_kana, User.given_kana, User.id)
        .limit(PEOPLE_ON_A_PAGE)
        .offset((page - 1) * PEOPLE_ON_A_PAGE)
    ).all()
    units = scope.chart.main_units({row.user_id for row in rows})
    found = []
    for row in rows:
        at = row.done_at or progress.since.get(row.user_id)
        unit = scope.chart.unit(units[row.user_id]) if row.user_id in units else None
        name = f"{row.family_name} {row.given_name}"
        state = state_of(at, head.due_on, today)
        found.append(AskedPerson(row.user_id, name, unit.name if unit else "", state, at))
    return tuple(found)


def _unit_names(db: Session, assignment_id: int, scope: Scope) -> tuple[str, ...]:
    """Of the units asked that the supervisor leads."""
    asked = db.scalars(select(AssignmentUnit.unit_id).where(AssignmentUnit.assignment_id == assignment_id))
    units = (scope.chart.unit(unit_id) for unit_id in asked)
    return tuple(unit.name for unit in units if unit is not None and unit.id in scope.units)
