"""What a supervisor chooses from when asking for something, and what it comes to before it is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.assignments import done_at
from studyhub.domain.days import office_day
from studyhub.domain.identity import Actor
from studyhub.domain.organisation import Chart, Unit
from studyhub.persistence.assignments import Goal, Scope, load_scope, load_standing
from studyhub.persistence.id_sets import is_one_of
from studyhub.persistence.models import StudySession, StudySessionRevision, Syllabus, Topic, User

MOST_LISTED = 60
"""People up to which everybody is listed; beyond it a unit is opened to see its people."""
LONGEST_LIST = 300
"""People of one unit, or directly below whoever asks, that are listed at most."""
MOST_NAMED = 60
"""Names that stand below how many are asked, before it is sent."""
_BY_KANA = (User.family_kana, User.given_kana, User.id)


@dataclass(frozen=True, slots=True)
class SessionChoice:
    key: str
    title: str
    title_en: str
    held_on: date | None
    checks: int


@dataclass(frozen=True, slots=True)
class TopicChoice:
    key: str
    name: str
    name_en: str
    depth: int


@dataclass(frozen=True, slots=True)
class SyllabusChoice:
    title: str
    title_en: str
    topics: tuple[TopicChoice, ...]


@dataclass(frozen=True, slots=True)
class UnitChoice:
    id: int
    name: str
    depth: int
    """Below the highest unit one leads."""
    people: int
    is_shown: bool
    """Whether its people are listed."""


@dataclass(frozen=True, slots=True)
class PersonChoice:
    user_id: int
    name: str
    unit: str
    """Of the main or else the first post among those in units that the supervisor leads."""


@dataclass(frozen=True, slots=True)
class AssignmentForm:
    sessions: tuple[SessionChoice, ...]
    syllabi: tuple[SyllabusChoice, ...]
    units: tuple[UnitChoice, ...]
    people: tuple[PersonChoice, ...]
    """In the order of their kana."""
    unlisted: int
    """More people of those to be listed than the list holds."""
    led: int
    today: date


@dataclass(frozen=True, slots=True)
class Confirmation:
    title: str
    title_en: str
    asked: int
    people: tuple[PersonChoice, ...]
    """The first of those asked, in the order of their kana."""
    units: tuple[str, ...]
    done_already: int


def assignment_form(
    db: Session, actor: Actor, shown_unit: int | None, chosen: Collection[int], now: datetime
) -> AssignmentForm:
    """``shown_unit`` has its people listed; those ``chosen`` before are listed in any case."""
    today = office_day(now)
    scope = load_scope(db, actor.user_id, today)
    wanted = _wanted(scope, actor.user_id, shown_unit)
    listed = _first(db, wanted, LONGEST_LIST) | (scope.people & set(chosen))
    return AssignmentForm(
        sessions=_sessions(db),
        syllabi=_syllabi(db),
        units=tuple(_units(scope, shown_unit)),
        people=_people(db, scope, listed),
        unlisted=len(wanted - listed),
        led=len(scope.people),
        today=today,
    )


def confirmation(
    db: Session,
    actor: Actor,
    goal: Goal,
    asked: Mapping[int, int | None],
    units: Collection[int],
    now: datetime,
) -> Confirmation:
    """``goal`` and ``asked`` as services.assignments has checked them."""
    scope = load_scope(db, actor.user_id, office_day(now))
    standing = load_standing(db, [goal], asked.keys(), now)
    title, title_en = _title(db, goal)
    names = (scope.chart.unit(unit_id) for unit_id in units)
    return Confirmation(
        title=title,
        title_en=title_en or title,
        asked=len(asked),
        people=_people(db, scope, _first(db, asked.keys(), MOST_NAMED)),
        units=tuple(unit.name for unit in names if unit is not None),
        done_already=sum(done_at(standing.facts(goal, user_id)) is not None for user_id in asked),
    )


def _title(db: Session, goal: Goal) -> tuple[str, str]:
    if goal.topic_id is not None:
        named = select(Topic.name, Topic.name_en).where(Topic.id == goal.topic_id)
    else:
        named = select(StudySession.title, StudySession.title_en).where(
            StudySession.id == goal.study_session_id
        )
    row = db.execute(named).one()
    return row[0], row[1]


def _wanted(scope: Scope, user_id: int, shown_unit: int | None) -> frozenset[int]:
    if shown_unit is not None and shown_unit in scope.units:
        return scope.people & scope.chart.members_below(shown_unit)
    if len(scope.people) <= MOST_LISTED:
        return scope.people
    return scope.people & scope.chart.subordinates(user_id).direct


def _sessions(db: Session) -> tuple[SessionChoice, ...]:
    """The newest first, as one asks for what was just held."""
    row = StudySession
    rows = db.execute(
        select(row.key, row.title, row.title_en, row.held_on, StudySessionRevision.checks)
        .join(StudySessionRevision, StudySessionRevision.id == row.current_revision_id)
        .where(row.status == "published")
        .order_by(row.held_on.desc().nulls_last(), row.title)
    )
    return tuple(SessionChoice(r.key, r.title, r.title_en or r.title, r.held_on, len(r.checks)) for r in rows)


def _syllabi(db: Session) -> tuple[SyllabusChoice, ...]:
    rows = db.execute(
        select(
            Syllabus.id, Syllabus.title, Syllabus.title_en, Topic.key, Topic.name, Topic.name_en, Topic.depth
        )
        .join(Topic, Topic.syllabus_id == Syllabus.id)
        .where(Syllabus.status != "retired", Topic.retired.is_(False))
        .order_by(Syllabus.position, Syllabus.id, Topic.position, Topic.id)
    ).all()
    found: dict[str, list[TopicChoice]] = {}
    titles = {row.id: (row.title, row.title_en or row.title) for row in rows}
    for row in rows:
        topic = TopicChoice(row.key, row.name, row.name_en or row.name, row.depth)
        found.setdefault(row.id, []).append(topic)
    return tuple(SyllabusChoice(*titles[id_], tuple(topics)) for id_, topics in found.items())


def _units(scope: Scope, shown_unit: int | None) -> list[UnitChoice]:
    units = [unit for unit in (scope.chart.unit(unit_id) for unit_id in scope.units) if unit is not None]
    paths = {unit.id: scope.chart.path(unit.id) for unit in units}
    highest = min((len(path) for path in paths.values()), default=0)
    in_order = sorted(units, key=lambda unit: [_place(step) for step in paths[unit.id]])
    counts = _counts(scope, paths)
    return [
        UnitChoice(unit.id, unit.name, len(paths[unit.id]) - highest, counts[unit.id], unit.id == shown_unit)
        for unit in in_order
    ]


def _counts(scope: Scope, paths: Mapping[int, tuple[Unit, ...]]) -> Counter[int]:
    """By unit: people led who are in it or under it, each once."""
    return Counter({unit_id: len(scope.people & scope.chart.members_below(unit_id)) for unit_id in paths})


def _place(unit: Unit) -> tuple[str, int]:
    return unit.code, unit.id


def _first(db: Session, ids: Collection[int], most: int) -> frozenset[int]:
    by_kana = select(User.id).where(is_one_of(db, User.id, ids)).order_by(*_BY_KANA)
    return frozenset(db.scalars(by_kana.limit(most)))


def _people(db: Session, scope: Scope, ids: Collection[int]) -> tuple[PersonChoice, ...]:
    columns = select(User.id, User.family_name, User.given_name).where(is_one_of(db, User.id, ids))
    rows = db.execute(columns.order_by(*_BY_KANA)).all()
    units = _unit_names(scope.chart, {row.id for row in rows})
    return tuple(
        PersonChoice(row.id, f"{row.family_name} {row.given_name}", units.get(row.id, "")) for row in rows
    )


def _unit_names(chart: Chart, user_ids: Collection[int]) -> dict[int, str]:
    found = {}
    for user_id, unit_id in chart.main_units(user_ids).items():
        unit = chart.unit(unit_id)
        found[user_id] = unit.name if unit else ""
    return found
