"""The pool from which the check questions of a study session are picked."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.persistence.models import QuestionTopic, StudySessionTopic
from studyhub.reads.check_quiz import QuizFilter, check_quiz
from tests.factories.questions import make_question, make_syllabus
from tests.factories.study_sessions import make_course, make_study_session


@pytest.fixture
def site(db: Session, now: datetime) -> None:
    """A session on topic 61; three questions, one of them on 61 beside its main topic."""
    first, second = make_syllabus(db, leaves=("61", "1"))
    session = make_study_session(db, now, make_course(db), key="security")
    db.add(StudySessionTopic(study_session_id=session.id, topic_id=first.id))
    make_question(db, now, first, key="ip-61-001")
    beside = make_question(db, now, second, key="ip-01-001")
    db.add(QuestionTopic(question_id=beside.id, topic_id=first.id, position=1))
    make_question(db, now, second, key="ip-01-002")
    db.flush()


def _found(db: Session, wanted: QuizFilter) -> list[str]:
    page = check_quiz(db, "security", wanted)
    assert page.count == len(page.found)
    return [question.key for question in page.found]


def test_questions_of_the_sessions_topics_are_offered_first(db: Session, site: None) -> None:
    assert _found(db, QuizFilter()) == ["ip-01-001", "ip-61-001"]


def test_words_search_the_whole_pool(db: Session, site: None) -> None:
    assert _found(db, QuizFilter(text="記述 ip-01")) == ["ip-01-001", "ip-01-002"]


def test_a_topic_narrows_the_words(db: Session, site: None) -> None:
    assert _found(db, QuizFilter(text="記述", topic="ip-6.5:61")) == ["ip-01-001", "ip-61-001"]


def test_a_session_that_is_not_there_has_no_quiz(db: Session, site: None) -> None:
    with pytest.raises(NotFound):
        check_quiz(db, "nowhere", QuizFilter())
