"""Asking people for something by a date, changing and taking it back, and noting by itself when it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from studyhub.domain.assignments import (
    WANTED_BANDS,
    AssignmentKind,
    check_due,
    checked_reason,
    done_at,
    may_change,
    may_see,
    people_of_unit,
)
from studyhub.domain.days import office_day
from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.mastery import Band
from studyhub.domain.notices import NoticeKind
from studyhub.domain.organisation import Chart
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.assignments import (
    Goal,
    check_questions,
    load_scope,
    load_standing,
    people_asked,
)
from studyhub.persistence.id_sets import is_one_of
from studyhub.persistence.models import (
    Assignment,
    AssignmentPerson,
    AssignmentUnit,
    StudySession,
    Topic,
    User,
)
from studyhub.persistence.upsert import insert_for
from studyhub.services import audit
from studyhub.services.notices import tell

PATH = "/assignments"
_SENT_AGAIN = timedelta(minutes=10)
"""The same request from the same person within this time is one form sent twice."""


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """``target`` is the key of a study session or of a topic, as the kind says; ``band`` is for topics."""

    kind: AssignmentKind
    target: str
    band: Band | None
    people: frozenset[int]
    units: frozenset[int]
    due_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a request comes to: its goal, and by person the unit through which they are asked."""

    goal: Goal
    reason: str
    asked: dict[int, int | None]


def check_assignment(db: Session, actor: Actor, command: NewAssignment, now: datetime) -> Checked:
    """Raises Invalid beside the field, and NotFound for a person or unit that the actor does not lead on the day."""
    require(actor, Permission.SEE_TEAM)
    today = office_day(now)
    goal = find_goal(db, command.kind, command.target, command.band)
    asked = people_asked(load_scope(db, actor.user_id, today), actor.user_id, command.people, command.units)
    if not asked and not command.units:
        raise Invalid("だれに頼むかを選んでください。", field="people")
    check_due(command.due_on, today)
    return Checked(goal, checked_reason(command.reason), asked)


def make_assignment(db: Session, actor: Actor, command: NewAssignment, now: datetime) -> int:
    """The assignment's id; those asked who have not done it already are told. Raises as ``check_assignment`` does."""
    checked = check_assignment(db, actor, command, now)
    goal, asked = checked.goal, checked.asked
    row = Assignment(
        kind=goal.kind.value,
        study_session_id=goal.study_session_id,
        topic_id=goal.topic_id,
        band=goal.band.value if goal.band else None,
        due_on=command.due_on,
        reason=checked.reason,
        made_by=actor.user_id,
        made_at=now,
    )
    if (before := _sent_before(db, row, command)) is not None:
        return before
    db.add(row)
    db.flush()
    db.add_all(AssignmentUnit(assignment_id=row.id, unit_id=unit_id) for unit_id in command.units)
    _ask(db, row, asked, now)
    audit.record(
        db, actor.user_id, "assignment.make", "assignment", row.id, now,
        kind=row.kind, target=command.target, people=len(asked), due=str(row.due_on),
    )  # fmt: skip
    return row.id


def change_date(db: Session, actor: Actor, assignment_id: int, due_on: date, now: datetime) -> None:
    """Those who have not finished are told. Raises NotFound, Forbidden, Conflict when it was cancelled."""
    row = _changeable(db, actor, assignment_id, now)
    check_due(due_on, office_day(now))
    if due_on == row.due_on:
        return
    before, row.due_on = row.due_on, due_on
    _tell_the_unfinished(db, row, now, changed=str(before))
    detail = {"from": str(before), "to": str(due_on)}
    audit.record(db, actor.user_id, "assignment.change", "assignment", row.id, now, **detail)
    db.flush()


def cancel(db: Session, actor: Actor, assignment_id: int, now: datetime) -> None:
    """Those who have not finished are told. Raises NotFound, Forbidden, Conflict when it was cancelled."""
    row = _changeable(db, actor, assignment_id, now)
    row.cancelled_at = now
    _tell_the_unfinished(db, row, now, cancelled=True)
    audit.record(db, actor.user_id, "assignment.cancel", "assignment", row.id, now)
    db.flush()


def find_goal(db: Session, kind: AssignmentKind, target: str, band: Band | None) -> Goal:
    """Raises Invalid beside the field: only what is published can be asked for, a check quiz only where there is one."""
    if kind is AssignmentKind.TOPIC:
        topic = db.scalar(select(Topic.id).where(Topic.key == target, Topic.retired.is_(False)))
        if topic is None:
            raise Invalid("分野を一覧から選んでください。", field="topic")
        if band not in WANTED_BANDS:
            raise Invalid("どの段階までかを選んでください。", field="band")
        return Goal(kind, topic_id=topic, band=band)
    published = StudySession.key == target, StudySession.status == "published"
    session = db.scalar(select(StudySession.id).where(*published))
    if session is None:
        raise Invalid("勉強会を一覧から選んでください。", field="study_session")
    if kind is AssignmentKind.CHECK and not check_questions(db, session):
        raise Invalid("この勉強会には、確認問題がありません。", field="study_session")
    return Goal(kind, study_session_id=session)


def goal_of(row: Assignment) -> Goal:
    return Goal(
        AssignmentKind(row.kind), row.study_session_id, row.topic_id, Band(row.band) if row.band else None
    )


def unfinished_assignments(db: Session) -> list[int]:
    """Those that still ask somebody, and those of units, which somebody may join."""
    waits = exists().where(
        AssignmentPerson.assignment_id == Assignment.id, AssignmentPerson.done_at.is_(None)
    )
    of_units = exists().where(AssignmentUnit.assignment_id == Assignment.id)
    wanted = select(Assignment.id).where(Assignment.cancelled_at.is_(None), waits | of_units)
    return list(db.scalars(wanted.order_by(Assignment.id)))


def follow(db: Session, assignment_id: int, chart: Chart, now: datetime) -> None:
    """Brings an assignment in step with the day: first what was done is noted, then who joined its units gets it and
    who left before finishing is taken off."""
    row = db.get(Assignment, assignment_id, with_for_update=True)
    if row is None or row.cancelled_at is not None:
        return
    settle(db, row, now)
    units = set(
        db.scalars(select(AssignmentUnit.unit_id).where(AssignmentUnit.assignment_id == assignment_id))
    )
    if units:
        _take_off(db, row, chart)
    if units and office_day(now) <= row.due_on:
        joined = {user: unit for unit in units for user in people_of_unit(chart, unit, row.made_by)}
        _ask(db, row, _active(db, joined), now)


def settle(db: Session, row: Assignment, now: datetime) -> int:
    """Notes for whom it is done; how many. What is noted stays, whatever is forgotten later."""
    waiting = select(AssignmentPerson.user_id).where(
        AssignmentPerson.assignment_id == row.id, AssignmentPerson.done_at.is_(None)
    )
    people, goal = set(db.scalars(waiting)), goal_of(row)
    standing = load_standing(db, [goal], people, now)
    found = {user_id: done_at(standing.facts(goal, user_id)) for user_id in people}
    done = [
        {"assignment_id": row.id, "user_id": user_id, "done_at": at}
        for user_id, at in found.items()
        if at is not None
    ]
    if done:
        db.execute(update(AssignmentPerson), done)
    return len(done)


def settle_topics_of(db: Session, user_id: int, now: datetime) -> None:
    """After a person has practised: a band that is reached counts, though it may fade before the morning."""
    rows = db.scalars(
        select(Assignment)
        .join(AssignmentPerson, AssignmentPerson.assignment_id == Assignment.id)
        .where(
            AssignmentPerson.user_id == user_id,
            AssignmentPerson.done_at.is_(None),
            Assignment.kind == AssignmentKind.TOPIC,
            Assignment.cancelled_at.is_(None),
        )
    ).all()
    goals = {row.id: goal_of(row) for row in rows}
    standing = load_standing(db, goals.values(), [user_id] if rows else [], now)
    reached = [id_ for id_, goal in goals.items() if done_at(standing.facts(goal, user_id)) is not None]
    if reached:
        db.execute(
            update(AssignmentPerson)
            .where(AssignmentPerson.user_id == user_id, AssignmentPerson.assignment_id.in_(reached))
            .values(done_at=now)
            .execution_options(synchronize_session=False)
        )


def _ask(db: Session, row: Assignment, asked: dict[int, int | None], now: datetime) -> None:
    """Adds people who are not asked yet, notes who has done it already, and tells the others."""
    known = set(db.scalars(select(AssignmentPerson.user_id).where(AssignmentPerson.assignment_id == row.id)))
    new = sorted(asked.keys() - known)
    if not new:
        return
    rows = [{"assignment_id": row.id, "user_id": user_id, "unit_id": asked[user_id]} for user_id in new]
    db.execute(insert_for(db, AssignmentPerson).on_conflict_do_nothing(), rows)
    settle(db, row, now)
    _tell_the_unfinished(db, row, now, people=set(new), unique_key=f"assignment:{row.id}")


def _tell_the_unfinished(
    db: Session,
    row: Assignment,
    now: datetime,
    *,
    people: set[int] | None = None,
    unique_key: str | None = None,
    **more: object,
) -> None:
    waiting = select(AssignmentPerson.user_id).where(
        AssignmentPerson.assignment_id == row.id, AssignmentPerson.done_at.is_(None)
    )
    told = set(db.scalars(waiting))
    params = {**notice_params(db, row), **more}
    here = told if people is None else told & people
    tell(db, here, NoticeKind.ASSIGNMENT, params, PATH, now, unique_key=unique_key)


def notice_params(db: Session, row: Assignment) -> dict[str, object]:
    """What the sentence of a notice names; titles in both languages, since the reader's is not known here."""
    asker = db.get(User, row.made_by) if row.made_by else None
    return {
        "what": named_goal(db, row),
        "due": str(row.due_on),
        "by": asker.display_name if asker else "",
        "reason": row.reason,
    }


def named_goal(db: Session, row: Assignment) -> dict[str, str]:
    if row.topic_id is not None:
        columns, key = select(Topic.name, Topic.name_en).where(Topic.id == row.topic_id), row.band or ""
    else:
        titles = select(StudySession.title, StudySession.title_en)
        columns, key = titles.where(StudySession.id == row.study_session_id), ""
    title, title_en = db.execute(columns).one()
    return {"kind": row.kind, "title": title, "title_en": title_en, "band": key}


def _sent_before(db: Session, row: Assignment, command: NewAssignment) -> int | None:
    """A request of the same asker for the same, of the same people and units as they were chosen. Whoever asks has
    their turn, so that a form that is sent twice at once finds what it made."""
    db.execute(select(User.id).where(User.id == row.made_by).with_for_update(key_share=True))
    alike = select(Assignment.id).where(
        Assignment.made_by == row.made_by, Assignment.made_at > row.made_at - _SENT_AGAIN,
        Assignment.cancelled_at.is_(None), Assignment.kind == row.kind, Assignment.due_on == row.due_on,
        Assignment.reason == row.reason, Assignment.band.is_not_distinct_from(row.band),
        Assignment.topic_id.is_not_distinct_from(row.topic_id),
        Assignment.study_session_id.is_not_distinct_from(row.study_session_id),
    )  # fmt: skip
    for id_ in db.scalars(alike):
        units = select(AssignmentUnit.unit_id).where(AssignmentUnit.assignment_id == id_)
        by_name = select(AssignmentPerson.user_id).where(
            AssignmentPerson.assignment_id == id_, AssignmentPerson.unit_id.is_(None)
        )
        if set(db.scalars(units)) == command.units and set(db.scalars(by_name)) == command.people:
            return id_
    return None


def _changeable(db: Session, actor: Actor, assignment_id: int, now: datetime) -> Assignment:
    require(actor, Permission.SEE_TEAM)
    row = db.get(Assignment, assignment_id, with_for_update=True)
    if row is None:
        raise NotFound
    people = select(AssignmentPerson.user_id).where(AssignmentPerson.assignment_id == assignment_id)
    asked = frozenset(db.scalars(people))
    in_scope = asked & load_scope(db, actor.user_id, office_day(now)).people
    is_maker = row.made_by == actor.user_id
    if not may_see(is_maker=is_maker, in_scope=in_scope):
        raise NotFound
    if not may_change(is_maker=is_maker, in_scope=in_scope, asked=asked):
        raise Forbidden("この依頼を変えられるのは、頼んだ人と、頼まれた人全員の上司だけです。")
    if row.cancelled_at is not None:
        raise Conflict("この依頼は、すでに取り消されています。")
    return row


def _take_off(db: Session, row: Assignment, chart: Chart) -> None:
    """Who was asked through a unit and is in it no more; what they have finished stays with them."""
    waiting = db.execute(
        select(AssignmentPerson.user_id, AssignmentPerson.unit_id).where(
            AssignmentPerson.assignment_id == row.id,
            AssignmentPerson.unit_id.is_not(None),
            AssignmentPerson.done_at.is_(None),
        )
    ).all()
    inside = {unit_id: chart.members_below(unit_id) for _, unit_id in waiting if unit_id is not None}
    gone = [user_id for user_id, unit_id in waiting if unit_id is not None and user_id not in inside[unit_id]]
    if gone:
        here = AssignmentPerson.assignment_id == row.id
        db.execute(
            delete(AssignmentPerson)
            .where(here, is_one_of(db, AssignmentPerson.user_id, gone))
            .execution_options(synchronize_session=False)
        )


def _active(db: Session, people: dict[int, int]) -> dict[int, int | None]:
    known = set(db.scalars(select(User.id).where(User.active, is_one_of(db, User.id, people))))
    return {user_id: unit_id for user_id, unit_id in people.items() if user_id in known}
