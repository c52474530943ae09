"""The lecturer's home: every study session with its state, what is held next, and what waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from studyhub.domain.days import office_day
from studyhub.domain.editing import SessionState, session_state
from studyhub.domain.identity import Actor
from studyhub.domain.inquiries import InquiryState
from studyhub.domain.questions import QuestionStatus
from studyhub.domain.surveys import SurveyState
from studyhub.persistence.models import (
    Course,
    Draft,
    Inquiry,
    Question,
    QuestionReport,
    StudySession,
    StudySessionRevision,
    Survey,
    User,
)
from studyhub.reads.rows import AnyRow
from studyhub.reads.study_sessions import Named, lecturers_of

ROWS_A_PAGE = 50
_MOST_HELD_NEXT = 3


@dataclass(frozen=True, slots=True)
class StudioFilter:
    """As in the address; empty for all. ``whose`` is mine or empty; the bin is shown only where it is asked for."""

    course: str = ""
    state: str = ""
    text: str = ""
    whose: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class StudioRow:
    """``revised_by`` is empty for what came from files; ``has_draft`` tells of the actor's own unsaved writing."""

    key: str
    title: str
    title_en: str
    kind: str
    state: SessionState
    held_on: date | None
    starts_at: datetime | None
    place: str
    minutes: int
    publish_at: datetime | None
    deleted_at: datetime | None
    course: Named
    lecturers: tuple[str, ...]
    revision: int
    revised_at: datetime
    revised_by: str
    has_draft: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of each there are."""

    reports: int
    inquiries: int
    reviews: int
    surveys: int


@dataclass(frozen=True, slots=True)
class StudioHome:
    rows: tuple[StudioRow, ...]
    held_next: tuple[StudioRow, ...]
    counts: dict[str, int]
    """By state, of all sessions."""
    waiting: Waiting
    courses: tuple[Named, ...]
    filter: StudioFilter
    found: int

    @property
    def pages(self) -> int:
        return -(-self.found // ROWS_A_PAGE)


def studio_home(db: Session, actor: Actor, wanted: StudioFilter, now: datetime) -> StudioHome:
    today = office_day(now)
    conditions = list(_conditions(actor, wanted))
    found = db.scalar(
        select(func.count())
        .select_from(StudySession)
        .join(Course, Course.id == StudySession.course_id)
        .where(*conditions)
    )
    upcoming = and_(
        StudySession.held_on >= today, _state_is(SessionState.DELETED, SessionState.RETIRED, no=True)
    )
    in_order = (StudySession.held_on, StudySession.starts_at.nulls_last())
    held_next = _rows(db, actor, [upcoming], _MOST_HELD_NEXT, *in_order)
    offset = (max(1, wanted.page) - 1) * ROWS_A_PAGE
    rows = _rows(db, actor, conditions, ROWS_A_PAGE, StudySession.held_on.desc().nulls_first(), offset=offset)
    return StudioHome(
        rows=rows,
        held_next=held_next,
        counts=_counts(db),
        waiting=_waiting(db),
        courses=tuple(
            Named(*row)
            for row in db.execute(
                select(Course.key, Course.title, Course.title_en)
                .where(~Course.retired)
                .order_by(Course.position, Course.key)
            )
        ),
        filter=wanted,
        found=found or 0,
    )


_STATE = case(
    (StudySession.deleted_at.is_not(None), SessionState.DELETED.value),
    (
        and_(StudySession.status == "draft", StudySession.publish_at.is_not(None)),
        SessionState.SCHEDULED.value,
    ),
    else_=StudySession.status,
)
"""As ``domain.editing.session_state`` has it."""


def _state_is(*states: SessionState, no: bool = False) -> ColumnElement[bool]:
    inside = _STATE.in_([state.value for state in states])
    return ~inside if no else inside


def _conditions(actor: Actor, wanted: StudioFilter) -> Iterable[ColumnElement[bool]]:
    # What was erased at the end of the bin has no revision left.
    yield StudySession.current_revision_id.is_not(None)
    if wanted.state in set(SessionState):
        yield _state_is(SessionState(wanted.state))
    else:
        yield _state_is(SessionState.DELETED, no=True)
    if wanted.course:
        yield Course.key == wanted.course
    if wanted.whose == "mine":
        yield or_(StudySession.author_id == actor.user_id, _revised_by(actor))
    for word in wanted.text.split():
        yield or_(
            *(
                column.icontains(word, autoescape=True)
                for column in (
                    StudySession.title,
                    StudySession.title_en,
                    StudySession.summary,
                    StudySession.key,
                )
            )
        )


def _revised_by(actor: Actor) -> ColumnElement[bool]:
    revision = aliased(StudySessionRevision)
    return exists().where(revision.study_session_id == StudySession.id, revision.created_by == actor.user_id)


def _rows(
    db: Session,
    actor: Actor,
    conditions: Sequence[ColumnElement[bool]],
    limit: int,
    *order: Any,
    offset: int = 0,
) -> tuple[StudioRow, ...]:
    reviser = aliased(User)
    draft = select(Draft.id).where(
        Draft.user_id == actor.user_id, Draft.kind == "study_session", Draft.subject == StudySession.key
    )
    found = db.execute(
        select(
            StudySession.id, StudySession.key, StudySession.title, StudySession.title_en, StudySession.kind,
            StudySession.status, StudySession.publish_at, StudySession.deleted_at, StudySession.held_on,
            StudySession.starts_at, StudySession.place, StudySession.minutes, Course.key.label("course"),
            Course.title.label("course_title"), Course.title_en.label("course_title_en"),
            StudySessionRevision.number, StudySessionRevision.created_at, reviser.family_name, reviser.given_name,
            draft.exists().label("has_draft"),
        )
        .join(Course, Course.id == StudySession.course_id)
        .join(StudySessionRevision, StudySessionRevision.id == StudySession.current_revision_id)
        .outerjoin(reviser, reviser.id == StudySessionRevision.created_by)
        .where(*conditions)
        .order_by(*order, StudySession.id)
        .limit(limit)
        .offset(offset)
    ).all()  # fmt: skip
    lecturers = lecturers_of(db, [row.id for row in found])
    return tuple(_row(row, lecturers[row.id]) for row in found)


def _row(row: AnyRow, lecturers: tuple[str, ...]) -> StudioRow:
    return StudioRow(
        key=row.key,
        title=row.title,
        title_en=row.title_en,
        kind=row.kind,
        state=session_state(row.status, row.publish_at, row.deleted_at),
        held_on=row.held_on,
        starts_at=row.starts_at,
        place=row.place,
        minutes=row.minutes,
        publish_at=row.publish_at,
        deleted_at=row.deleted_at,
        course=Named(row.course, row.course_title, row.course_title_en),
        lecturers=lecturers,
        revision=row.number,
        revised_at=row.created_at,
        revised_by=" ".join(part for part in (row.family_name, row.given_name) if part),
        has_draft=row.has_draft,
    )


def _counts(db: Session) -> dict[str, int]:
    rows = db.execute(
        select(_STATE.label("state"), func.count())
        .where(StudySession.current_revision_id.is_not(None))
        .group_by(_STATE)
    )
    return dict.fromkeys((state.value for state in SessionState), 0) | {row.state: row[1] for row in rows}


def _waiting(db: Session) -> Waiting:
    def count(model: type, condition: ColumnElement[bool]) -> int:
        return db.scalar(select(func.count()).select_from(model).where(condition)) or 0

    return Waiting(
        reports=count(QuestionReport, QuestionReport.state == "open"),
        inquiries=count(Inquiry, Inquiry.state == InquiryState.OPEN.value),
        reviews=count(Question, Question.status == QuestionStatus.REVIEW.value),
        surveys=count(Survey, Survey.state == SurveyState.OPEN.value),
    )
