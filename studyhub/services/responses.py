"""The log of responses: append-only, each answer once, its projections in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.grading import Mark
from studyhub.persistence.models import QuestionProgress, Response, UnsureMark
from studyhub.persistence.upsert import insert_once
from studyhub.services import progress

_FIRST = ~exists().where(
    QuestionProgress.user_id == bindparam("by_user"),
    QuestionProgress.question_id == bindparam("of_question"),
    QuestionProgress.last_revision_id == bindparam("of_revision"),
)
"""Whether the officer's answer before was to another revision, or there was none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, graded. ``id`` is the client's UUID; ``given`` what ``domain.grading`` writes of the response."""

    id: str
    user_id: int
    question_id: int
    revision_id: int
    context: str
    given: dict[str, Any]
    mark: Mark
    unsure: bool
    answered_at: datetime
    practice_item_id: int | None = None
    duration_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    id: str
    correct: bool
    again: bool
    """Whether the log already held it: sent twice, stored once."""


def record(db: Session, answer: Answer, now: datetime) -> Recorded:
    """Raises Conflict when the id stands in the log for another person or question."""
    answer = replace(answer, answered_at=min(answer.answered_at, now))
    progress.take_turn(db, answer.user_id)
    first = db.scalar(insert_once(db, Response, "id", "first", first=_FIRST), _row(answer, now))
    if first is None:
        return _found_again(db, answer)
    progress.apply_responses(db, [_effect(answer, first)])
    return Recorded(answer.id, answer.mark.correct, again=False)


def mark_unsure(db: Session, user_id: int, response_id: str, now: datetime) -> None:
    """After the feedback: that answer was a guess. Twice is once; raises Invalid for anybody else's answer."""
    progress.take_turn(db, user_id)
    response = db.scalar(select(Response).where(Response.id == response_id, Response.user_id == user_id))
    if response is None:
        raise Invalid("その回答は見つかりません。")
    mark = {"response_id": response_id, "marked_at": now}
    stored = db.scalar(insert_once(db, UnsureMark, "response_id", "response_id"), mark)
    if stored is not None and not response.unsure:
        progress.apply_unsure_mark(db, response)


def _row(answer: Answer, now: datetime) -> dict[str, Any]:
    return {
        "id": answer.id,
        "user_id": answer.user_id,
        "question_id": answer.question_id,
        "revision_id": answer.revision_id,
        "context": answer.context,
        "practice_item_id": answer.practice_item_id,
        "given": answer.given,
        "credit": answer.mark.share,
        "correct": answer.mark.correct,
        "unsure": answer.unsure,
        "answered_at": answer.answered_at,
        "received_at": now,
        "duration_ms": answer.duration_ms,
        "by_user": answer.user_id,
        "of_question": answer.question_id,
        "of_revision": answer.revision_id,
    }


def _found_again(db: Session, answer: Answer) -> Recorded:
    stored = db.execute(
        select(Response.user_id, Response.question_id, Response.correct).where(Response.id == answer.id)
    ).one()
    if (stored.user_id, stored.question_id) != (answer.user_id, answer.question_id):
        raise Conflict("この回答の番号は、ほかの回答に使われています。ページを開き直してください。")
    return Recorded(answer.id, stored.correct, again=True)


def _effect(answer: Answer, first: bool) -> progress.Effect:
    return progress.Effect(
        response_id=answer.id,
        user_id=answer.user_id,
        question_id=answer.question_id,
        revision_id=answer.revision_id,
        credit=answer.mark.share,
        correct=answer.mark.correct,
        unsure=answer.unsure,
        first=first,
        answered_at=answer.answered_at,
    )
