"""The library: study sessions by course, as filtered, each with what one has read of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.identity import Actor
from studyhub.domain.reading import Heading, ReadingProgress, reading_progress, section_anchors
from studyhub.persistence.models import (
    Course,
    ReadingMark,
    StudySession,
    StudySessionLecturer,
    StudySessionRevision,
    StudySessionTopic,
    Syllabus,
    Topic,
)
from studyhub.persistence.study_sessions import ordinal, visible_to
from studyhub.reads.rows import AnyRow
from studyhub.reads.study_sessions import Named, lecturers_of, topics_of

LONG_COURSE = 4
"""Longer ones are shortened where all courses stand on one page."""
NEXT_ROWS = 3


@dataclass(frozen=True, slots=True)
class LibraryFilter:
    """Keys as they stand in the address; empty for all. `when` is upcoming or past."""

    course: str = ""
    topic: str = ""
    lecturer: str = ""
    when: str = ""
    kind: str = ""

    @property
    def is_set(self) -> bool:
        return any((self.course, self.topic, self.lecturer, self.when, self.kind))


@dataclass(frozen=True, slots=True)
class LibraryRow:
    key: str
    title: str
    title_en: str
    summary: str
    summary_en: str
    kind: str
    ordinal: int | None
    """None for a draft."""
    held_on: date | None
    starts_at: datetime | None
    minutes: int
    lecturers: tuple[str, ...]
    topics: tuple[Named, ...]
    progress: ReadingProgress
    is_upcoming: bool
    is_draft: bool


@dataclass(frozen=True, slots=True)
class LibraryCourse:
    key: str
    title: str
    title_en: str
    summary: str
    summary_en: str
    rows: tuple[LibraryRow, ...]

    @property
    def finished(self) -> int:
        """Study sessions that one has read to the end."""
        return sum(row.progress.is_finished for row in self.rows)

    @property
    def next_rows(self) -> tuple[LibraryRow, ...]:
        """Where one is: the first that is not read to the end, and what follows. All of a short course."""
        if len(self.rows) <= LONG_COURSE:
            return self.rows
        first = next((place for place, row in enumerate(self.rows) if not row.progress.is_finished), 0)
        start = min(first, len(self.rows) - NEXT_ROWS)
        return self.rows[start : start + NEXT_ROWS]


@dataclass(frozen=True, slots=True)
class TopicGroup:
    title: str
    title_en: str
    topics: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Library:
    courses: tuple[LibraryCourse, ...]
    filter: LibraryFilter
    course_choices: tuple[Named, ...]
    topic_choices: tuple[TopicGroup, ...]
    lecturer_choices: tuple[str, ...]

    @property
    def count(self) -> int:
        return sum(len(course.rows) for course in self.courses)


def library(db: Session, actor: Actor, wanted: LibraryFilter, now: datetime) -> Library:
    today = office_day(now)
    found = _found(db, actor, wanted, today)
    ids = [row.id for row in found]
    lecturers, topics = lecturers_of(db, ids), topics_of(db, ids)
    read = _read(db, actor, ids)
    rows = {row.id: _row(row, lecturers[row.id], topics[row.id], read[row.id], today) for row in found}
    return Library(
        courses=tuple(_by_course(found, rows)),
        filter=wanted,
        course_choices=_course_choices(db, actor),
        topic_choices=_topic_choices(db, actor),
        lecturer_choices=_lecturer_choices(db, actor),
    )


def _found(db: Session, actor: Actor, wanted: LibraryFilter, today: date) -> Sequence[AnyRow]:
    return db.execute(
        select(
            StudySession.id,
            StudySession.key,
            StudySession.title,
            StudySession.title_en,
            StudySession.summary,
            StudySession.summary_en,
            StudySession.kind,
            ordinal().label("ordinal"),
            StudySession.held_on,
            StudySession.starts_at,
            StudySession.minutes,
            StudySession.status,
            StudySessionRevision.toc,
            Course.key.label("course"),
            Course.title.label("course_title"),
            Course.title_en.label("course_title_en"),
            Course.summary.label("course_summary"),
            Course.summary_en.label("course_summary_en"),
        )
        .join(Course, Course.id == StudySession.course_id)
        .join(StudySessionRevision, StudySessionRevision.id == StudySession.current_revision_id)
        .where(visible_to(actor), *_conditions(wanted, today))
        .order_by(Course.position, Course.key, StudySession.position, StudySession.id)
    ).all()


def _conditions(wanted: LibraryFilter, today: date) -> Iterable[ColumnElement[bool]]:
    if wanted.course:
        yield Course.key == wanted.course
    if wanted.kind:
        yield StudySession.kind == wanted.kind
    if wanted.when == "upcoming":
        yield StudySession.held_on >= today
    if wanted.when == "past":
        yield or_(StudySession.held_on < today, StudySession.held_on.is_(None))
    if wanted.lecturer:
        yield exists().where(
            StudySessionLecturer.study_session_id == StudySession.id,
            StudySessionLecturer.name == wanted.lecturer,
        )
    if wanted.topic:
        yield exists().where(
            StudySessionTopic.study_session_id == StudySession.id,
            StudySessionTopic.topic_id == Topic.id,
            Topic.key == wanted.topic,
        )


def _row(
    row: AnyRow, lecturers: tuple[str, ...], topics: tuple[Named, ...], read: set[str], today: date
) -> LibraryRow:
    anchors = section_anchors(Heading(**heading) for heading in row.toc)
    return LibraryRow(
        key=row.key,
        title=row.title,
        title_en=row.title_en,
        summary=row.summary,
        summary_en=row.summary_en,
        kind=row.kind,
        ordinal=row.ordinal,
        held_on=row.held_on,
        starts_at=row.starts_at,
        minutes=row.minutes,
        lecturers=lecturers,
        topics=topics,
        progress=reading_progress(anchors, read),
        is_upcoming=row.held_on is not None and row.held_on >= today,
        is_draft=row.status == "draft",
    )


def _by_course(found: Sequence[AnyRow], rows: dict[int, LibraryRow]) -> Iterable[LibraryCourse]:
    for _key, group in groupby(found, key=lambda row: row.course):
        inside = list(group)
        course = inside[0]
        yield LibraryCourse(
            key=course.course,
            title=course.course_title,
            title_en=course.course_title_en,
            summary=course.course_summary,
            summary_en=course.course_summary_en,
            rows=tuple(rows[row.id] for row in inside),
        )


def _read(db: Session, actor: Actor, ids: Sequence[int]) -> defaultdict[int, set[str]]:
    marks: defaultdict[int, set[str]] = defaultdict(set)
    query = select(ReadingMark.study_session_id, ReadingMark.anchor).where(
        ReadingMark.user_id == actor.user_id, ReadingMark.study_session_id.in_(ids)
    )
    for study_session_id, anchor in db.execute(query):
        marks[study_session_id].add(anchor)
    return marks


def _course_choices(db: Session, actor: Actor) -> tuple[Named, ...]:
    shown = exists().where(StudySession.course_id == Course.id, visible_to(actor))
    query = select(Course.key, Course.title, Course.title_en).where(shown)
    return tuple(Named(*row) for row in db.execute(query.order_by(Course.position, Course.key)))


def _topic_choices(db: Session, actor: Actor) -> tuple[TopicGroup, ...]:
    shown = exists().where(
        StudySessionTopic.topic_id == Topic.id,
        StudySessionTopic.study_session_id == StudySession.id,
        visible_to(actor),
    )
    rows = db.execute(
        select(Topic.key, Topic.name, Topic.name_en, Syllabus.title, Syllabus.title_en)
        .join(Syllabus, Syllabus.id == Topic.syllabus_id)
        .where(shown)
        .order_by(Syllabus.position, Syllabus.id, Topic.position)
    ).all()
    return tuple(
        TopicGroup(title, title_en, tuple(Named(row.key, row.name, row.name_en) for row in group))
        for (title, title_en), group in groupby(rows, key=lambda row: (row.title, row.title_en))
    )


def _lecturer_choices(db: Session, actor: Actor) -> tuple[str, ...]:
    query = (
        select(StudySessionLecturer.name)
        .join(StudySession, StudySession.id == StudySessionLecturer.study_session_id)
        .where(visible_to(actor))
        .distinct()
    )
    return tuple(sorted(db.scalars(query)))
