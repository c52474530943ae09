"""The library and the page of a study session hold what somebody may see, with as many statements however much there is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.persistence.models import (
    Course,
    Material,
    StudySession,
    StudySessionLecturer,
    StudySessionTopic,
    Topic,
)
from studyhub.persistence.session import reading, transaction
from studyhub.reads.calendars import calendar_entry
from studyhub.reads.files import served_file
from studyhub.reads.slides import slides_page
from studyhub.reads.study_session_library import LibraryFilter, library
from studyhub.reads.study_sessions import study_session_page
from studyhub.services import files
from studyhub.services.reading import MarkReading, mark_reading
from tests.factories.questions import make_question, make_syllabus
from tests.factories.slides import make_material, make_slides
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas
from tests.statements import counted_statements


@pytest.fixture
def course(db: Session) -> Course:
    return make_course(db, key="basics")


def _titles(db: Session, personas: Personas, now: datetime, **wanted: str) -> list[str]:
    page = library(db, personas.officer, LibraryFilter(**wanted), now)
    return [row.title for course in page.courses for row in course.rows]


def test_the_library_is_filtered_by_course_topic_lecturer_time_and_kind(
    db: Session, now: datetime, personas: Personas, course: Course
) -> None:
    (topic,) = make_syllabus(db)
    past = make_study_session(db, now, course, title="前", held_on=now.date() - timedelta(days=1))
    make_study_session(
        db, now, make_course(db), title="後", held_on=now.date() + timedelta(days=1)
    ).kind = "workshop"
    db.add(StudySessionTopic(study_session_id=past.id, topic_id=topic.id))
    db.add(StudySessionLecturer(study_session_id=past.id, position=0, name="例田 花子"))
    db.flush()
    assert _titles(db, personas, now) == ["前", "後"]
    for wanted in ({"course": "basics"}, {"topic": "ip-6.5:61"}, {"lecturer": "例田 花子"}, {"when": "past"}):
        assert _titles(db, personas, now, **wanted) == ["前"], wanted
    assert _titles(db, personas, now, when="upcoming") == ["後"]
    assert _titles(db, personas, now, kind="workshop") == ["後"]
    assert _titles(db, personas, now, course="nowhere") == []


def test_today_s_session_is_still_upcoming_by_the_clock_of_tokyo(
    db: Session, now: datetime, personas: Personas, course: Course
) -> None:
    today_in_tokyo = now.date()
    make_study_session(db, now, course, title="今日", held_on=today_in_tokyo)
    last_minute = now.replace(hour=14, minute=59)
    assert _titles(db, personas, last_minute, when="upcoming") == ["今日"]
    assert _titles(db, personas, last_minute + timedelta(minutes=1), when="past") == ["今日"]


def test_the_library_says_how_much_of_each_session_is_read(
    db: Session, now: datetime, personas: Personas, course: Course
) -> None:
    make_study_session(db, now, course, key="read")
    mark_reading(db, personas.officer, MarkReading("read", read=("first",)), now)
    (row,) = library(db, personas.officer, LibraryFilter(), now).courses[0].rows
    assert (row.progress.read, row.progress.total) == (1, 2)


def test_a_draft_and_its_files_are_there_for_those_who_may_preview_and_for_nobody_else(
    db: Session, now: datetime, personas: Personas, course: Course, tmp_path: Path
) -> None:
    draft = make_study_session(db, now, course, key="draft", status="draft")
    material = make_slides(db, now, draft, tmp_path, 1)
    image = slides_page(db, personas.lecturer, "draft", 1).slide.image_id
    assert study_session_page(db, personas.administrator, "draft", now).is_draft
    for file_id in (material.file_id, image):
        assert served_file(db, personas.lecturer, file_id)
        with pytest.raises(NotFound):
            served_file(db, personas.officer, file_id)
    for read in (
        lambda: study_session_page(db, personas.officer, "draft", now),
        lambda: slides_page(db, personas.officer, "draft", 1),
        lambda: calendar_entry(db, personas.officer, "draft"),
    ):
        with pytest.raises(NotFound):
            read()
    assert _titles(db, personas, now) == []


def test_a_file_of_no_session_is_served_only_when_it_is_a_figure(
    db: Session, now: datetime, personas: Personas, tmp_path: Path
) -> None:
    figure = files.store(db, tmp_path, b"<svg/>", "a.svg", "image/svg+xml", now)
    paper = files.store(db, tmp_path, b"%PDF", "a.pdf", "application/pdf", now)
    assert served_file(db, personas.officer, figure.id).name == "a.svg"
    with pytest.raises(NotFound):
        served_file(db, personas.officer, paper.id)


def test_a_file_taken_out_of_its_session_is_served_no_more(
    db: Session, now: datetime, personas: Personas, course: Course, tmp_path: Path
) -> None:
    material = make_material(db, now, make_study_session(db, now, course), tmp_path, b"x", role="handout")
    assert served_file(db, personas.officer, material.file_id)
    material.current = False
    db.flush()
    with pytest.raises(NotFound):
        served_file(db, personas.officer, material.file_id)


def test_the_page_resumes_where_one_stopped_with_the_minutes_that_are_left(
    db: Session, now: datetime, personas: Personas, course: Course, tmp_path: Path
) -> None:
    make_slides(db, now, make_study_session(db, now, course, key="here"), tmp_path, 5)
    start = study_session_page(db, personas.officer, "here", now)
    assert start.resume is None
    mark_reading(db, personas.officer, MarkReading("here", read=("first",), anchor="second", slide=4), now)
    page = study_session_page(db, personas.officer, "here", now)
    assert page.resume is not None
    assert (page.resume.anchor, page.resume.text) == ("second", "まとめ")
    assert page.read == {"first"}
    assert page.slides is not None
    assert page.slides.shown is not None
    assert (page.slides.shown.number, page.slides.shown.total, page.slides.shown.text) == (
        4,
        5,
        "ページ4の文字",
    )


def test_slides_are_numbered_through_all_files_of_the_session(
    db: Session, now: datetime, personas: Personas, course: Course, tmp_path: Path
) -> None:
    study_session = make_study_session(db, now, course, key="here")
    make_slides(db, now, study_session, tmp_path, 2).path = "first.pdf"
    db.flush()
    make_slides(db, now, study_session, tmp_path, 3)
    page = slides_page(db, personas.officer, "here", 3)
    assert [each.number for each in page.thumbnails] == [1, 2, 3, 4, 5]
    assert page.slide.text == "ページ1の文字"
    for number in (0, 6):
        with pytest.raises(NotFound):
            slides_page(db, personas.officer, "here", number)


def test_neighbours_are_the_visible_sessions_of_the_same_course(
    db: Session, now: datetime, personas: Personas, course: Course
) -> None:
    make_study_session(db, now, course, key="one")
    make_study_session(db, now, course, key="hidden", status="draft")
    make_study_session(db, now, course, key="two")
    make_study_session(db, now, make_course(db), key="elsewhere")
    first, last = (study_session_page(db, personas.officer, key, now) for key in ("one", "two"))
    assert (first.previous, first.next and first.next.key) == (None, "two")
    assert (last.previous and last.previous.key, last.next) == ("one", None)


def test_drafts_take_no_number_from_the_published_sessions_of_their_course(
    db: Session, personas: Personas, now: datetime
) -> None:
    make_study_session(db, now, make_course(db), key="elsewhere")
    course = make_course(db)
    for key, status in (("a", "draft"), ("b", "published"), ("c", "draft"), ("d", "published")):
        make_study_session(db, now, course, key=key, status=status)
    for reader in (personas.officer, personas.lecturer):
        shown = library(db, reader, LibraryFilter(course=course.key), now).courses[0].rows
        assert {row.key: row.ordinal for row in shown if not row.is_draft} == {"b": 1, "d": 2}
        assert {row.ordinal for row in shown if row.is_draft} <= {None}
        assert study_session_page(db, reader, "d", now).ordinal == 2
    assert study_session_page(db, personas.lecturer, "c", now).ordinal is None


def test_check_questions_come_without_their_key_and_only_when_published(
    db: Session, now: datetime, personas: Personas, course: Course
) -> None:
    (topic,) = make_syllabus(db)
    study_session = make_study_session(db, now, course, key="here")
    make_question(db, now, topic, key="inside")
    make_question(db, now, topic, key="after")
    make_question(db, now, topic, key="retired", status="retired")
    revision = study_session.current_revision
    assert revision is not None
    revision.segments = [*revision.segments, ["question", "inside"]]
    revision.checks = ["after", "inside", "retired"]
    db.flush()
    page = study_session_page(db, personas.officer, "here", now)
    assert (page.checks, page.checks_after_notes) == (("inside", "after"), ("after",))
    assert "理由" not in str(asdict(page))


def test_a_page_takes_as_many_statements_however_many_sections_and_sessions_there_are(
    engine: Engine, now: datetime, personas: Personas, tmp_path: Path
) -> None:
    with transaction(engine) as db:
        course = make_course(db)
        topics = make_syllabus(db, leaves=[str(number) for number in range(20)])
        study_session = make_study_session(db, now, course, key="here")
        _grow(db, now, study_session, 1, topics[:1])
        material = make_slides(db, now, study_session, tmp_path, 1)
    few = _statements(engine, now, personas)
    with transaction(engine) as db:
        db.delete(db.get_one(Material, material.id))
        db.flush()
        _grow(db, now, study_session, 30, topics[1:])
        make_slides(db, now, study_session, tmp_path, 30)
    many = _statements(engine, now, personas)
    assert len(many) == len(few)
    assert len(few) <= 30


def _statements(engine: Engine, now: datetime, personas: Personas) -> list[str]:
    with counted_statements(engine) as sent, reading(engine) as db:
        study_session_page(db, personas.officer, "here", now)
        slides_page(db, personas.officer, "here", 1)
        library(db, personas.officer, LibraryFilter(), now)
    return sent


def _grow(db: Session, now: datetime, study_session: StudySession, size: int, topics: list[Topic]) -> None:
    course = db.get_one(Course, study_session.course_id)
    for number in range(size):
        make_study_session(db, now, course)
        db.add(
            StudySessionLecturer(
                study_session_id=study_session.id, position=size + number, name=f"講師{number}"
            )
        )
    for topic in topics:
        db.add(StudySessionTopic(study_session_id=study_session.id, topic_id=topic.id))
    db.flush()
