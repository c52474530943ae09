"""The log of responses and the projections made from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.grading import Mark
from studyhub.domain.identity import Actor
from studyhub.persistence.models import (
    Question,
    QuestionProgress,
    QuestionTopic,
    Response,
    TopicProgress,
)
from studyhub.services import progress, responses
from tests.factories.questions import make_questions, make_syllabus
from tests.personas import Personas


@pytest.fixture
def questions(db: Session, now: datetime) -> list[Question]:
    first, second = make_syllabus(db, leaves=("61", "62"))
    made = make_questions(db, now, first, 3) + make_questions(db, now, second, 2)
    db.add(QuestionTopic(question_id=made[0].id, topic_id=second.id, position=1))
    db.flush()
    return made


def answer(actor: Actor, question: Question, at: datetime, **changes: Any) -> responses.Answer:
    fields: dict[str, Any] = {
        "id": str(uuid4()),
        "user_id": actor.user_id,
        "question_id": question.id,
        "revision_id": question.current_revision_id,
        "context": "practice",
        "given": {"index": 0},
        "mark": Mark(1.0, True),
        "unsure": False,
        "answered_at": at,
    }
    return responses.Answer(**fields | changes)


def test_an_answer_sent_twice_is_stored_once(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    once = answer(personas.officer, questions[0], now)
    assert not responses.record(db, once, now).again
    before = progress.projections(db, personas.officer.user_id)
    assert responses.record(db, once, now + timedelta(minutes=5)).again
    assert db.scalar(select(func.count()).select_from(Response)) == 1
    assert progress.projections(db, personas.officer.user_id) == before


def test_an_answer_id_of_somebody_else_is_refused(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    mine = answer(personas.officer, questions[0], now)
    responses.record(db, mine, now)
    with pytest.raises(Conflict):
        responses.record(db, answer(personas.lecturer, questions[0], now, id=mine.id), now)
    with pytest.raises(Conflict):
        responses.record(db, answer(personas.officer, questions[1], now, id=mine.id), now)


def test_a_question_of_two_topics_is_evidence_for_both(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    responses.record(db, answer(personas.officer, questions[0], now), now)
    rows = db.execute(select(TopicProgress.responses, TopicProgress.credit_tenths)).all()
    assert [tuple(row) for row in rows] == [(1, 10), (1, 10)]


def test_a_repeat_counts_for_less_than_the_first_answer(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    for minute in (0, 1):
        at = now + timedelta(minutes=minute)
        responses.record(db, answer(personas.officer, questions[1], at), at)
    row = db.scalars(select(TopicProgress)).one()
    assert (row.responses, row.evidence_tenths, row.credit_tenths) == (2, 14, 14)


def test_a_clock_that_runs_ahead_cannot_answer_in_the_future(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    responses.record(db, answer(personas.officer, questions[0], now + timedelta(days=3)), now)
    assert db.scalars(select(Response.answered_at)).one() == now


def test_an_answer_kept_offline_does_not_turn_time_back(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    responses.record(db, answer(personas.officer, questions[1], now), now)
    responses.record(db, answer(personas.officer, questions[1], now - timedelta(hours=2)), now)
    row = db.scalars(select(QuestionProgress)).one()
    assert (row.first_at, row.last_at) == (now - timedelta(hours=2), now)


def test_a_guess_told_afterwards_takes_half_the_credit_back_once(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    given = answer(personas.officer, questions[1], now)
    responses.record(db, given, now)
    for _ in range(2):
        responses.mark_unsure(db, personas.officer.user_id, given.id, now)
    db.expire_all()
    assert db.scalars(select(TopicProgress.credit_tenths)).one() == 5
    assert db.scalars(select(QuestionProgress.last_unsure)).one()


def test_nobody_marks_the_answer_of_another(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    given = answer(personas.officer, questions[1], now)
    responses.record(db, given, now)
    with pytest.raises(Invalid):
        responses.mark_unsure(db, personas.lecturer.user_id, given.id, now)


@pytest.mark.parametrize("seed", range(4))
def test_projections_rebuilt_from_the_log_equal_those_kept_up_one_by_one(
    db: Session, personas: Personas, questions: list[Question], now: datetime, seed: int
) -> None:
    rng = Random(seed)
    officers = [personas.officer, personas.colleague_elsewhere]
    sent: list[responses.Answer] = []
    for minute in range(60):
        at = now + timedelta(minutes=37 * minute)
        if sent and rng.random() < 0.25:
            told = rng.choice(sent)
            responses.mark_unsure(db, told.user_id, told.id, at)
            continue
        share = rng.choice([0.0, 0.5, 1.0])
        given = answer(
            rng.choice(officers),
            rng.choice(questions),
            at - timedelta(hours=rng.choice([0, 0, 30])),
            mark=Mark(share, share == 1),
            unsure=rng.random() < 0.3,
        )
        responses.record(db, given, at)
        sent.append(given)
    for officer in officers:
        kept_up = progress.projections(db, officer.user_id)
        progress.rebuild(db, officer.user_id)
        assert progress.projections(db, officer.user_id) == kept_up
        assert kept_up["question_progress"]
