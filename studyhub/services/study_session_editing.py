"""Study sessions written in the studio: each saving makes a revision; what is published shows the newest one.

Three steps, so that rendering holds no transaction: ask for the addresses of the session's files, render the notes,
write. A session that came from files and is saved here belongs to the studio from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from studyhub.content.plan import digest
from studyhub.content.rendering import Text
from studyhub.domain.days import office_day
from studyhub.domain.editing import SessionFields, free_key, require_sound, slug, tidied, with_anchors
from studyhub.domain.errors import Conflict, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.surveys import SurveyMoment
from studyhub.formats import study_session as formats
from studyhub.persistence.models import (
    Course,
    Material,
    StudySession,
    StudySessionRevision,
    Topic,
    Worksheet,
)
from studyhub.services import drafts, seats
from studyhub.services.content_sync.followups import ask_for_reindexing
from studyhub.services.content_sync.study_sessions import in_utc, store_lecturers, store_topics
from studyhub.services.markdown import render_texts
from studyhub.services.study_session_changes import Meeting, meeting_of, tell_of_changes
from studyhub.services.survey_drafts import draft_survey

STUDIO = "studio"
_NEVER_A_KEY = frozenset({"new"})


class NewerRevision(Conflict):
    """Somebody saved meanwhile; ``number`` is that of the revision now."""

    def __init__(self, number: int) -> None:
        super().__init__("開いている間に、別の版が保存されました。")
        self.number = number


@dataclass(frozen=True, slots=True)
class RenderedNotes:
    """Notes with their anchors made, and as `StudySessionRevision` stores them."""

    body: str
    segments: list[Any]
    toc: list[Any]
    plain: str


@dataclass(frozen=True, slots=True)
class CreateStudySession:
    """``wanted_key`` is kept where it is free; without one it is made from the titles or the day."""

    fields: SessionFields
    notes: RenderedNotes
    check: tuple[str, ...] = ()
    wanted_key: str = ""
    survey: formats.WantedSurvey | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaveStudySession:
    """``check`` is None where the questions stay as they are; ``base_revision`` is what the form was opened on."""

    key: str
    fields: SessionFields
    notes: RenderedNotes
    base_revision: int
    check: tuple[str, ...] | None = None
    ends_draft: bool = True
    """False where something beside the form is changed: what is being typed there stays kept."""


def file_addresses(db: Session, key: str) -> dict[str, str]:
    """URLs of the session's files by the path the notes name; empty for a session that is still to be made."""
    rows = db.execute(
        select(Material.path, Material.file_id)
        .join(StudySession, StudySession.id == Material.study_session_id)
        .where(StudySession.key == key, Material.current)
    )
    return {row.path: f"/files/{row.file_id}" for row in rows}


def render_notes(body: str, addresses: Mapping[str, str]) -> RenderedNotes:
    """Outside any transaction. Raises Invalid for notes that are too large or cannot be rendered."""
    anchored = with_anchors(tidied(body))
    if not anchored.strip():
        return RenderedNotes("", [], [], "")
    rendered = render_texts([Text(anchored, addresses.get, keep_ids=True)])[0]
    return RenderedNotes(
        body=anchored,
        segments=[list(segment) for segment in rendered.segments],
        toc=[{"anchor": h.anchor, "text": h.text, "level": h.level} for h in rendered.toc],
        plain=rendered.plain,
    )


def create_study_session(db: Session, actor: Actor, command: CreateStudySession, now: datetime) -> str:
    """A draft; returns its key."""
    require(actor, Permission.WRITE_CONTENT)
    require_sound(command.fields)
    course = _course(db, command.fields.course)
    row = StudySession(
        key=_new_key(db, command, office_day(now)),
        course_id=course.id,
        position=_next_position(db, course.id),
        status=formats.SessionStatus.DRAFT.value,
        origin=STUDIO,
        author_id=actor.user_id or None,
        title=command.fields.title,
        kind=command.fields.kind.value,
    )
    db.add(row)
    page = _page(row, command.fields, command.notes, command.check)
    page = replace(page, survey=command.survey, sources=command.sources)
    _store(db, actor, row, page, command.fields, command.notes, now)
    if command.survey is not None:
        draft_survey(db, row.id, SurveyMoment.AFTER, now, made_by=actor.user_id or None)
    return row.key


def save_revision(db: Session, actor: Actor, command: SaveStudySession, now: datetime) -> int:
    """The number of the current revision afterwards; saving what is there already makes none.

    Raises NotFound, Invalid, and NewerRevision when the session was saved since the form was opened.
    """
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, command.key)
    current = current_revision(db, row)
    if current.number != command.base_revision and not _differ_in_questions_only(db, current, command):
        raise NewerRevision(current.number)
    require_sound(command.fields)
    if command.ends_draft:
        drafts.drop_draft(db, actor, drafts.STUDY_SESSION, row.key)
    before, held = meeting_of(row), read_source(current)
    check = held.check if command.check is None else command.check
    page = replace(_page(row, command.fields, command.notes, check), survey=held.survey, sources=held.sources)
    same_place = row_course(db, row) == command.fields.course
    if same_place and _is_same(page, held) and _shows_same(current, command.notes):
        return current.number
    number = _store(db, actor, row, page, command.fields, command.notes, now)
    _follow_up(db, row, before, now)
    return number


def _differ_in_questions_only(db: Session, current: StudySessionRevision, command: SaveStudySession) -> bool:
    """Whoever picks questions meanwhile, on a page of its own, is not in the way of the text."""
    base = db.scalars(
        select(StudySessionRevision).where(
            StudySessionRevision.study_session_id == current.study_session_id,
            StudySessionRevision.number == command.base_revision,
        )
    ).first()
    if base is None or command.check is not None:
        return False
    held = read_source(current)
    return _is_same(replace(read_source(base), check=held.check), held)


def editable(db: Session, key: str) -> StudySession:
    """Locked until the transaction ends. Raises NotFound, also for what lies in the bin."""
    row = db.scalars(
        select(StudySession)
        .where(StudySession.key == key, StudySession.deleted_at.is_(None))
        .with_for_update()
    ).first()
    if row is None or row.current_revision_id is None:
        raise NotFound
    return row


def current_revision(db: Session, row: StudySession) -> StudySessionRevision:
    return db.get_one(StudySessionRevision, row.current_revision_id)


def read_source(revision: StudySessionRevision) -> formats.StudySessionPage:
    """Raises Conflict for a source that is no page, which nothing but a hand in the database can bring about."""
    items = formats.read_page(revision.source, "session.md").items
    if not items:
        raise Conflict("この版の元の文章を読めません。管理者に知らせてください。")
    return items[0].item


def row_course(db: Session, row: StudySession) -> str:
    return db.get_one(Course, row.course_id).key


def _follow_up(db: Session, row: StudySession, before: Meeting, now: datetime) -> None:
    if meeting_of(row) != before:
        row.calendar_sequence += 1
        db.flush()
        tell_of_changes(db, row, before, now)
        seats.move_up(db, row, now)


def _store(
    db: Session,
    actor: Actor,
    row: StudySession,
    page: formats.StudySessionPage,
    fields: SessionFields,
    notes: RenderedNotes,
    now: datetime,
) -> int:
    _fill(db, row, fields)
    number = _add_revision(db, actor, row, page, notes, now)
    store_topics(db, row.id, page.topics, _topic_ids(db, page.topics))
    store_lecturers(db, row.id, page.lecturers)
    row.origin = STUDIO
    db.flush()
    ask_for_reindexing(db, now)
    return number


def _fill(db: Session, row: StudySession, fields: SessionFields) -> None:
    course = _course(db, fields.course)
    if row.course_id != course.id:
        row.position = _next_position(db, course.id)
    row.course_id = course.id
    row.kind = fields.kind.value
    row.title = fields.title
    row.title_en = fields.title_en
    row.summary = fields.summary
    row.summary_en = fields.summary_en
    row.held_on = fields.held_on
    row.starts_at = in_utc(fields.held_on, fields.starts_at)
    row.minutes = fields.minutes
    row.place = fields.place
    row.worksheet_id = _worksheet_id(db, fields.worksheet)
    db.flush()


def _add_revision(
    db: Session,
    actor: Actor,
    row: StudySession,
    page: formats.StudySessionPage,
    notes: RenderedNotes,
    now: datetime,
) -> int:
    last = db.scalar(
        select(func.max(StudySessionRevision.number)).where(StudySessionRevision.study_session_id == row.id)
    )
    source = formats.write_page(page)
    inside = (content for kind, content in notes.segments if kind == "question")
    revision = StudySessionRevision(
        study_session_id=row.id,
        number=(last or 0) + 1,
        content_hash=digest([source, notes.segments]),
        source=source,
        segments=notes.segments,
        toc=notes.toc,
        plain=notes.plain,
        objectives=list(page.objectives),
        checks=list(dict.fromkeys([*inside, *page.check])),
        created_at=now,
        created_by=actor.user_id or None,
    )
    db.add(revision)
    db.flush()
    row.current_revision_id = revision.id
    return revision.number


def _page(
    row: StudySession, fields: SessionFields, notes: RenderedNotes, check: tuple[str, ...]
) -> formats.StudySessionPage:
    return formats.StudySessionPage(
        id=row.key,
        title=fields.title,
        title_en=fields.title_en,
        kind=formats.SessionKind(fields.kind.value),
        status=formats.SessionStatus(row.status),
        held_on=fields.held_on,
        starts_at=fields.starts_at,
        minutes=fields.minutes,
        place=fields.place,
        lecturers=tuple(dict.fromkeys(fields.lecturers)),
        topics=tuple(dict.fromkeys(fields.topics)),
        objectives=fields.objectives,
        summary=fields.summary,
        summary_en=fields.summary_en,
        materials=(),
        check=tuple(dict.fromkeys(check)),
        survey=None,
        worksheet=fields.worksheet,
        sources=(),
        body=notes.body,
        body_line=0,
        source="",
    )


def _is_same(one: formats.StudySessionPage, other: formats.StudySessionPage) -> bool:
    return _authored(one) == _authored(other)


def _authored(page: formats.StudySessionPage) -> formats.StudySessionPage:
    """Files are no part of what is saved here; the status has steps of its own."""
    return replace(
        page,
        status=formats.SessionStatus.DRAFT,
        materials=(),
        body=page.body.strip("\n"),
        body_line=0,
        source="",
    )


def _shows_same(current: StudySessionRevision, notes: RenderedNotes) -> bool:
    """A figure that was replaced under its name has another address."""
    return current.segments == notes.segments


def _course(db: Session, key: str) -> Course:
    course = db.scalars(select(Course).where(Course.key == key)).first()
    if course is None:
        raise Invalid("コースを選んでください。", field="course")
    return course


def _topic_ids(db: Session, keys: tuple[str, ...]) -> dict[str, int]:
    known = {row.key: row.id for row in db.execute(select(Topic.key, Topic.id).where(Topic.key.in_(keys)))}
    for key in keys:
        if key not in known:
            raise Invalid("分野「%(value)s」はシラバスにありません。", field="topics", value=key)
    return known


def _worksheet_id(db: Session, key: str | None) -> int | None:
    if key is None:
        return None
    found = db.scalar(select(Worksheet.id).where(Worksheet.key == key))
    if found is None:
        raise Invalid("ワークシート「%(value)s」はありません。", field="worksheet", value=key)
    return found


def _next_position(db: Session, course_id: int) -> int:
    last = db.scalar(select(func.max(StudySession.position)).where(StudySession.course_id == course_id))
    return 0 if last is None else last + 1


def _new_key(db: Session, command: CreateStudySession, today: date) -> str:
    fields = command.fields
    wanted = command.wanted_key or slug(fields.title_en, fields.title) or f"session-{fields.held_on or today}"
    alike = or_(StudySession.key == wanted, StudySession.key.startswith(f"{wanted}-", autoescape=True))
    return free_key(wanted, {*db.scalars(select(StudySession.key).where(alike)), *_NEVER_A_KEY})
