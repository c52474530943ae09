"""The lecturer's home: every session with its state, and what waits."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from studyhub.domain.editing import SessionState
from studyhub.persistence.models import Inquiry, StudySession
from studyhub.reads.studio import StudioFilter, StudioHome, studio_home
from studyhub.services.study_session_publishing import delete, retire, schedule
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas


@pytest.fixture
def course(db: Session, now: datetime, personas: Personas) -> None:
    """One session in each state, held on different days."""
    made = make_course(db, key="basics")
    for place, key in enumerate(("published", "draft", "scheduled", "retired", "deleted")):
        day = (now + timedelta(days=place)).date()
        make_study_session(db, now, made, key=key, title=f"{key} の回", held_on=day, status="draft")
    db.query(StudySession).filter_by(key="published").update({"status": "published"})
    schedule(db, personas.lecturer, "scheduled", now + timedelta(days=1), now)
    retire(db, personas.lecturer, "retired", now)
    delete(db, personas.lecturer, "deleted", now)


def _home(db: Session, now: datetime, personas: Personas, **wanted: str) -> StudioHome:
    return studio_home(db, personas.lecturer, StudioFilter(**wanted), now)  # type: ignore[arg-type]


def test_every_state_is_told_and_counted_and_the_bin_stands_apart(
    db: Session, now: datetime, personas: Personas, course: None
) -> None:
    page = _home(db, now, personas)
    assert {row.key: row.state for row in page.rows} == {
        "published": SessionState.PUBLISHED,
        "draft": SessionState.DRAFT,
        "scheduled": SessionState.SCHEDULED,
        "retired": SessionState.RETIRED,
    }
    assert set(page.counts.values()) == {1}
    assert [row.key for row in _home(db, now, personas, state="deleted").rows] == ["deleted"]


@pytest.mark.parametrize("state", list(SessionState))
def test_a_state_shows_its_own_sessions_only(
    db: Session, now: datetime, personas: Personas, course: None, state: SessionState
) -> None:
    assert [row.key for row in _home(db, now, personas, state=state.value).rows] == [state.value]


def test_words_course_and_ones_own_narrow_the_list(
    db: Session, now: datetime, personas: Personas, course: None
) -> None:
    assert [row.key for row in _home(db, now, personas, text="draft 回").rows] == ["draft"]
    assert not _home(db, now, personas, course="another").rows
    assert not _home(db, now, personas, whose="mine").rows
    db.query(StudySession).filter_by(key="draft").update({"author_id": personas.lecturer.user_id})
    assert [row.key for row in _home(db, now, personas, whose="mine").rows] == ["draft"]


def test_what_is_held_next_comes_in_the_order_of_days(
    db: Session, now: datetime, personas: Personas, course: None
) -> None:
    assert [row.key for row in _home(db, now, personas).held_next] == ["published", "draft", "scheduled"]
    at_noon = {"held_on": (now + timedelta(days=1)).date(), "starts_at": now + timedelta(days=1)}
    db.query(StudySession).filter_by(key="scheduled").update(at_noon)
    held_next = [row.key for row in _home(db, now, personas).held_next]
    assert held_next == ["published", "scheduled", "draft"], "of one day, those without a time last"


def test_open_questions_of_officers_wait(db: Session, now: datetime, personas: Personas) -> None:
    for state in ("open", "answered"):
        db.add(
            Inquiry(asked_by=personas.officer.user_id, title="質問", text="本文", state=state, asked_at=now)
        )
    db.flush()
    assert _home(db, now, personas).waiting.inquiries == 1
