"""Surveys as lecturers make them, as officers answer them, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, permits
from studyhub.domain.surveys import (
    LATER_AFTER,
    Item,
    ItemResult,
    SurveyMoment,
    SurveyState,
    closes_at,
    results,
    state_at,
)
from studyhub.persistence.models import (
    Attendance,
    ReadingMark,
    Registration,
    StudySession,
    Survey,
    SurveyParticipation,
)
from studyhub.persistence.surveys import load_items, load_sheets
from studyhub.reads.session_heads import SessionHead, head_of, session_head


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """``closes_at`` is when it closes or closed; None for a draft."""

    id: str
    moment: SurveyMoment
    title: str
    state: SurveyState
    opens_on: datetime | None
    opened_at: datetime | None
    closes_at: datetime | None
    participants: int


@dataclass(frozen=True, slots=True)
class SurveysPage:
    head: SessionHead
    lines: dict[SurveyMoment, SurveyLine | None]
    suggested_on: date
    """A day for the second survey to open."""


@dataclass(frozen=True, slots=True)
class SurveyPage:
    """A survey with its questions, by their keys."""

    head: SessionHead
    line: SurveyLine
    items: dict[int, Item]


@dataclass(frozen=True, slots=True)
class ResultsPage:
    head: SessionHead
    line: SurveyLine
    attended: int
    results: tuple[ItemResult, ...] | None
    """None while it is open, and with fewer than five answers."""


@dataclass(frozen=True, slots=True)
class SheetPage:
    head: SessionHead
    line: SurveyLine
    items: dict[int, Item]
    has_taken_part: bool


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    id: str
    title: str
    moment: SurveyMoment
    closes_at: datetime


def surveys_page(db: Session, key: str, now: datetime) -> SurveysPage:
    head = session_head(db, key)
    held: dict[SurveyMoment, SurveyLine | None] = dict.fromkeys(SurveyMoment)
    query = _with_participants().where(Survey.study_session_id == head.id)
    for survey, participants in db.execute(query):
        held[SurveyMoment(survey.moment)] = _line(survey, participants, now)
    return SurveysPage(head, held, suggested_day(head, now))


def suggested_day(head: SessionHead, now: datetime) -> date:
    """Some weeks after the study session, and tomorrow at the earliest."""
    today = office_day(now)
    return max((head.held_on or today) + LATER_AFTER, today + timedelta(days=1))


def survey_page(db: Session, key: str, moment: SurveyMoment, now: datetime) -> SurveyPage:
    head, line = _head_and_line(db, key, moment, now)
    return SurveyPage(head, line, load_items(db, line.id))


def results_page(db: Session, key: str, moment: SurveyMoment, now: datetime) -> ResultsPage:
    head, line = _head_and_line(db, key, moment, now)
    came = select(func.count()).where(Attendance.study_session_id == head.id, Attendance.present)
    found = None
    if line.state is SurveyState.CLOSED:
        found = results(load_items(db, line.id), load_sheets(db, line.id))
    return ResultsPage(head, line, db.scalar(came) or 0, found)


def sheet_page(db: Session, actor: Actor, survey_id: str, now: datetime) -> SheetPage:
    """Raises NotFound for a draft, and for one of a study session the actor may not see."""
    row = db.execute(
        select(Survey, StudySession)
        .join(StudySession, StudySession.id == Survey.study_session_id)
        .where(
            Survey.id == survey_id,
            Survey.state != SurveyState.DRAFT.value,
            StudySession.status == "published",
        )
    ).first()
    if row is None:
        raise NotFound
    survey, study_session = row
    own = select(SurveyParticipation.user_id).where(
        SurveyParticipation.survey_id == survey_id, SurveyParticipation.user_id == actor.user_id
    )
    line = _line(survey, 0, now)
    return SheetPage(head_of(study_session), line, load_items(db, survey_id), db.scalar(own) is not None)


def open_surveys(db: Session, actor: Actor, session_id: int, now: datetime) -> tuple[OpenSurvey, ...]:
    """Those that wait for the officer: who came, had a seat or read some of it, and did not take part yet."""
    if not permits(actor, Permission.STUDY):
        return ()
    mine = {"study_session_id": session_id, "user_id": actor.user_id}
    known = or_(
        select(Attendance.user_id).filter_by(**mine).where(Attendance.present).exists(),
        select(Registration.user_id).filter_by(**mine, state="registered").exists(),
        select(ReadingMark.user_id).filter_by(**mine).exists(),
    )
    taken = (
        select(SurveyParticipation.user_id)
        .where(SurveyParticipation.survey_id == Survey.id, SurveyParticipation.user_id == actor.user_id)
        .exists()
    )
    rows = db.scalars(
        select(Survey)
        .where(Survey.study_session_id == session_id, Survey.state == SurveyState.OPEN.value, ~taken, known)
        .order_by(Survey.opened_at)
    )
    lines = (_line(row, 0, now) for row in rows)
    return tuple(
        OpenSurvey(line.id, line.title, line.moment, line.closes_at)
        for line in lines
        if line.state is SurveyState.OPEN and line.closes_at is not None
    )


def _head_and_line(
    db: Session, key: str, moment: SurveyMoment, now: datetime
) -> tuple[SessionHead, SurveyLine]:
    head = session_head(db, key)
    query = _with_participants().where(Survey.study_session_id == head.id, Survey.moment == moment.value)
    row = db.execute(query).first()
    if row is None:
        raise NotFound
    return head, _line(row[0], row[1], now)


def _with_participants() -> Select[Survey, int]:
    taken = (
        select(func.count())
        .where(SurveyParticipation.survey_id == Survey.id)
        .scalar_subquery()
        .label("participants")
    )
    return select(Survey, taken)


def _line(survey: Survey, participants: int, now: datetime) -> SurveyLine:
    ends = survey.closed_at or (closes_at(survey.opened_at) if survey.opened_at else None)
    return SurveyLine(
        id=survey.id,
        moment=SurveyMoment(survey.moment),
        title=survey.title,
        state=state_at(SurveyState(survey.state), survey.opened_at, now),
        opens_on=survey.opens_on,
        opened_at=survey.opened_at,
        closes_at=ends,
        participants=participants,
    )
