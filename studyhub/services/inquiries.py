"""Asking the lecturers, and answering."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.content.rendering import Text
from studyhub.domain.errors import Conflict, Forbidden, NotFound, TooManyRequests
from studyhub.domain.identity import Actor, Role
from studyhub.domain.inquiries import DAY, MOST_A_DAY, About, AskInquiry, InquiryState, checked_answer
from studyhub.domain.notices import NoticeKind
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.inquiries import inquiry_visible_to, question_known_to
from studyhub.persistence.models import Inquiry, InquiryAnswer, Question, StudySession, User, UserRole
from studyhub.persistence.study_sessions import visible_to
from studyhub.services import notices
from studyhub.services.content_sync.followups import ask_for_reindexing
from studyhub.services.markdown import render_texts


def ask(db: Session, actor: Actor, command: AskInquiry, now: datetime) -> int:
    """Returns the inquiry's id; the lecturers are told. Raises Invalid, NotFound and TooManyRequests."""
    require(actor, Permission.STUDY)
    command.check()
    _refuse_too_many(db, actor, now)
    study_session_id, question_id = _subject(db, actor, command.about)
    inquiry = Inquiry(
        asked_by=actor.user_id,
        nameless=command.nameless,
        study_session_id=study_session_id,
        slide=command.about.slide if study_session_id else None,
        question_id=question_id,
        title=command.title.strip(),
        text=command.text.strip(),
        asked_at=now,
    )
    db.add(inquiry)
    db.flush()
    lecturers = [person for person in _lecturers(db) if person != actor.user_id]
    said = {"title": inquiry.title}
    notices.tell(db, lecturers, NoticeKind.INQUIRY, said, f"/ask/{inquiry.id}", now)
    return inquiry.id


def render_answer(text: str) -> str:
    """Before the transaction. Raises Invalid."""
    return render_texts([Text(checked_answer(text))], field="text")[0].html


def answer(db: Session, actor: Actor, inquiry_id: int, text: str, html: str, now: datetime) -> int:
    """Returns the answer's id; whoever asked is told. Raises Invalid, Forbidden and NotFound."""
    require(actor, Permission.WRITE_CONTENT)
    inquiry = _visible(db, actor, inquiry_id)
    given = InquiryAnswer(
        inquiry_id=inquiry.id,
        answered_by=actor.user_id,
        text=checked_answer(text),
        html=html,
        answered_at=now,
    )
    inquiry.state = InquiryState.ANSWERED.value
    db.add(given)
    db.flush()
    if inquiry.asked_by is not None and inquiry.asked_by != actor.user_id:
        path = f"/ask/{inquiry.id}#answer-{given.id}"
        notices.tell(db, [inquiry.asked_by], NoticeKind.ANSWER, {"title": inquiry.title}, path, now)
    ask_for_reindexing(db, now)
    return given.id


def change_answer(
    db: Session, actor: Actor, inquiry_id: int, answer_id: int, text: str, html: str, now: datetime
) -> None:
    """By whoever gave it. Raises Invalid, Forbidden and NotFound."""
    require(actor, Permission.WRITE_CONTENT)
    inquiry = _visible(db, actor, inquiry_id)
    given = db.get(InquiryAnswer, answer_id)
    if given is None or given.inquiry_id != inquiry.id:
        raise NotFound("その回答はありません。")
    if given.answered_by != actor.user_id:
        raise Forbidden("回答した本人だけが直せます。")
    given.text, given.html, given.changed_at = checked_answer(text), html, now
    ask_for_reindexing(db, now)


def withdraw(db: Session, actor: Actor, inquiry_id: int, now: datetime) -> None:
    """By whoever asked, as long as there is no answer. Raises NotFound, Forbidden and Conflict."""
    inquiry = _visible(db, actor, inquiry_id)
    if inquiry.asked_by != actor.user_id:
        raise Forbidden("質問した本人だけが取り下げられます。")
    if inquiry.state == InquiryState.ANSWERED:
        raise Conflict("回答が付いたため、取り下げられません。")
    inquiry.state = InquiryState.WITHDRAWN.value
    ask_for_reindexing(db, now)


def _refuse_too_many(db: Session, actor: Actor, now: datetime) -> None:
    asked = select(func.count()).where(Inquiry.asked_by == actor.user_id, Inquiry.asked_at > now - DAY)
    if (db.scalar(asked) or 0) >= MOST_A_DAY:
        wait_s = int(DAY.total_seconds())
        raise TooManyRequests(
            "一日に質問できるのは%(limit)s件までです。明日またお寄せください。",
            retry_after_s=wait_s,
            limit=MOST_A_DAY,
        )


def _subject(db: Session, actor: Actor, about: About) -> tuple[int | None, int | None]:
    """Ids of the study session and the question. Raises NotFound."""
    study_session_id = question_id = None
    if about.study_session:
        named = select(StudySession.id).where(StudySession.key == about.study_session, visible_to(actor))
        study_session_id = db.scalar(named)
        if study_session_id is None:
            raise NotFound("その勉強会はありません。")
    if about.question_id is not None:
        asked = select(Question.id).where(Question.id == about.question_id, question_known_to(actor))
        question_id = db.scalar(asked)
        if question_id is None:
            raise NotFound("その問題はありません。")
    return study_session_id, question_id


def _lecturers(db: Session) -> list[int]:
    asked = select(UserRole.user_id).join(User, User.id == UserRole.user_id)
    return list(db.scalars(asked.where(UserRole.role == Role.LECTURER.value, User.active)))


def _visible(db: Session, actor: Actor, inquiry_id: int) -> Inquiry:
    """Locked: an answer and a withdrawal come one after the other."""
    wanted = select(Inquiry).where(Inquiry.id == inquiry_id, inquiry_visible_to(actor))
    inquiry = db.scalars(wanted.with_for_update()).first()
    if inquiry is None:
        raise NotFound("その質問はありません。")
    return inquiry
