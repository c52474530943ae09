"""What is kept beside the log can be made from it again, whatever was answered in whatever order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from studyhub.domain.grading import Mark
from studyhub.persistence.models import Question, QuestionTopic, TopicProgress
from studyhub.services import progress, responses
from tests.factories.questions import make_questions, make_syllabus
from tests.personas import Personas

QUESTIONS = 4


@pytest.fixture
def questions(db: Session, now: datetime) -> list[Question]:
    """Four on two topics; the first names both."""
    first, second = make_syllabus(db, leaves=("61", "62"))
    made = make_questions(db, now, first, 2) + make_questions(db, now, second, QUESTIONS - 2)
    db.add(QuestionTopic(question_id=made[0].id, topic_id=second.id, position=1))
    db.flush()
    return made


events = st.fixed_dictionaries(
    {
        "question": st.integers(0, QUESTIONS - 1),
        "share": st.sampled_from([0.0, 0.5, 1.0]),
        "unsure": st.booleans(),
        "hours_late": st.sampled_from([0, 0, 30]),
        "guessed_after": st.none() | st.integers(0, 11),
    }
)
"""An answer, perhaps kept offline for hours, and perhaps a mark that an answer before it was a guess."""


def _live(
    db: Session, user_id: int, questions: list[Question], log: list[dict[str, Any]], now: datetime
) -> None:
    for number, event in enumerate(log):
        at, question = now + timedelta(minutes=number), questions[event["question"]]
        assert question.current_revision_id is not None
        answer = responses.Answer(
            id=str(UUID(int=number + 1)),
            user_id=user_id,
            question_id=question.id,
            revision_id=question.current_revision_id,
            context="practice",
            given={"kind": "one", "index": 0},
            mark=Mark(event["share"], event["share"] == 1),
            unsure=event["unsure"],
            answered_at=at - timedelta(hours=event["hours_late"]),
        )
        responses.record(db, answer, at)
        if event["guessed_after"] is not None:
            told = min(event["guessed_after"], number)
            responses.mark_unsure(db, user_id, str(UUID(int=told + 1)), at)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(st.lists(events, max_size=12))
def test_rebuilt_equals_what_was_kept_up_answer_by_answer(
    db: Session, personas: Personas, questions: list[Question], now: datetime, log: list[dict[str, Any]]
) -> None:
    user_id = personas.officer.user_id
    savepoint = db.begin_nested()
    _live(db, user_id, questions, log, now)
    kept_up = progress.projections(db, user_id)
    progress.rebuild(db, user_id)
    assert progress.projections(db, user_id) == kept_up
    savepoint.rollback()


def test_a_rebuild_mends_what_differs_from_the_log(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    user_id = personas.officer.user_id
    event = {"question": 1, "share": 1.0, "unsure": False, "hours_late": 0, "guessed_after": None}
    _live(db, user_id, questions, [event], now)
    right = progress.projections(db, user_id)
    db.execute(update(TopicProgress).values(correct=7))
    assert progress.projections(db, user_id) != right
    progress.rebuild(db, user_id)
    assert progress.projections(db, user_id) == right
