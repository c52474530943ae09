"""What a supervisor has asked of people, and what others asked of those the supervisor leads.

Every count is over people led today: of somebody who has moved elsewhere nothing can be worked out from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.assignments import State, Tally, done_at, may_change, may_see, state_of, tally
from studyhub.domain.days import office_day
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.persistence.assignments import Scope, load_scope, load_standing
from studyhub.persistence.id_sets import is_one_of
from studyhub.persistence.models import Assignment, AssignmentPerson, AssignmentUnit, User
from studyhub.reads.assignments import What, goal_of, heads, maker_of, what_of
from studyhub.reads.rows import AnyRow

PAGE_SIZE = 20
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
    """Those led today; who has not finished first, then by kana."""
    units: tuple[str, ...]
    may_change: bool


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
    people = _people(db, [head.id for head in found], scope.people)
    done = _done(db, found, people, now)
    lines = tuple(_line(head, people.get(head.id, ()), done, actor, office_day(now)) for head in found)
    return TeamAssignments(lines, bool(scope.people), past, shown, pages)


def assignment_page(db: Session, actor: Actor, assignment_id: int, now: datetime) -> AssignmentPage:
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
    people = _people(db, [assignment_id], in_scope)
    done = _done(db, [head], people, now)
    return AssignmentPage(
        line=_line(head, people.get(assignment_id, ()), done, actor, today),
        made_at=head.made_at,
        people=_asked_people(people.get(assignment_id, ()), done, scope, head.due_on, today),
        units=_unit_names(db, assignment_id, scope),
        may_change=head.cancelled_at is None
        and may_change(is_maker=is_maker, in_scope=in_scope, asked=asked),
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


def _people(db: Session, ids: Collection[int], in_scope: Collection[int]) -> dict[int, list[AnyRow]]:
    person = AssignmentPerson
    rows = db.execute(
        select(
            person.assignment_id, person.user_id, person.done_at, User.family_name,
            User.given_name,
        )
        .join(User, User.id == person.user_id)
        .where(person.assignment_id.in_(ids), is_one_of(db, person.user_id, in_scope))
        .order_by(User.family_kana, User.given_kana, User.id)
    )  # fmt: skip
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in rows:
        found[row.assignment_id].append(row)
    return found


def _done(
    db: Session, asked: Sequence[AnyRow], people: Mapping[int, Sequence[AnyRow]], now: datetime
) -> dict[tuple[int, int], datetime | None]:
    """By assignment and person: when it was done, as it is this moment."""
    found = {(row.assignment_id, row.user_id): row.done_at for rows in people.values() for row in rows}
    waiting = [pair for pair, at in found.items() if at is None]
    if 0 < len(waiting) <= LIVE_UP_TO:
        goals = {head.id: goal_of(head) for head in asked if head.cancelled_at is None}
        standing = load_standing(db, goals.values(), {user_id for _, user_id in waiting}, now)
        for id_, user_id in waiting:
            if id_ in goals:
                found[id_, user_id] = done_at(standing.facts(goals[id_], user_id))
    return found


def _line(
    head: AnyRow,
    people: Sequence[AnyRow],
    done: Mapping[tuple[int, int], datetime | None],
    actor: Actor,
    today: date,
) -> AssignmentLine:
    return AssignmentLine(
        id=head.id,
        what=what_of(head),
        due_on=head.due_on,
        days_left=(head.due_on - today).days,
        reason=head.reason,
        by=maker_of(head),
        is_own=head.made_by == actor.user_id,
        is_cancelled=head.cancelled_at is not None,
        tally=tally(state_of(done[head.id, row.user_id], head.due_on, today) for row in people),
    )


def _asked_people(
    people: Sequence[AnyRow],
    done: Mapping[tuple[int, int], datetime | None],
    scope: Scope,
    due_on: date,
    today: date,
) -> tuple[AskedPerson, ...]:
    units = scope.chart.main_units({row.user_id for row in people})
    found = []
    for row in people:
        at = done[row.assignment_id, row.user_id]
        unit = scope.chart.unit(units[row.user_id]) if row.user_id in units else None
        name = f"{row.family_name} {row.given_name}"
        state = state_of(at, due_on, today)
        found.append(AskedPerson(row.user_id, name, unit.name if unit else "", state, at))
    return tuple(sorted(found, key=lambda person: person.state is State.DONE))


def _unit_names(db: Session, assignment_id: int, scope: Scope) -> tuple[str, ...]:
    """Of the units asked that the supervisor leads."""
    asked = db.scalars(select(AssignmentUnit.unit_id).where(AssignmentUnit.assignment_id == assignment_id))
    units = (scope.chart.unit(unit_id) for unit_id in asked)
    return tuple(unit.name for unit in units if unit is not None and unit.id in scope.units)
