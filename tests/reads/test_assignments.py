"""What an officer reads of what is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from studyhub.domain.assignments import SessionFacts, State
from studyhub.persistence.models import StudySession
from studyhub.persistence.session import reading
from studyhub.reads.assignments import asked_on_home, asked_page
from studyhub.services import assignments
from tests.factories.assignments import ask_to_read, read_to_the_end
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas
from tests.statements import counted_statements


@pytest.fixture
def study_session(db: Session, personas: Personas, now: datetime) -> StudySession:
    return make_study_session(db, now, make_course(db))


def test_what_is_overdue_comes_first_with_how_far_it_is(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    user_id = personas.officer.user_id
    later = ask_to_read(db, personas.supervisor, now, study_session, people=[user_id], days=20)
    sooner = ask_to_read(db, personas.supervisor, now, study_session, people=[user_id], days=2)
    page = asked_page(db, personas.officer, now + timedelta(days=5))
    assert [(line.id, line.state, line.days_left) for line in page.open] == [
        (sooner, State.OVERDUE, -3), (later, State.OPEN, 15),
    ]  # fmt: skip
    assert page.open[0].facts == SessionFacts(0, 2, None, None)
    assert page.open[0].by == "田中 真理"


def test_what_was_just_done_is_no_longer_asked(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    user_id = personas.officer.user_id
    made = ask_to_read(db, personas.supervisor, now, study_session, people=[user_id])
    assert [line.id for line in asked_on_home(db, personas.officer, now)] == [made]
    read_to_the_end(db, user_id, study_session, now)
    assert not asked_on_home(db, personas.officer, now)
    page = asked_page(db, personas.officer, now)
    assert not page.open
    assert [line.id for line in page.done] == [made]


def test_what_was_cancelled_or_withdrawn_is_not_asked(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    people = [personas.officer.user_id]
    cancelled = ask_to_read(db, personas.supervisor, now, study_session, people=people)
    assignments.cancel(db, personas.supervisor, cancelled, now)
    assert not asked_on_home(db, personas.officer, now)
    ask_to_read(db, personas.supervisor, now, study_session, people=people, days=9)
    study_session.status = "draft"
    db.flush()
    assert not asked_on_home(db, personas.officer, now)


def test_a_home_without_requests_asks_the_database_once(
    engine: Engine, personas: Personas, now: datetime
) -> None:
    with counted_statements(engine) as sent, reading(engine) as db:
        assert not asked_on_home(db, personas.officer, now)
    assert len(sent) == 1
