"""What is asked of an officer, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.assignments import AssignmentKind, Facts, State, done_at, state_of
from studyhub.domain.days import office_day
from studyhub.domain.identity import Actor
from studyhub.domain.mastery import Band
from studyhub.persistence.assignments import Goal, Standing, load_standing
from studyhub.persistence.models import Assignment, AssignmentPerson, StudySession, Topic, User
from studyhub.reads.rows import AnyRow

AnySelect = Select[*tuple[Any, ...]]
MOST_ON_HOME = 3
_MOST_DONE = 20


@dataclass(frozen=True, slots=True)
class What:
    """A study session's or a topic's key and title; ``is_offered`` is False for notes that were withdrawn."""

    kind: AssignmentKind
    key: str
    title: str
    title_en: str
    band: Band | None
    is_offered: bool


@dataclass(frozen=True, slots=True)
class AskedOfMe:
    id: int
    what: What
    due_on: date
    days_left: int
    """Negative after the date."""
    state: State
    reason: str
    by: str
    """Empty when the person is no longer on the site."""
    done_at: datetime | None
    facts: Facts | None
    """How far it is; None when it was done before and is not looked at any more."""


@dataclass(frozen=True, slots=True)
class AskedOfMePage:
    open: tuple[AskedOfMe, ...]
    """Overdue ones first, then by date."""
    done: tuple[AskedOfMe, ...]
    """The last ones, newest first."""


def asked_page(db: Session, actor: Actor, now: datetime) -> AskedOfMePage:
    waiting = _lines(db, _waiting(actor.user_id), actor, now)
    finished = _mine(actor.user_id).where(AssignmentPerson.done_at.is_not(None))
    before = db.execute(finished.order_by(AssignmentPerson.done_at.desc()).limit(_MOST_DONE)).all()
    done = [line for line in waiting if line.state is State.DONE]
    done += [_line(row, row.done_at, None, office_day(now)) for row in before]
    return AskedOfMePage(tuple(_not_done(waiting)), tuple(done))


def asked_on_home(db: Session, actor: Actor, now: datetime) -> tuple[AskedOfMe, ...]:
    """Everything that is not done, for the page to show the first MOST_ON_HOME of; one statement when there is nothing."""
    return tuple(_not_done(_lines(db, _waiting(actor.user_id), actor, now)))


def heads() -> AnySelect:
    """Assignments without their people: what is asked, by whom and until when."""
    return (
        select(
            Assignment.id, Assignment.kind, Assignment.band, Assignment.study_session_id, Assignment.topic_id,
            Assignment.due_on, Assignment.reason, Assignment.made_by, Assignment.made_at, Assignment.cancelled_at,
            func.coalesce(Topic.key, StudySession.key).label("key"),
            func.coalesce(Topic.name, StudySession.title).label("title"),
            func.coalesce(Topic.name_en, StudySession.title_en).label("title_en"),
            StudySession.status, User.family_name, User.given_name,
        )
        .select_from(Assignment)
        .outerjoin(StudySession, StudySession.id == Assignment.study_session_id)
        .outerjoin(Topic, Topic.id == Assignment.topic_id)
        .outerjoin(User, User.id == Assignment.made_by)
    )  # fmt: skip


def goal_of(row: AnyRow) -> Goal:
    return Goal(
        AssignmentKind(row.kind), row.study_session_id, row.topic_id, Band(row.band) if row.band else None
    )


def what_of(row: AnyRow) -> What:
    return What(
        AssignmentKind(row.kind),
        row.key,
        row.title,
        row.title_en or row.title,
        Band(row.band) if row.band else None,
        row.status in (None, "published"),
    )


def maker_of(row: AnyRow) -> str:
    return f"{row.family_name} {row.given_name}" if row.family_name is not None else ""


def _mine(user_id: int) -> AnySelect:
    person = AssignmentPerson
    joined = heads().add_columns(person.done_at).join(person, person.assignment_id == Assignment.id)
    return joined.where(person.user_id == user_id, Assignment.cancelled_at.is_(None))


def _waiting(user_id: int) -> AnySelect:
    offered = or_(Assignment.study_session_id.is_(None), StudySession.status == "published")
    waiting = _mine(user_id).where(AssignmentPerson.done_at.is_(None), offered)
    return waiting.order_by(Assignment.due_on, Assignment.id)


def _lines(db: Session, query: AnySelect, actor: Actor, now: datetime) -> list[AskedOfMe]:
    rows: Sequence[AnyRow] = db.execute(query).all()
    standing: Standing = load_standing(
        db, [goal_of(row) for row in rows], [actor.user_id] if rows else [], now
    )
    lines = []
    for row in rows:
        facts = standing.facts(goal_of(row), actor.user_id)
        lines.append(_line(row, done_at(facts), facts, office_day(now)))
    return lines


def _line(row: AnyRow, done: datetime | None, facts: Facts | None, today: date) -> AskedOfMe:
    return AskedOfMe(
        id=row.id,
        what=what_of(row),
        due_on=row.due_on,
        days_left=(row.due_on - today).days,
        state=state_of(done, row.due_on, today),
        reason=row.reason,
        by=maker_of(row),
        done_at=done,
        facts=facts,
    )


def _not_done(lines: Sequence[AskedOfMe]) -> list[AskedOfMe]:
    """In the order of their dates, so that what is overdue comes first."""
    return [line for line in lines if line.state is not State.DONE]
