"""Who sees a study session and when; the bin and its end; picking questions."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.editing import KEEP_DELETED, SessionFields
from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from studyhub.persistence.models import (
    AuditEntry,
    Job,
    Material,
    ReadingMark,
    StoredFile,
    StudySession,
    StudySessionRevision,
)
from studyhub.reads.calendars import calendar_entry
from studyhub.reads.home import home_page
from studyhub.reads.search import search_page
from studyhub.reads.study_session_library import LibraryFilter, library
from studyhub.reads.study_sessions import study_session_page
from studyhub.reads.teaching import teaching_pages
from studyhub.services import study_session_publishing as publishing
from studyhub.services.check_quiz import ChangeQuiz, QuizStep, change_quiz
from studyhub.services.search import plan_reindex, store_batch
from studyhub.services.study_session_editing import (
    CreateStudySession,
    RenderedNotes,
    SaveStudySession,
    create_study_session,
    save_revision,
)
from studyhub.services.study_session_erasure import erase_deleted
from tests.factories.questions import make_question, make_syllabus
from tests.factories.slides import make_material
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas

NOTES = RenderedNotes("本文です。", [["html", "<p>本文です。</p>"]], [], "本文です。")


@pytest.fixture
def key(db: Session, now: datetime, personas: Personas) -> str:
    make_course(db, key="basics")
    fields = SessionFields(
        title="題名", course="basics", title_en="Draft one", held_on=(now + timedelta(days=9)).date()
    )
    return create_study_session(db, personas.lecturer, CreateStudySession(fields, NOTES), now)


def _row(db: Session, key: str) -> StudySession:
    return db.scalars(select(StudySession).where(StudySession.key == key)).one()


def _actions(db: Session) -> list[str]:
    return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_publishing_and_taking_back_are_steps_that_the_log_tells(
    db: Session, now: datetime, personas: Personas, key: str
) -> None:
    publishing.publish(db, personas.lecturer, key, now)
    assert _row(db, key).status == "published"
    publishing.unpublish(db, personas.administrator, key, now)
    assert _row(db, key).status == "draft"
    assert _actions(db) == ["study_session.publish", "study_session.unpublish"]


def test_an_officer_publishes_nothing(db: Session, now: datetime, personas: Personas, key: str) -> None:
    for step in (publishing.publish, publishing.delete, publishing.retire, publishing.unpublish):
        with pytest.raises(Forbidden):
            step(db, personas.officer, key, now)


def test_an_empty_session_is_not_published(db: Session, now: datetime, personas: Personas, key: str) -> None:
    fields = SessionFields(title="題名", course="basics")
    save_revision(db, personas.lecturer, SaveStudySession(key, fields, RenderedNotes("", [], [], ""), 1), now)
    with pytest.raises(Invalid, match="本文か資料"):
        publishing.publish(db, personas.lecturer, key, now)


def test_a_figure_without_its_description_keeps_a_session_from_being_published(
    db: Session, now: datetime, personas: Personas, key: str
) -> None:
    notes = RenderedNotes("![](figures/a.png)\n\n{{question none-1}}", [["html", "<p></p>"]], [], "")
    fields = SessionFields(title="題名", course="basics")
    save_revision(db, personas.lecturer, SaveStudySession(key, fields, notes, 1), now)
    with pytest.raises(Invalid, match="3件"):  # no description, no file, no such question
        publishing.publish(db, personas.lecturer, key, now)


def test_a_scheduled_session_is_published_when_its_time_has_come_however_late_the_worker(
    db: Session, now: datetime, personas: Personas, key: str
) -> None:
    at = now + timedelta(days=1)
    publishing.schedule(db, personas.lecturer, key, at, now)
    job = db.scalars(select(Job).where(Job.kind == publishing.PUBLISH_JOB)).one()
    assert job.run_after == at
    assert publishing.publish_due(db, now) == 0
    assert _row(db, key).status == "draft"
    assert publishing.publish_due(db, at + timedelta(days=3)) == 1
    assert _row(db, key).status == "published"
    assert publishing.publish_due(db, at + timedelta(days=3)) == 0


def test_a_session_put_off_waits_for_the_later_time(
    db: Session, now: datetime, personas: Personas, key: str
) -> None:
    for days in (1, 2):
        publishing.schedule(db, personas.lecturer, key, now + timedelta(days=days), now)
    assert db.scalar(select(func.count()).where(Job.kind == publishing.PUBLISH_JOB)) == 2
    assert publishing.publish_due(db, now + timedelta(days=1)) == 0
    assert publishing.publish_due(db, now + timedelta(days=2)) == 1


def test_a_time_that_is_past_and_a_published_session_cannot_be_scheduled(
    db: Session, now: datetime, personas: Personas, key: str
) -> None:
    with pytest.raises(Invalid):
        publishing.schedule(db, personas.lecturer, key, now, now)
    publishing.publish(db, personas.lecturer, key, now)
    with pytest.raises(Conflict):
        publishing.schedule(db, personas.lecturer, key, now + timedelta(days=1), now)


@pytest.mark.parametrize("hidden", ["draft", "scheduled", "deleted", "retired"])
def test_officers_meet_nothing_that_is_not_published(
    db: Session, now: datetime, personas: Personas, key: str, hidden: str
) -> None:
    publishing.publish(db, personas.lecturer, key, now)
    for batch in plan_reindex(db):
        store_batch(db, batch)
    assert _seen(db, now, personas, key) == {"library", "page", "calendar", "home", "search", "teaching"}
    match hidden:
        case "draft":
            publishing.unpublish(db, personas.lecturer, key, now)
        case "scheduled":
            publishing.unpublish(db, personas.lecturer, key, now)
            publishing.schedule(db, personas.lecturer, key, now + timedelta(days=1), now)
        case "deleted":
            publishing.delete(db, personas.lecturer, key, now)
        case _:
            publishing.retire(db, personas.lecturer, key, now)
    assert _seen(db, now, personas, key) == set()


def _seen(db: Session, now: datetime, personas: Personas, key: str) -> set[str]:
    """Where an officer meets the session."""
    officer = personas.officer
    seen = set()
    if library(db, officer, LibraryFilter(), now).count:
        seen.add("library")
    for name, look in (
        ("page", lambda: study_session_page(db, officer, key, now)),
        ("calendar", lambda: calendar_entry(db, officer, key)),
    ):
        try:
            look()
            seen.add(name)
        except NotFound:
            continue
    if home_page(db, officer, now).upcoming:
        seen.add("home")
    if search_page(db, officer, "本文です", None, 1).hits:
        seen.add("search")
    if teaching_pages(db, [f"{key}#first"]):
        seen.add("teaching")
    return seen


def test_what_is_deleted_comes_back_as_a_draft(
    db: Session, now: datetime, personas: Personas, key: str
) -> None:
    publishing.publish(db, personas.lecturer, key, now)
    publishing.delete(db, personas.lecturer, key, now)
    with pytest.raises(NotFound):
        publishing.publish(db, personas.lecturer, key, now)
    publishing.bring_back(db, personas.administrator, key, now)
    assert (_row(db, key).status, _row(db, key).deleted_at) == ("draft", None)
    assert _actions(db)[-2:] == ["study_session.delete", "study_session.bring_back"]


def test_after_thirty_days_the_writing_is_erased_and_the_row_stays(
    db: Session, now: datetime, personas: Personas, key: str, tmp_path: Path
) -> None:
    row = _row(db, key)
    make_material(db, now, row, tmp_path, b"only here", name="a.pdf", role="handout", state="ready")
    db.add(
        ReadingMark(user_id=personas.officer.user_id, study_session_id=row.id, anchor="first", read_at=now)
    )
    publishing.delete(db, personas.lecturer, key, now)
    assert erase_deleted(db, now + KEEP_DELETED - timedelta(hours=1)) == 0
    assert erase_deleted(db, now + KEEP_DELETED + timedelta(hours=1)) == 1
    for gone in (StudySessionRevision, Material, ReadingMark, StoredFile):
        assert db.scalar(select(func.count()).select_from(gone)) == 0
    assert (_row(db, key).title, _row(db, key).status) == ("題名", "retired")
    with pytest.raises(NotFound):
        publishing.bring_back(db, personas.lecturer, key, now)


def test_a_file_that_another_session_shows_too_is_kept(
    db: Session, now: datetime, personas: Personas, key: str, tmp_path: Path
) -> None:
    other = make_study_session(db, now, make_course(db))
    for row in (_row(db, key), other):
        make_material(db, now, row, tmp_path, b"shared", name="a.pdf", role="handout", state="ready")
    publishing.delete(db, personas.lecturer, key, now)
    erase_deleted(db, now + KEEP_DELETED + timedelta(hours=1))
    assert db.scalar(select(func.count()).select_from(StoredFile)) == 1


# Check questions


def test_questions_are_added_ordered_and_removed(
    db: Session, now: datetime, personas: Personas, key: str
) -> None:
    topic = make_syllabus(db)[0]
    for number in (1, 2):
        make_question(db, now, topic, key=f"ip-61-00{number}")

    def change(step: QuizStep, question: str) -> list[str]:
        change_quiz(db, personas.lecturer, ChangeQuiz(key, step, question), now)
        checks: list[str] = db.get_one(StudySessionRevision, _row(db, key).current_revision_id).checks
        return checks

    change(QuizStep.ADD, "ip-61-001")
    assert change(QuizStep.ADD, "ip-61-002") == ["ip-61-001", "ip-61-002"]
    assert change(QuizStep.UP, "ip-61-002") == ["ip-61-002", "ip-61-001"]
    assert change(QuizStep.DOWN, "ip-61-002") == ["ip-61-001", "ip-61-002"]
    assert change(QuizStep.REMOVE, "ip-61-001") == ["ip-61-002"]
    with pytest.raises(Invalid):
        change(QuizStep.ADD, "no-such-question")


def test_picking_questions_is_not_in_the_way_of_whoever_writes_the_text(
    db: Session, now: datetime, personas: Personas, key: str
) -> None:
    make_question(db, now, make_syllabus(db)[0], key="ip-61-001")
    change_quiz(db, personas.administrator, ChangeQuiz(key, QuizStep.ADD, "ip-61-001"), now)
    fields = SessionFields(title="新しい題名", course="basics", title_en="Draft one")
    assert save_revision(db, personas.lecturer, SaveStudySession(key, fields, NOTES, 1), now) == 3
    revision = db.get_one(StudySessionRevision, _row(db, key).current_revision_id)
    assert revision.checks == ["ip-61-001"]
