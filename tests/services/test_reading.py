"""What is read is kept once, for oneself, and only of study sessions one may see."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.persistence.models import ReadingMark, ReadingPosition, StudySession
from studyhub.services.reading import MarkReading, mark_reading
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas


@pytest.fixture
def study_session(db: Session, now: datetime) -> StudySession:
    return make_study_session(db, now, make_course(db), key="first-hearing")


def _marks(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(ReadingMark)) or 0


def test_a_section_that_is_sent_twice_is_stored_once_and_keeps_its_first_time(
    db: Session, now: datetime, personas: Personas, study_session: StudySession
) -> None:
    command = MarkReading("first-hearing", read=("first",))
    mark_reading(db, personas.officer, command, now)
    progress = mark_reading(db, personas.officer, command, now + timedelta(hours=1))
    assert (progress.read, progress.total) == (1, 2)
    assert db.scalars(select(ReadingMark.read_at)).all() == [now]


def test_the_last_position_counts_whichever_device_sent_it(
    db: Session, now: datetime, personas: Personas, study_session: StudySession
) -> None:
    mark_reading(db, personas.officer, MarkReading("first-hearing", anchor="first", slide=3), now)
    mark_reading(
        db, personas.officer, MarkReading("first-hearing", anchor="second"), now + timedelta(minutes=1)
    )
    place = db.get(ReadingPosition, (personas.officer.user_id, study_session.id), populate_existing=True)
    assert place is not None
    assert (place.anchor, place.slide) == ("second", 3)


def test_anchors_the_notes_do_not_have_are_left_out(
    db: Session, now: datetime, personas: Personas, study_session: StudySession
) -> None:
    stale = MarkReading("first-hearing", read=("gone", "first"), anchor="gone")
    assert mark_reading(db, personas.officer, stale, now).read == 1
    assert db.get(ReadingPosition, (personas.officer.user_id, study_session.id)) is None


def test_what_one_reads_is_not_what_another_has_read(
    db: Session, now: datetime, personas: Personas, study_session: StudySession
) -> None:
    mark_reading(db, personas.officer, MarkReading("first-hearing", read=("first", "second")), now)
    assert mark_reading(db, personas.colleague_elsewhere, MarkReading("first-hearing"), now).read == 0


def test_a_draft_is_there_for_lecturers_only(db: Session, now: datetime, personas: Personas) -> None:
    make_study_session(db, now, make_course(db), key="draft", status="draft")
    command = MarkReading("draft", read=("first",))
    assert mark_reading(db, personas.lecturer, command, now).read == 1
    with pytest.raises(NotFound):
        mark_reading(db, personas.officer, command, now)
    assert _marks(db) == 1
