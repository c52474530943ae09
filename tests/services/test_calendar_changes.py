"""Whatever changes day, place or standing of a study session raises its number in calendars, and the people are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from studyhub.persistence.models import Notice, Registration, StudySession
from studyhub.persistence.session import reading, transaction
from studyhub.services.study_session_publishing import publish, retire, unpublish
from tests.factories.content_folders import ContentFolder
from tests.factories.content_sites import Site
from tests.factories.people import make_user
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas

SESSION = "courses/basics/01-crypto/session.md"


@pytest.fixture
def site(engine: Engine, tmp_path: Path, now: datetime) -> Site:
    made = Site(engine, ContentFolder(tmp_path / "content"), tmp_path / "files", now)
    made.sync()
    return made


def _the_session(engine: Engine) -> StudySession:
    with reading(engine) as db:
        return db.scalars(select(StudySession)).one()


def test_withdrawing_and_publishing_again_each_raise_the_number(
    db: Session, personas: Personas, now: datetime
) -> None:
    row = make_study_session(db, now, make_course(db), key="first-hearing")
    unpublish(db, personas.lecturer, row.key, now)
    assert row.calendar_sequence == 1
    unpublish(db, personas.lecturer, row.key, now)
    assert row.calendar_sequence == 1
    publish(db, personas.lecturer, row.key, now)
    assert row.calendar_sequence == 2


@pytest.mark.parametrize("change", ["held_on: 2027-01-20", "status: draft"])
def test_a_new_day_or_a_withdrawal_in_the_files_raises_the_number_and_tells_those_with_a_seat(
    site: Site, now: datetime, change: str
) -> None:
    site.folder.replace(SESSION, f"held_on: {_the_session(site.engine).held_on}", "held_on: 2027-01-13")
    site.sync()
    before = _the_session(site.engine)
    with transaction(site.engine) as db:
        user = make_user(db, now)
        db.add(
            Registration(
                study_session_id=before.id, user_id=user.id, state="registered", asked_at=now, changed_at=now
            )
        )
    old = f"held_on: {before.held_on}" if change.startswith("held_on") else f"status: {before.status}"
    site.folder.replace(SESSION, old, change)
    site.sync()
    assert _the_session(site.engine).calendar_sequence == before.calendar_sequence + 1
    with reading(site.engine) as db:
        assert db.scalars(select(Notice.kind)).all() == ["session_changed"]


def test_those_with_a_seat_are_told_once_that_a_coming_session_is_withdrawn(
    db: Session, personas: Personas, now: datetime
) -> None:
    row = make_study_session(db, now, make_course(db), key="first-hearing")
    past = make_study_session(db, now, make_course(db), held_on=now.date() - timedelta(days=1))
    for each in (row, past):
        keys = {"study_session_id": each.id, "user_id": personas.officer.user_id}
        db.add(Registration(**keys, state="registered", asked_at=now, changed_at=now))
    db.flush()
    unpublish(db, personas.lecturer, past.key, now)
    unpublish(db, personas.lecturer, row.key, now)
    retire(db, personas.lecturer, row.key, now)
    told = db.scalars(select(Notice)).all()
    assert [(notice.user_id, notice.params) for notice in told] == [
        (personas.officer.user_id, {"title": row.title, "what": "withdrawn"})
    ]


def test_a_new_sentence_in_the_notes_moves_no_calendar(site: Site) -> None:
    before = _the_session(site.engine)
    with site.folder.root.joinpath(SESSION).open("a", encoding="utf-8") as file:
        file.write("\nもう一文。\n")
    site.sync()
    assert _the_session(site.engine).calendar_sequence == before.calendar_sequence
