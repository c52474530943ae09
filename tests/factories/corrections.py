"""Answers that are truly graded, later revisions, and corrections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.corrections import Key, RightChoices
from studyhub.domain.grading import ChosenOne, SimpleResponse, grade, response_to_data
from studyhub.domain.identity import Actor
from studyhub.domain.mastery import weigh
from studyhub.domain.questions import Question as AuthoredQuestion
from studyhub.domain.questions import content_hash, from_data, to_data
from studyhub.persistence.models import (
    Question,
    QuestionRevision,
    Regrade,
    Response,
    TopicProgress,
    UnsureMark,
)
from studyhub.services import corrections, progress, responses
from studyhub.services.correction_texts import NewWords, rewrite


def add_revision(db: Session, now: datetime, row: Question, authored: AuthoredQuestion) -> int:
    """The next revision, which becomes the current one; its id. It looks like the one before."""
    before = db.get_one(QuestionRevision, row.current_revision_id)
    revision = QuestionRevision(
        question_id=row.id,
        number=before.number + 1,
        content_hash=content_hash(authored),
        kind=authored.kind.value,
        level="understand",
        data=to_data(authored),
        html=before.html,
        plain=authored.stem,
        expected_facility=authored.expected_facility,
        created_at=now,
    )
    db.add(revision)
    db.flush()
    row.current_revision_id = revision.id
    db.flush()
    return revision.id


def give(
    db: Session,
    user_id: int,
    question: Question,
    given: SimpleResponse | int,
    at: datetime,
    *,
    revision_id: int | None = None,
    context: str = "practice",
    unsure: bool = False,
) -> str:
    """The id of the response; a number is the index of the chosen choice."""
    revision = db.get_one(QuestionRevision, revision_id or question.current_revision_id)
    response = ChosenOne(given) if isinstance(given, int) else given
    answer = responses.Answer(
        id=str(uuid4()),
        user_id=user_id,
        question_id=question.id,
        revision_id=revision.id,
        context=context,
        given=response_to_data(response),
        mark=grade(from_data(revision.data), response),
        unsure=unsure,
        answered_at=at,
    )
    return responses.record(db, answer, at).id


def correct(
    db: Session,
    actor: Actor,
    question: Question,
    key: int | Sequence[Key],
    now: datetime,
    reason: str = "正解を取り違えていました。",
    words: NewWords | None = None,
) -> int:
    """The id of the correction; a number is the index of the choice that is right."""
    keys = [RightChoices(frozenset({key}))] if isinstance(key, int) else key
    base = question.current_revision_id or 0
    rewritten = rewrite(db, actor, question.key, base, keys, words or NewWords())
    command = corrections.CorrectKey(question.key, base, reason, rewritten)
    return corrections.correct_key(db, actor, command, now)


def strike(
    db: Session, actor: Actor, question: Question, now: datetime, reason: str = "問い方が誤りでした。"
) -> int:
    command = corrections.Strike(question.key, question.current_revision_id or 0, reason)
    return corrections.strike(db, actor, command, now)


def marks(db: Session, response_id: str) -> tuple[bool, bool | None]:
    """As it was given, and as it counts since (None: nothing was changed)."""
    regrades = db.scalars(
        select(Regrade).where(Regrade.response_id == response_id).order_by(Regrade.correction_id.desc())
    ).all()
    given_mark = db.scalars(select(Response.correct).where(Response.id == response_id)).one()
    return given_mark, regrades[0].correct if regrades else None


def check_against_log(db: Session, user_id: int) -> None:
    kept_up = progress.projections(db, user_id)
    progress.rebuild(db, user_id)
    assert progress.projections(db, user_id) == kept_up
    assert counted(db, user_id) == _sums_of_log(db, user_id)


def counted(db: Session, user_id: int) -> tuple[int, ...]:
    row = TopicProgress
    sums = select(*(func.coalesce(func.sum(column), 0) for column in (
        row.responses, row.correct, row.evidence_tenths, row.credit_tenths,
    )))  # fmt: skip
    return tuple(int(found) for found in db.execute(sums.where(row.user_id == user_id)).one())


def _sums_of_log(db: Session, user_id: int) -> tuple[int, ...]:
    """Counted here once more, by hand: each question names one topic."""
    newest: dict[str, Regrade] = {}
    for regrade in db.scalars(select(Regrade).order_by(Regrade.correction_id)):
        newest[regrade.response_id] = regrade
    guessed = set(db.scalars(select(UnsureMark.response_id)))
    sums = [0, 0, 0, 0]
    for response in db.scalars(select(Response).where(Response.user_id == user_id)):
        mark = newest.get(response.id, response)
        if isinstance(mark, Regrade) and not mark.counts:
            continue
        unsure = response.unsure or response.id in guessed
        evidence, credit = weigh(first=response.first, credit=mark.credit, unsure=unsure)
        sums = [sum(pair) for pair in zip(sums, (1, int(mark.correct), evidence, credit), strict=True)]
    return tuple(sums)
