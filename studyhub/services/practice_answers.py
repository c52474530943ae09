"""Answers to practice questions and to the check questions of study sessions, each stored once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from studyhub.domain.errors import Conflict, NotFound
from studyhub.domain.grading import Form, Mark, grade, parse_response, response_to_data
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.practice import check_order, order_for_parsing
from studyhub.domain.questions import Question as AuthoredQuestion
from studyhub.domain.questions import from_data
from studyhub.persistence.base import Base
from studyhub.persistence.models import PracticeItem, PracticeSet, Question, QuestionRevision, Response
from studyhub.services import corrections, responses
from studyhub.services.assignments import settle_topics_of

LONGEST_DURATION_MS = 60 * 60 * 1000
CHECK_KEPT_FOR = timedelta(days=7)
"""How long an answer to a check question may have waited on a device; nothing says when its page was loaded."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as the client sends it; ``response_id`` is the UUID it made.

    ``answered_at`` and ``duration_ms`` are what the client says, believed within bounds.
    """

    response_id: str
    form: Form
    unsure: bool = False
    answered_at: datetime | None = None
    duration_ms: int | None = None


@dataclass(frozen=True, slots=True)
class GiveAnswer:
    set_id: str
    position: int
    given: Given


@dataclass(frozen=True, slots=True)
class GiveCheckAnswer:
    """``revision_id`` is the one that was shown."""

    question_key: str
    revision_id: int
    given: Given


@dataclass(frozen=True, slots=True)
class Answered:
    """``again``: the log already held this very answer. ``beaten``: another device answered the item before."""

    response_id: str
    correct: bool
    again: bool
    beaten: bool = False


_other = aliased(PracticeItem)
_OPEN_ELSEWHERE = (
    select(func.count())
    .where(
        _other.practice_set_id == PracticeSet.id,
        _other.response_id.is_(None),
        _other.id != PracticeItem.id,
    )
    .scalar_subquery()
)
_IS_ASKED = and_(Question.status == "published", Question.current_revision_id == QuestionRevision.id)
"""Read under the lock that a correction waits for (services.corrections)."""
# Built once: putting a statement together costs more than running it.
_ITEM = (
    select(
        PracticeItem.id, PracticeSet.id, PracticeItem.response_id, PracticeItem.shown_order,
        PracticeSet.created_at, PracticeSet.state == "running", _OPEN_ELSEWHERE,
        QuestionRevision.question_id, QuestionRevision.id, QuestionRevision.data, _IS_ASKED,
    )
    .join(PracticeSet, PracticeItem.practice_set_id == PracticeSet.id)
    .join(QuestionRevision, PracticeItem.revision_id == QuestionRevision.id)
    .join(Question, QuestionRevision.question_id == Question.id)
    .where(
        PracticeSet.id == bindparam("set_id"),
        PracticeSet.user_id == bindparam("user_id"),
        PracticeItem.position == bindparam("position"),
    )
    .with_for_update(read=True, of=Question)
)  # fmt: skip
_ITEMS = Base.metadata.tables[PracticeItem.__tablename__]
_SHOW = (
    update(_ITEMS)
    .where(_ITEMS.c.id == bindparam("item_id"), _ITEMS.c.response_id.is_(None))
    .values(response_id=bindparam("shown_response_id"))
    .returning(_ITEMS.c.id)
)
_FINISH = (
    update(PracticeSet)
    .where(
        PracticeSet.id == bindparam("set_id"),
        PracticeSet.state == "running",
        ~exists().where(
            PracticeItem.practice_set_id == bindparam("set_id"), PracticeItem.response_id.is_(None)
        ),
    )
    .values(state="finished", ended_at=bindparam("now"))
    .execution_options(synchronize_session=False)
)


@dataclass(frozen=True, slots=True)
class _Item:
    id: int
    set_id: str
    response_id: str | None
    shown_order: Sequence[Any]
    set_created_at: datetime
    is_running: bool
    open_elsewhere: int
    question_id: int
    revision_id: int
    data: dict[str, Any]
    is_asked: bool
    """Whether the revision is the one that is asked now: no correction came since the set was made."""


def record_answer(db: Session, actor: Actor, command: GiveAnswer, now: datetime) -> Answered:
    """Also into a set that has ended: an answer kept on a device may arrive late and counts all the same.

    Raises NotFound for somebody else's set, Invalid when the response cannot be read, Conflict when its id stands
    for another answer.
    """
    require(actor, Permission.STUDY)
    item = _load_item(db, actor, command)
    question = from_data(item.data)
    answer = _answer(actor, question, item.shown_order, command.given, item.question_id, item.revision_id)
    at = _believed(command.given.answered_at, item.set_created_at, now)
    recorded = responses.record(db, answer.entry("practice", at, item.id), now)
    if recorded.again:
        _check_same_item(db, recorded.id, item.id)
    beaten = not recorded.again and not _show(db, item, recorded.id)
    if item.is_running and item.open_elsewhere <= 1:
        _finish_when_complete(db, item.set_id, now)
        settle_topics_of(db, actor.user_id, now)
    correct = recorded.correct if item.is_asked else _settled(db, actor, item.question_id, recorded, now)
    return Answered(recorded.id, correct, recorded.again, beaten)


def record_check_answer(db: Session, actor: Actor, command: GiveCheckAnswer, now: datetime) -> Answered:
    """An answer to a check question of a study session; raises as ``record_answer`` does."""
    require(actor, Permission.STUDY)
    found = db.execute(
        select(Question.id, QuestionRevision.data, _IS_ASKED.label("is_asked"))
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .where(
            Question.key == command.question_key,
            Question.status == "published",
            QuestionRevision.id == command.revision_id,
        )
        .with_for_update(read=True, of=Question)
    ).one_or_none()
    if found is None:
        raise NotFound
    question = from_data(found.data)
    order = check_order(question, actor.user_id)
    answer = _answer(actor, question, order, command.given, found.id, command.revision_id)
    at = _believed(command.given.answered_at, now - CHECK_KEPT_FOR, now)
    recorded = responses.record(db, answer.entry("check", at, None), now)
    correct = recorded.correct if found.is_asked else _settled(db, actor, found.id, recorded, now)
    return Answered(recorded.id, correct, recorded.again)


def mark_unsure(db: Session, actor: Actor, set_id: str, position: int, now: datetime) -> None:
    """Said after the feedback: the answer the item shows was a guess."""
    response_id = db.scalar(
        select(PracticeItem.response_id)
        .join(PracticeSet, PracticeItem.practice_set_id == PracticeSet.id)
        .where(
            PracticeSet.id == set_id,
            PracticeSet.user_id == actor.user_id,
            PracticeItem.position == position,
        )
    )
    if response_id is None:
        raise NotFound
    responses.mark_unsure(db, actor.user_id, response_id, now)


def mark_check_unsure(db: Session, actor: Actor, question_key: str, response_id: str, now: datetime) -> None:
    owned = db.scalar(
        select(Response.id)
        .join(Question, Response.question_id == Question.id)
        .where(
            Response.id == response_id,
            Response.user_id == actor.user_id,
            Response.context == "check",
            Question.key == question_key,
        )
    )
    if owned is None:
        raise NotFound
    responses.mark_unsure(db, actor.user_id, response_id, now)


def _load_item(db: Session, actor: Actor, command: GiveAnswer) -> _Item:
    found = db.execute(
        _ITEM, {"set_id": command.set_id, "user_id": actor.user_id, "position": command.position}
    ).one_or_none()
    if found is None:
        raise NotFound
    return _Item(*found)


@dataclass(frozen=True, slots=True)
class _Graded:
    """An answer that is read and marked; ``entry`` is what the log keeps of it."""

    actor: Actor
    given: Given
    question_id: int
    revision_id: int
    data: dict[str, Any]
    mark: Mark

    def entry(self, context: str, at: datetime, item_id: int | None) -> responses.Answer:
        return responses.Answer(
            id=self.given.response_id,
            user_id=self.actor.user_id,
            question_id=self.question_id,
            revision_id=self.revision_id,
            context=context,
            given=self.data,
            mark=self.mark,
            unsure=self.given.unsure,
            answered_at=at,
            practice_item_id=item_id,
            duration_ms=_believed_duration(self.given.duration_ms),
        )


def _answer(
    actor: Actor,
    question: AuthoredQuestion,
    order: Sequence[Any],
    given: Given,
    question_id: int,
    revision_id: int,
) -> _Graded:
    response = parse_response(question, given.form, order_for_parsing(question, order))
    return _Graded(
        actor, given, question_id, revision_id, response_to_data(response), grade(question, response)
    )


def _believed(said: datetime | None, earliest: datetime, now: datetime) -> datetime:
    """A clock that is wrong tells nothing: then the answer was given when it arrived."""
    return said if said is not None and earliest <= said <= now else now


def _believed_duration(said_ms: int | None) -> int | None:
    return said_ms if said_ms is not None and 0 <= said_ms <= LONGEST_DURATION_MS else None


def _check_same_item(db: Session, response_id: str, item_id: int) -> None:
    stored = db.scalar(select(Response.practice_item_id).where(Response.id == response_id))
    if stored != item_id:
        raise Conflict("この回答の番号は、ほかの回答に使われています。ページを開き直してください。")


def _show(db: Session, item: _Item, response_id: str) -> bool:
    """Whether the item now shows this response: the first one stays."""
    shown = db.execute(_SHOW, {"item_id": item.id, "shown_response_id": response_id})
    return shown.first() is not None


def _settled(
    db: Session, actor: Actor, question_id: int, recorded: responses.Recorded, now: datetime
) -> bool:
    """Whether an answer to what is no longer asked is right: the question may have been corrected meanwhile."""
    correct = corrections.settle_late(db, actor.user_id, question_id, recorded.id, now)
    return recorded.correct if correct is None else correct


def _finish_when_complete(db: Session, set_id: str, now: datetime) -> None:
    db.execute(_FINISH, {"set_id": set_id, "now": now})
