"""Courses and study sessions with their immutable revisions, topics, lecturers and materials."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.content.loader import FoundFile, LoadedStudySession
from studyhub.content.plan import fingerprint, study_session_fingerprint
from studyhub.domain.days import TOKYO
from studyhub.domain.surveys import SurveyMoment
from studyhub.formats import study_session as formats
from studyhub.persistence.models import (
    Course,
    Material,
    StudySession,
    StudySessionLecturer,
    StudySessionRevision,
    StudySessionTopic,
)
from studyhub.services import seats
from studyhub.services.content_sync.attachments import Attachments
from studyhub.services.content_sync.followups import ask_for_slide_pages
from studyhub.services.content_sync.worksheets import worksheet_ids
from studyhub.services.study_session_changes import (
    Meeting,
    meeting_of,
    tell_of_changes,
    tell_of_return,
    tell_of_withdrawal,
)
from studyhub.services.survey_drafts import draft_survey

FIGURE, SLIDES = "figure", "slides"


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """As `StudySessionRevision` stores it."""

    segments: list[Any]
    toc: list[Any]
    plain: str


@dataclass(frozen=True, slots=True)
class PreparedStudySession:
    """`rendered` is None where the revision that is held already shows the same."""

    loaded: LoadedStudySession
    revision_hash: str
    rendered: RenderedPage | None


def store_courses(db: Session, authored: Iterable[formats.Course], retired: Iterable[str]) -> None:
    for course in authored:
        row = db.scalars(select(Course).where(Course.key == course.id)).first()
        if row is None:
            row = Course(key=course.id)
            db.add(row)
        row.title = course.title
        row.title_en = course.title_en
        row.summary = course.summary
        row.summary_en = course.summary_en
        row.audience = course.audience
        row.position = course.order
        row.retired = False
        row.content_hash = fingerprint(course)
    for key in retired:
        db.scalars(select(Course).where(Course.key == key)).one().retired = True
    db.flush()


def held_page_hashes(db: Session) -> dict[str, str]:
    """Of the current revision of each study session, by key."""
    rows = db.execute(
        select(StudySession.key, StudySessionRevision.content_hash).join(
            StudySessionRevision, StudySessionRevision.id == StudySession.current_revision_id
        )
    )
    return {row.key: row.content_hash for row in rows}


def store_study_sessions(
    db: Session,
    prepared: Sequence[PreparedStudySession],
    retired: Iterable[str],
    topics: dict[str, int],
    attachments: Attachments,
    now: datetime,
) -> int:
    """Returns how many revisions were written."""
    courses = {row.key: row.id for row in db.execute(select(Course.key, Course.id))}
    sheets = worksheet_ids(db)
    for entry in prepared:
        row = _store_study_session(db, entry, courses[entry.loaded.course_id], now)
        row.worksheet_id = sheets.get(entry.loaded.page.worksheet or "")
        if entry.rendered is not None:
            _add_revision(db, row, entry, entry.rendered, now)
        store_topics(db, row.id, entry.loaded.page.topics, topics)
        store_lecturers(db, row.id, entry.loaded.page.lecturers)
        _store_materials(db, row.id, entry.loaded, attachments, now)
        if entry.loaded.page.survey is not None:
            draft_survey(db, row.id, SurveyMoment.AFTER, now)
    for key in retired:
        gone = db.scalars(select(StudySession).where(StudySession.key == key)).one()
        gone.status = formats.SessionStatus.RETIRED.value
        gone.fingerprint = ""
        gone.calendar_sequence += 1
        tell_of_withdrawal(db, gone, now)
    db.flush()
    return sum(entry.rendered is not None for entry in prepared)


def _store_study_session(
    db: Session, entry: PreparedStudySession, course_id: int, now: datetime
) -> StudySession:
    page = entry.loaded.page
    row = db.scalars(select(StudySession).where(StudySession.key == page.id)).first()
    before = (meeting_of(row), row.status) if row else None
    if row is None:
        row = StudySession(key=page.id)
        db.add(row)
    row.course_id = course_id
    row.kind = page.kind.value
    row.title = page.title
    row.title_en = page.title_en
    row.summary = page.summary
    row.summary_en = page.summary_en
    row.held_on = page.held_on
    row.starts_at = in_utc(page.held_on, page.starts_at)
    row.minutes = page.minutes
    row.place = page.place
    row.position = entry.loaded.position
    row.status = page.status.value
    row.fingerprint = study_session_fingerprint(entry.loaded)
    db.flush()
    if before is not None:
        _follow_in_calendars(db, row, before, now)
    return row


def _follow_in_calendars(db: Session, row: StudySession, before: tuple[Meeting, str], now: datetime) -> None:
    meeting, status = before
    if (meeting_of(row), row.status) == before:
        return
    row.calendar_sequence += 1
    db.flush()
    if status == row.status:
        tell_of_changes(db, row, meeting, now)
    elif status == formats.SessionStatus.PUBLISHED:
        tell_of_withdrawal(db, row, now)
    elif row.status == formats.SessionStatus.PUBLISHED:
        tell_of_return(db, row, now)
    seats.move_up(db, row, now)


def in_utc(day: date | None, at: time | None) -> datetime | None:
    """A time without a day says nothing about when."""
    if day is None or at is None:
        return None
    return datetime.combine(day, at, TOKYO).astimezone(UTC)


def _add_revision(
    db: Session, row: StudySession, entry: PreparedStudySession, rendered: RenderedPage, now: datetime
) -> None:
    last = db.scalar(
        select(func.max(StudySessionRevision.number)).where(StudySessionRevision.study_session_id == row.id)
    )
    page = entry.loaded.page
    revision = StudySessionRevision(
        study_session_id=row.id,
        number=(last or 0) + 1,
        content_hash=entry.revision_hash,
        source=page.source,
        segments=rendered.segments,
        toc=rendered.toc,
        plain=rendered.plain,
        objectives=list(page.objectives),
        checks=list(dict.fromkeys([*_inside(rendered), *page.check])),
        created_at=now,
    )
    db.add(revision)
    db.flush()
    row.current_revision_id = revision.id


def _inside(rendered: RenderedPage) -> Iterable[str]:
    """Keys of the check questions that stand in the notes."""
    return (content for kind, content in rendered.segments if kind == "question")


def store_topics(db: Session, id_: int, authored: Sequence[str], topics: dict[str, int]) -> None:
    wanted = {topics[key]: position for position, key in enumerate(dict.fromkeys(authored))}
    held = select(StudySessionTopic).where(StudySessionTopic.study_session_id == id_)
    rows = {row.topic_id: row for row in db.scalars(held)}
    for topic_id, position in wanted.items():
        if topic_id in rows:
            rows[topic_id].position = position
        else:
            db.add(StudySessionTopic(study_session_id=id_, topic_id=topic_id, position=position))
    for topic_id in rows.keys() - wanted.keys():
        db.delete(rows[topic_id])


def store_lecturers(db: Session, id_: int, authored: Sequence[str]) -> None:
    wanted = dict(enumerate(dict.fromkeys(authored)))
    held = select(StudySessionLecturer).where(StudySessionLecturer.study_session_id == id_)
    rows = {row.position: row for row in db.scalars(held)}
    for position, name in wanted.items():
        if position in rows:
            rows[position].name = name
        else:
            db.add(StudySessionLecturer(study_session_id=id_, position=position, name=name))
    for position in rows.keys() - wanted.keys():
        db.delete(rows[position])


@dataclass(frozen=True, slots=True)
class _Wanted:
    file: FoundFile
    title: str
    role: str
    position: int


def _store_materials(
    db: Session, id_: int, loaded: LoadedStudySession, attachments: Attachments, now: datetime
) -> None:
    wanted = _wanted_materials(loaded)
    held = select(Material).where(Material.study_session_id == id_)
    rows = {row.path: row for row in db.scalars(held)}
    for path, material in wanted.items():
        row = rows.get(path)
        if row is None:
            row = Material(study_session_id=id_, path=path)
            db.add(row)
        _fill_material(db, row, material, attachments.id_of(material.file), now)
    for path in rows.keys() - wanted.keys():
        rows[path].current = False
    db.flush()


def _wanted_materials(loaded: LoadedStudySession) -> dict[str, _Wanted]:
    """By path. What the front matter names comes first and keeps its role where the notes show it too."""
    files = {file.name: file for file in loaded.materials}
    wanted = {
        material.file: _Wanted(files[material.file], material.title, material.role.value, position)
        for position, material in enumerate(loaded.page.materials)
    }
    for position, file in enumerate(loaded.figures, start=len(wanted)):
        wanted.setdefault(file.name, _Wanted(file, "", FIGURE, position))
    return wanted


def _fill_material(db: Session, row: Material, material: _Wanted, file_id: str, now: datetime) -> None:
    """The pages of slides stay as they are until the worker has made those of the new file."""
    is_new_file = row.file_id != file_id or row.role != material.role
    row.file_id = file_id
    row.title = material.title
    row.role = material.role
    row.position = material.position
    row.current = True
    if is_new_file:
        row.state = "waiting" if material.role == SLIDES else "ready"
    db.flush()
    if row.state == "waiting":
        ask_for_slide_pages(db, row.id, now)
