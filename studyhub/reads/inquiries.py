"""Questions to the lecturers: the list, one with its answers, and those about a study session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.inquiries import About, InquiryState
from studyhub.domain.permissions import Permission, permits
from studyhub.persistence.inquiries import inquiry_visible_to, question_known_to
from studyhub.persistence.models import (
    Inquiry,
    InquiryAnswer,
    Question,
    QuestionRevision,
    StudySession,
    User,
)
from studyhub.persistence.study_sessions import visible_to
from studyhub.reads.rows import AnyRow

INQUIRIES_A_PAGE = 20
MOST_OF_A_SESSION = 10


class Shown(StrEnum):
    """Which inquiries are listed; ``waiting`` are those without an answer that the actor may know of."""

    ANSWERED = "answered"
    WAITING = "waiting"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an inquiry is about, as far as the actor may know of it; empty texts where there is nothing."""

    study_session: str = ""
    title: str = ""
    title_en: str = ""
    slide: int | None = None
    question: str = ""
    """The question's stem as plain text."""


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """``asker`` is empty for somebody who asked without a name, unless the actor may answer."""

    id: int
    title: str
    text: str
    state: InquiryState
    asker: str
    nameless: bool
    asked_at: datetime
    subject: Subject
    answers: int


@dataclass(frozen=True, slots=True)
class InquiriesPage:
    shown: Shown
    study_session: str
    rows: tuple[InquiryRow, ...]
    counts: dict[Shown, int]
    page: int
    pages: int
    may_answer: bool


@dataclass(frozen=True, slots=True)
class Answer:
    id: int
    text: str
    html: str
    author: str
    answered_at: datetime
    changed_at: datetime | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class InquiryPage:
    row: InquiryRow
    answers: tuple[Answer, ...]
    may_answer: bool
    may_withdraw: bool


def inquiries_page(db: Session, actor: Actor, shown: Shown, study_session: str, page: int) -> InquiriesPage:
    """``page`` counts from 1; one that is not there becomes the last. An unknown study session has none."""
    conditions = [inquiry_visible_to(actor)]
    if study_session:
        conditions.append(StudySession.key == study_session)
    counts = {which: _count(db, [*conditions, _which(actor, which)]) for which in Shown}
    pages = max(1, -(-counts[shown] // INQUIRIES_A_PAGE))
    page = max(1, min(page, pages))
    wanted = _inquiries(actor, [*conditions, _which(actor, shown)])
    rows = db.execute(wanted.limit(INQUIRIES_A_PAGE).offset((page - 1) * INQUIRIES_A_PAGE)).all()
    may_answer = permits(actor, Permission.WRITE_CONTENT)
    listed = tuple(_row(row, actor, may_answer) for row in rows)
    return InquiriesPage(shown, study_session, listed, counts, page, pages, may_answer)


def inquiry_page(db: Session, actor: Actor, inquiry_id: int) -> InquiryPage:
    """Raises NotFound, also for one the actor may not know of."""
    found = db.execute(_inquiries(actor, [Inquiry.id == inquiry_id, inquiry_visible_to(actor)])).first()
    if found is None:
        raise NotFound("その質問はありません。")
    may_answer = permits(actor, Permission.WRITE_CONTENT)
    row = _row(found, actor, may_answer)
    is_own = found.asked_by == actor.user_id
    return InquiryPage(
        row=row,
        answers=_answers(db, actor, inquiry_id),
        may_answer=may_answer,
        may_withdraw=is_own and row.state is InquiryState.OPEN,
    )


def subject_of(db: Session, actor: Actor, about: About) -> Subject:
    """What the form says an inquiry will be about. Raises NotFound for a study session the actor may not know of."""
    subject = Subject()
    if about.study_session:
        asked = select(StudySession.key, StudySession.title, StudySession.title_en)
        row = db.execute(asked.where(StudySession.key == about.study_session, visible_to(actor))).first()
        if row is None:
            raise NotFound("その勉強会はありません。")
        subject = Subject(row.key, row.title, row.title_en, about.slide)
    if about.question_id is not None:
        stem = db.scalar(
            select(QuestionRevision.plain)
            .join(Question, Question.current_revision_id == QuestionRevision.id)
            .where(Question.id == about.question_id, question_known_to(actor))
        )
        if stem is None:
            raise NotFound("その問題はありません。")
        return Subject(subject.study_session, subject.title, subject.title_en, subject.slide, stem)
    return subject


def answered_about(db: Session, actor: Actor, study_session_id: int) -> tuple[InquiryRow, ...]:
    """The newest answered inquiries about a study session, for its page."""
    conditions = [
        Inquiry.study_session_id == study_session_id,
        Inquiry.state == InquiryState.ANSWERED.value,
    ]
    rows = db.execute(_inquiries(actor, conditions).limit(MOST_OF_A_SESSION)).all()
    return tuple(_row(row, actor, permits(actor, Permission.WRITE_CONTENT)) for row in rows)


def _which(actor: Actor, shown: Shown) -> ColumnElement[bool]:
    if shown is Shown.MINE:
        return Inquiry.asked_by == actor.user_id
    wanted = InquiryState.ANSWERED if shown is Shown.ANSWERED else InquiryState.OPEN
    return Inquiry.state == wanted.value


def _count(db: Session, conditions: Sequence[ColumnElement[bool]]) -> int:
    asked = select(func.count()).select_from(Inquiry)
    joined = asked.outerjoin(StudySession, StudySession.id == Inquiry.study_session_id)
    return db.scalar(joined.where(*conditions)) or 0


def _inquiries(actor: Actor, conditions: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """Of a study session the actor may not see, neither key nor title; of such a question no stem."""
    answers = (
        select(func.count())
        .where(InquiryAnswer.inquiry_id == Inquiry.id)
        .correlate(Inquiry)
        .scalar_subquery()
    )
    return (
        select(
            Inquiry.id,
            Inquiry.title,
            Inquiry.text,
            Inquiry.state,
            Inquiry.nameless,
            Inquiry.asked_by,
            Inquiry.asked_at,
            Inquiry.slide,
            User.family_name,
            User.given_name,
            StudySession.key,
            StudySession.title.label("session_title"),
            StudySession.title_en.label("session_title_en"),
            visible_to(actor).label("session_visible"),
            QuestionRevision.plain,
            answers.label("answers"),
        )
        .outerjoin(User, User.id == Inquiry.asked_by)
        .outerjoin(StudySession, StudySession.id == Inquiry.study_session_id)
        .outerjoin(Question, (Question.id == Inquiry.question_id) & question_known_to(actor))
        .outerjoin(QuestionRevision, QuestionRevision.id == Question.current_revision_id)
        .where(*conditions)
        .order_by(Inquiry.asked_at.desc(), Inquiry.id.desc())
    )


def _row(row: AnyRow, actor: Actor, may_answer: bool) -> InquiryRow:
    named = row.family_name and (not row.nameless or may_answer or row.asked_by == actor.user_id)
    return InquiryRow(
        id=row.id,
        title=row.title,
        text=row.text,
        state=InquiryState(row.state),
        asker=f"{row.family_name} {row.given_name}" if named else "",
        nameless=row.nameless,
        asked_at=row.asked_at,
        subject=_subject(row),
        answers=row.answers,
    )


def _subject(row: AnyRow) -> Subject:
    if not row.session_visible:
        return Subject(question=row.plain or "")
    return Subject(row.key, row.session_title, row.session_title_en, row.slide, row.plain or "")


def _answers(db: Session, actor: Actor, inquiry_id: int) -> tuple[Answer, ...]:
    rows = db.execute(
        select(InquiryAnswer, User.family_name, User.given_name)
        .outerjoin(User, User.id == InquiryAnswer.answered_by)
        .where(InquiryAnswer.inquiry_id == inquiry_id)
        .order_by(InquiryAnswer.id)
    )
    return tuple(
        Answer(
            id=given.id,
            text=given.text,
            html=given.html,
            author=f"{family_name} {given_name}" if family_name else "",
            answered_at=given.answered_at,
            changed_at=given.changed_at,
            is_own=given.answered_by == actor.user_id,
        )
        for given, family_name, given_name in rows
    )
