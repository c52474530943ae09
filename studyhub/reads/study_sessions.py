"""A study session's page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from studyhub.domain.days import office_day
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.reading import (
    Heading,
    Notes,
    ReadingProgress,
    arrange,
    minutes_to_read,
    reading_progress,
    section_anchors,
)
from studyhub.persistence.models import (
    Course,
    Material,
    ReadingMark,
    ReadingPosition,
    StoredFile,
    StudySession,
    StudySessionLecturer,
    StudySessionRevision,
    StudySessionTopic,
    Topic,
)
from studyhub.persistence.study_sessions import ordinal, visible_to
from studyhub.reads.attendance import SessionEvents, session_events
from studyhub.reads.inquiries import InquiryRow, answered_about
from studyhub.reads.questions import CheckQuestion, check_questions
from studyhub.reads.rows import AnyRow
from studyhub.reads.slides import Slide, slide_at


@dataclass(frozen=True, slots=True)
class Named:
    """A course, topic or study session: its key and its name, the English one possibly empty."""

    key: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """`size` in bytes."""

    file_id: str
    title: str
    file_name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Slides:
    """`shown` is None where no page is ready; `fault` as ``content.pdf_pages.PdfFault`` names it, or empty."""

    shown: Slide | None
    is_waiting: bool
    fault: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Where the officer stopped."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class StudySessionPage:
    key: str
    title: str
    title_en: str
    kind: str
    ordinal: int | None
    """None for a draft."""
    held_on: date | None
    starts_at: datetime | None
    place: str
    minutes: int
    is_upcoming: bool
    """Held today or later."""
    has_begun: bool
    is_draft: bool
    course: Named
    lecturers: tuple[str, ...]
    topics: tuple[Named, ...]
    objectives: tuple[str, ...]
    notes: Notes
    read: frozenset[str]
    """Anchors of the sections the officer has read."""
    progress: ReadingProgress
    minutes_to_read: int
    """Of what is not read yet; of everything when all is read."""
    resume: Resume | None
    slides: Slides | None
    attachments: tuple[Attachment, ...]
    checks: tuple[str, ...]
    """Keys in order, those inside the notes first; each is in `questions`."""
    checks_after_notes: tuple[str, ...]
    questions: dict[str, CheckQuestion]
    previous: Named | None
    next: Named | None
    events: SessionEvents
    inquiries: tuple[InquiryRow, ...]
    """The newest answered questions to the lecturers about it."""
    has_worksheet: bool


def study_session_page(
    db: Session, actor: Actor, key: str, now: datetime, *, again: str = ""
) -> StudySessionPage:
    """`again` is a check question to be answered anew. Raises NotFound."""
    row, revision, course, number = _session_row(db, actor, key)
    toc = [Heading(**heading) for heading in revision.toc]
    notes = arrange([(kind, content) for kind, content in revision.segments], toc)
    read = frozenset(_marks(db, actor, row.id))
    position = db.get(ReadingPosition, (actor.user_id, row.id))
    inside = [content for kind, content in revision.segments if kind == "question"]
    questions = check_questions(db, actor, {*inside, *revision.checks}, again)
    checks = [check for check in dict.fromkeys([*inside, *revision.checks]) if check in questions]
    materials = _materials(db, row.id)
    before, after = _neighbours(db, actor, row.course_id, row.id)
    return StudySessionPage(
        key=row.key,
        title=row.title,
        title_en=row.title_en,
        kind=row.kind,
        ordinal=number,
        held_on=row.held_on,
        starts_at=row.starts_at,
        place=row.place,
        minutes=row.minutes,
        is_upcoming=row.held_on is not None and row.held_on >= office_day(now),
        has_begun=row.starts_at is not None and row.starts_at <= now,
        is_draft=row.status == "draft",
        course=Named(course.key, course.title, course.title_en),
        lecturers=lecturers_of(db, [row.id])[row.id],
        topics=topics_of(db, [row.id])[row.id],
        objectives=tuple(revision.objectives),
        notes=notes,
        read=read,
        progress=reading_progress(section_anchors(toc), read),
        minutes_to_read=_minutes(notes, read),
        resume=_resume(position, toc, notes),
        slides=_slides(db, row.id, row.key, materials, (position and position.slide) or 1),
        attachments=tuple(_attachment(material) for material in materials),
        checks=tuple(checks),
        checks_after_notes=tuple(check for check in checks if check not in inside),
        questions=questions,
        previous=before,
        next=after,
        events=session_events(db, actor, row, now),
        inquiries=answered_about(db, actor, row.id),
        has_worksheet=row.worksheet_id is not None,
    )


def lecturers_of(db: Session, ids: Collection[int]) -> defaultdict[int, tuple[str, ...]]:
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    query = select(StudySessionLecturer.study_session_id, StudySessionLecturer.name).where(
        StudySessionLecturer.study_session_id.in_(ids)
    )
    for id_, name in db.execute(query.order_by(StudySessionLecturer.position)):
        found[id_] += (name,)
    return found


def topics_of(db: Session, ids: Collection[int]) -> defaultdict[int, tuple[Named, ...]]:
    found: defaultdict[int, tuple[Named, ...]] = defaultdict(tuple)
    query = (
        select(StudySessionTopic.study_session_id, Topic.key, Topic.name, Topic.name_en)
        .join(Topic, Topic.id == StudySessionTopic.topic_id)
        .where(StudySessionTopic.study_session_id.in_(ids))
    )
    for id_, key, name, name_en in db.execute(query.order_by(StudySessionTopic.position, Topic.id)):
        found[id_] += (Named(key, name, name_en),)
    return found


def _session_row(
    db: Session, actor: Actor, key: str
) -> tuple[StudySession, StudySessionRevision, Course, int | None]:
    row = db.execute(
        select(StudySession, StudySessionRevision, Course, ordinal())
        .join(Course, Course.id == StudySession.course_id)
        .join(StudySessionRevision, StudySessionRevision.id == StudySession.current_revision_id)
        .where(StudySession.key == key, visible_to(actor))
        .options(defer(StudySessionRevision.source), defer(StudySessionRevision.plain))
    ).first()
    if row is None:
        raise NotFound
    study_session, revision, course, number = row
    return study_session, revision, course, number


def _marks(db: Session, actor: Actor, id_: int) -> Sequence[str]:
    query = select(ReadingMark.anchor).where(
        ReadingMark.user_id == actor.user_id, ReadingMark.study_session_id == id_
    )
    return db.scalars(query).all()


def _minutes(notes: Notes, read: Collection[str]) -> int:
    unread = [section for section in notes.sections if not set(section.anchors) <= set(read)]
    return minutes_to_read(sum(section.characters for section in unread or notes.sections))


def _resume(position: ReadingPosition | None, toc: Sequence[Heading], notes: Notes) -> Resume | None:
    """Nothing to resume at the first section, where everybody starts."""
    if position is None or position.anchor == notes.sections[0].anchor:
        return None
    texts = {heading.anchor: heading.text for heading in toc}
    return Resume(position.anchor, texts[position.anchor]) if position.anchor in texts else None


def _materials(db: Session, id_: int) -> Sequence[AnyRow]:
    """Slides and handouts; figures stand in the notes."""
    return db.execute(
        select(
            Material.role,
            Material.state,
            Material.fault,
            Material.title,
            StoredFile.id,
            StoredFile.name,
            StoredFile.media_type,
            StoredFile.size,
        )
        .join(StoredFile, StoredFile.id == Material.file_id)
        .where(Material.study_session_id == id_, Material.current, Material.role != "figure")
        .order_by(Material.position, Material.id)
    ).all()


def _attachment(row: AnyRow) -> Attachment:
    return Attachment(row.id, row.title or row.name, row.name, row.media_type, row.size)


def _slides(db: Session, id_: int, key: str, materials: Sequence[AnyRow], number: int) -> Slides | None:
    decks = [material for material in materials if material.role == "slides"]
    if not decks:
        return None
    return Slides(
        shown=slide_at(db, id_, key, number),
        is_waiting=any(deck.state == "waiting" for deck in decks),
        fault=next((deck.fault for deck in decks if deck.state == "failed"), ""),
    )


def _neighbours(db: Session, actor: Actor, course_id: int, id_: int) -> tuple[Named | None, Named | None]:
    query = (
        select(StudySession.id, StudySession.key, StudySession.title, StudySession.title_en)
        .where(StudySession.course_id == course_id, visible_to(actor))
        .order_by(StudySession.position, StudySession.id)
    )
    rows = db.execute(query).all()
    place = next(place for place, row in enumerate(rows) if row.id == id_)
    around = (rows[place - 1] if place else None, rows[place + 1] if place + 1 < len(rows) else None)
    before, after = (Named(row.key, row.title, row.title_en) if row else None for row in around)
    return before, after
