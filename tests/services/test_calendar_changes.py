"""Whatever changes day, place or standing of a study session raises its number in calendars, and the people are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from studyhub.domain.editing import SessionFields
from studyhub.persistence.models import Notice, Registration, StudySession
from studyhub.persistence.session import reading, transaction
from studyhub.services.study_session_editing import RenderedNotes, SaveStudySession, save_revision
from studyhub.services.study_session_publishing import publish, publish_due, retire, schedule, unpublish
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


@pytest.mark.parametrize("how", ["at once", "at its time"])
def test_those_with_a_seat_are_told_day_and_place_when_a_withdrawn_session_is_published_again(
    db: Session, personas: Personas, now: datetime, how: str
) -> None:
    row = make_study_session(db, now, make_course(db, key="basics"), key="first-hearing")
    keys = {"study_session_id": row.id, "user_id": personas.officer.user_id}
    db.add(Registration(**keys, state="registered", asked_at=now, changed_at=now))
    db.flush()
    unpublish(db, personas.lecturer, row.key, now)
    moved = row.held_on + timedelta(days=10) if row.held_on else None
    fields = SessionFields(title=row.title, course="basics", held_on=moved, place="大会議室")
    notes = RenderedNotes("本文です。", [["html", "<p>本文です。</p>"]], [], "本文です。")
    save_revision(db, personas.lecturer, SaveStudySession(row.key, fields, notes, 1), now)
    if how == "at once":
        publish(db, personas.lecturer, row.key, now)
        publish(db, personas.lecturer, row.key, now)
    else:
        at = now + timedelta(days=1)
        schedule(db, personas.lecturer, row.key, at, now)
        assert publish_due(db, at) == 1
    told = db.scalars(select(Notice).order_by(Notice.id)).all()
    assert [notice.params["what"] for notice in told] == ["withdrawn", "held"]
    assert told[1].user_id == personas.officer.user_id
    assert told[1].path == "/study-sessions/first-hearing"
    assert told[1].params["new"] == {"held_on": str(moved), "starts_at": "", "place": "大会議室"}


def test_nobody_is_told_of_notes_published_again_after_the_day(
    db: Session, personas: Personas, now: datetime
) -> None:
    past = make_study_session(db, now, make_course(db), held_on=now.date() - timedelta(days=1))
    keys = {"study_session_id": past.id, "user_id": personas.officer.user_id}
    db.add(Registration(**keys, state="registered", asked_at=now, changed_at=now))
    db.flush()
    unpublish(db, personas.lecturer, past.key, now)
    publish(db, personas.lecturer, past.key, now)
    assert not db.scalars(select(Notice)).all()


def test_a_session_whose_file_is_published_again_tells_those_with_a_seat(site: Site, now: datetime) -> None:
    row = _the_session(site.engine)
    site.folder.replace(SESSION, f"held_on: {row.held_on}", "held_on: 2027-01-13")
    site.sync()
    with transaction(site.engine) as db:
        keys = {"study_session_id": row.id, "user_id": make_user(db, now).id}
        db.add(Registration(**keys, state="registered", asked_at=now, changed_at=now))
    for old, new in (("published", "draft"), ("draft", "published")):
        site.folder.replace(SESSION, f"status: {old}", f"status: {new}")
        site.sync()
    with reading(site.engine) as db:
        told = [notice.params for notice in db.scalars(select(Notice).order_by(Notice.id))]
    assert [params["what"] for params in told] == ["withdrawn", "held"]
    assert told[1]["new"]["held_on"] == "2027-01-13"


def test_a_new_sentence_in_the_notes_moves_no_calendar(site: Site) -> None:
    before = _the_session(site.engine)
    with site.folder.root.joinpath(SESSION).open("a", encoding="utf-8") as file:
        file.write("\nもう一文。\n")
    site.sync()
    assert _the_session(site.engine).calendar_sequence == before.calendar_sequence
