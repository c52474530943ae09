"""Projections of the log: what an officer did with a question, what that tells of a topic, and their days.

Each can be made again from the log (``rebuild``); applied one by one they are the same, because every sum is of
whole numbers and an officer's answers are applied in the order of the log. A correction changes marks of the past:
after it the projections of those it touched are made again (services.corrections).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, delete, literal_column, select, update
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.mastery import Evidence, weigh
from studyhub.persistence.base import Base, UtcDateTime
from studyhub.persistence.marks import counting_correct, counting_credit, counts, is_standing, standing
from studyhub.persistence.models import (
    DailyActivity,
    QuestionProgress,
    QuestionTopic,
    Response,
    TopicProgress,
    UnsureMark,
    User,
)
from studyhub.persistence.upsert import accumulate, accumulate_from

_TOLD_OF_TOPICS = select(
    bindparam("by_user", type_=Integer).label("user_id"),
    QuestionTopic.__table__.c.topic_id,
    literal_column("1").label("responses"),
    bindparam("correct", type_=Integer).label("correct"),
    bindparam("evidence", type_=Integer).label("evidence_tenths"),
    bindparam("credit", type_=Integer).label("credit_tenths"),
    bindparam("at", type_=UtcDateTime).label("last_at"),
).where(QuestionTopic.__table__.c.question_id == bindparam("of_question"))
"""What one response adds to each topic of its question."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a response changes; ``unsure`` as said with the answer or afterwards."""

    response_id: str
    user_id: int
    question_id: int
    revision_id: int
    credit: float
    correct: bool
    unsure: bool
    first: bool
    answered_at: datetime


def apply_responses(db: Session, effects: Sequence[Effect]) -> None:
    """In the order of the log; three statements, each run once for every response."""
    _apply_to_questions(db, effects)
    _apply_to_topics(db, effects)
    _apply_to_days(db, effects)


def apply_unsure_mark(db: Session, response: Response) -> None:
    """A right answer said to have been a guess, after the fact: takes the difference back."""
    mark = select(counting_credit, counts).select_from(Response).outerjoin(standing, is_standing)
    credit, does_count = db.execute(mark.where(Response.id == response.id)).one()
    if not does_count:
        return
    _weight, sure = weigh(first=response.first, credit=credit, unsure=False)
    _weight, guessed = weigh(first=response.first, credit=credit, unsure=True)
    topics = select(QuestionTopic.topic_id).where(QuestionTopic.question_id == response.question_id)
    db.execute(
        update(TopicProgress)
        .where(TopicProgress.user_id == response.user_id, TopicProgress.topic_id.in_(topics))
        .values(credit_tenths=TopicProgress.credit_tenths - (sure - guessed))
    )
    db.execute(
        update(QuestionProgress)
        .where(
            QuestionProgress.user_id == response.user_id,
            QuestionProgress.question_id == response.question_id,
            QuestionProgress.last_response_id == response.id,
        )
        .values(last_unsure=True)
    )


def take_turn(db: Session, user_id: int) -> None:
    """An officer's answers are applied one after the other, in the order of the log, also from two devices.

    On SQLite the whole transaction already has its turn.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def rebuild(db: Session, user_id: int) -> None:
    """Makes one officer's projections anew from the log."""
    take_turn(db, user_id)
    for model in (QuestionProgress, TopicProgress, DailyActivity):
        db.execute(delete(model).where(model.user_id == user_id))
    if effects := _log(db, user_id):
        apply_responses(db, effects)


def projections(db: Session, user_id: int) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is kept of an officer beside the log, as plain values: equal after a rebuild."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for model in (QuestionProgress, TopicProgress, DailyActivity):
        table = Base.metadata.tables[model.__tablename__]
        rows = db.execute(select(table).where(table.c.user_id == user_id).order_by(*table.primary_key))
        found[model.__tablename__] = [tuple(row) for row in rows]
    return found


def learners(db: Session, question_ids: Iterable[int] | None = None) -> list[int]:
    """Officers with an answer in the log, to any question or to one of ``question_ids``."""
    found = select(Response.user_id).distinct().order_by(Response.user_id)
    if question_ids is not None:
        found = found.where(Response.question_id.in_(list(question_ids)))
    return list(db.scalars(found))


def evidence_until(
    db: Session, user_ids: Collection[int], moment: datetime
) -> dict[int, dict[int, Evidence]]:
    """By person and topic what the log said before ``moment``, by the marks that count now."""
    columns = (
        select(
            Response.user_id, QuestionTopic.topic_id, Response.first, Response.unsure, Response.answered_at,
            UnsureMark.response_id, counting_credit.label("credit"), counting_correct.label("correct"),
        )
        .join(QuestionTopic, QuestionTopic.question_id == Response.question_id)
        .outerjoin(UnsureMark, UnsureMark.response_id == Response.id)
        .outerjoin(standing, is_standing)
        .where(Response.user_id.in_(user_ids), Response.answered_at < moment, counts)
    )  # fmt: skip
    found: dict[int, dict[int, Evidence]] = {}
    for row in db.execute(columns):
        unsure = row.unsure or row.response_id is not None
        tenths = weigh(first=row.first, credit=row.credit, unsure=unsure)
        topics = found.setdefault(row.user_id, {})
        told = Evidence(1, int(row.correct), *tenths, row.answered_at)
        topics[row.topic_id] = topics.get(row.topic_id, Evidence()) + told
    return found


def _log(db: Session, user_id: int) -> list[Effect]:
    """With the marks that count since the corrections; without responses to questions that were struck."""
    rows = db.execute(
        select(Response, UnsureMark.response_id, counting_credit, counting_correct)
        .outerjoin(UnsureMark, UnsureMark.response_id == Response.id)
        .outerjoin(standing, is_standing)
        .where(Response.user_id == user_id, counts)
        .order_by(Response.seq)
    )
    return [
        _effect(response, marked is not None, credit, correct) for response, marked, credit, correct in rows
    ]


def _effect(response: Response, marked: bool, credit: float, correct: bool) -> Effect:
    return Effect(
        response_id=response.id,
        user_id=response.user_id,
        question_id=response.question_id,
        revision_id=response.revision_id,
        credit=credit,
        correct=correct,
        unsure=response.unsure or marked,
        first=response.first,
        answered_at=response.answered_at,
    )


def _apply_to_questions(db: Session, effects: Sequence[Effect]) -> None:
    statement = accumulate(
        db,
        QuestionProgress,
        add=("responses", "correct"),
        replace=("last_correct", "last_unsure", "last_revision_id", "last_response_id"),
        latest=("last_at",),
        earliest=("first_at",),
    )
    rows = [
        {
            "user_id": effect.user_id,
            "question_id": effect.question_id,
            "responses": 1,
            "correct": int(effect.correct),
            "last_correct": effect.correct,
            "last_unsure": effect.unsure,
            "last_revision_id": effect.revision_id,
            "last_response_id": effect.response_id,
            "first_at": effect.answered_at,
            "last_at": effect.answered_at,
        }
        for effect in effects
    ]
    db.execute(statement, rows)


def _apply_to_topics(db: Session, effects: Sequence[Effect]) -> None:
    sums = ("responses", "correct", "evidence_tenths", "credit_tenths")
    statement = accumulate_from(db, TopicProgress, _TOLD_OF_TOPICS, add=sums, latest=("last_at",))
    db.execute(statement, [_told_of_topics(effect) for effect in effects])


def _told_of_topics(effect: Effect) -> dict[str, Any]:
    evidence, credit = weigh(first=effect.first, credit=effect.credit, unsure=effect.unsure)
    return {
        "by_user": effect.user_id,
        "of_question": effect.question_id,
        "correct": int(effect.correct),
        "evidence": evidence,
        "credit": credit,
        "at": effect.answered_at,
    }


def _apply_to_days(db: Session, effects: Sequence[Effect]) -> None:
    rows = [
        {
            "user_id": effect.user_id,
            "day": office_day(effect.answered_at),
            "responses": 1,
            "correct": int(effect.correct),
        }
        for effect in effects
    ]
    db.execute(accumulate(db, DailyActivity, add=("responses", "correct")), rows)
