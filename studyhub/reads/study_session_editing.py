"""A study session as its lecturers see it: the hub, the form, the versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from studyhub.domain.attendance import RegistrationState
from studyhub.domain.days import TOKYO
from studyhub.domain.editing import SessionFields, SessionKind, SessionState, Step, parted, session_state
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.persistence.models import (
    Course,
    Draft,
    Material,
    Registration,
    SlidePage,
    StudySession,
    StudySessionRevision,
    Survey,
    User,
    Worksheet,
)
from studyhub.reads.study_sessions import Named, lecturers_of, topics_of


@dataclass(frozen=True, slots=True)
class Version:
    """``by`` is empty for what came from files."""

    number: int
    at: datetime
    by: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Counts:
    slides: int
    attachments: int
    figures: int
    converting: int
    failed: int
    checks: int
    """In the notes and after them."""
    surveys: int
    registered: int


@dataclass(frozen=True, slots=True)
class Hub:
    key: str
    fields: SessionFields
    course: Named
    topics: tuple[Named, ...]
    state: SessionState
    starts_at: datetime | None
    publish_at: datetime | None
    deleted_at: datetime | None
    author: str
    version: Version
    has_notes: bool
    counts: Counts
    draft_at: datetime | None
    """When the actor's own unsaved writing was kept."""

    @property
    def filled(self) -> frozenset[Step]:
        """Of the steps that are wished for."""
        held = {
            Step.TOPICS: self.fields.topics,
            Step.OBJECTIVES: self.fields.objectives,
            Step.SUMMARY: self.fields.summary,
            Step.LECTURERS: self.fields.lecturers,
            Step.HELD_ON: self.fields.held_on,
            Step.CHECKS: self.counts.checks,
        }
        return frozenset(step for step, value in held.items() if value)

    @property
    def has_content(self) -> bool:
        return self.has_notes or self.counts.slides + self.counts.attachments + self.counts.converting > 0


@dataclass(frozen=True, slots=True)
class KeptText:
    """A draft: the form's fields as typed."""

    fields: Mapping[str, Any]
    base_revision: int
    version: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Editor:
    key: str
    state: SessionState
    revision: int
    fields: SessionFields
    body: str
    courses: tuple[Named, ...]
    worksheets: tuple[Named, ...]
    draft: KeptText | None


@dataclass(frozen=True, slots=True)
class VersionTexts:
    """A version in its two parts: front matter and notes."""

    version: Version
    front: str
    body: str
    segments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Versions:
    key: str
    title: str
    state: SessionState
    versions: tuple[Version, ...]


def hub(db: Session, actor: Actor, key: str) -> Hub:
    """Also of a deleted session, until it is erased. Raises NotFound."""
    row, revision, course, worksheet = _session(db, key)
    author = db.get(User, row.author_id) if row.author_id else None
    return Hub(
        key=row.key,
        fields=_fields(db, row, revision, course.key, worksheet),
        course=Named(course.key, course.title, course.title_en),
        topics=topics_of(db, [row.id])[row.id],
        state=session_state(row.status, row.publish_at, row.deleted_at),
        starts_at=row.starts_at,
        publish_at=row.publish_at,
        deleted_at=row.deleted_at,
        author=_said(author),
        version=_version(db, revision),
        has_notes=bool(parted(revision.source)[1].strip()),
        counts=_counts(db, row.id, revision),
        draft_at=db.scalar(
            select(Draft.saved_at).where(
                Draft.user_id == actor.user_id, Draft.kind == "study_session", Draft.subject == key
            )
        ),
    )


def editor(db: Session, actor: Actor, key: str) -> Editor:
    """Raises NotFound."""
    row, revision, course, worksheet = _session(db, key)
    if row.deleted_at is not None:
        raise NotFound
    draft = db.scalars(
        select(Draft).where(
            Draft.user_id == actor.user_id, Draft.kind == "study_session", Draft.subject == key
        )
    ).first()
    kept = KeptText(draft.fields, draft.base_revision, draft.version, draft.saved_at) if draft else None
    return Editor(
        key=row.key,
        state=session_state(row.status, row.publish_at, None),
        revision=revision.number,
        fields=_fields(db, row, revision, course.key, worksheet),
        body=parted(revision.source)[1],
        courses=_named(
            db,
            select(Course.key, Course.title, Course.title_en)
            .where(~Course.retired)
            .order_by(Course.position),
        ),
        worksheets=_named(
            db,
            select(Worksheet.key, Worksheet.title, Worksheet.title_en)
            .where(~Worksheet.retired)
            .order_by(Worksheet.title),
        ),
        draft=kept,
    )


def versions(db: Session, key: str) -> Versions:
    """Newest first. Raises NotFound."""
    row = _session(db, key)[0]
    found = db.execute(
        select(StudySessionRevision.id, StudySessionRevision.number, StudySessionRevision.created_at, User)
        .outerjoin(User, User.id == StudySessionRevision.created_by)
        .where(StudySessionRevision.study_session_id == row.id)
        .order_by(StudySessionRevision.number.desc())
    )
    return Versions(
        key=row.key,
        title=row.title,
        state=session_state(row.status, row.publish_at, row.deleted_at),
        versions=tuple(
            Version(number, at, _said(user), id_ == row.current_revision_id)
            for id_, number, at, user in found
        ),
    )


def version_texts(db: Session, key: str, number: int) -> VersionTexts:
    """Raises NotFound."""
    row = db.execute(
        select(StudySessionRevision, User, StudySession.current_revision_id)
        .join(StudySession, StudySession.id == StudySessionRevision.study_session_id)
        .outerjoin(User, User.id == StudySessionRevision.created_by)
        .where(StudySession.key == key, StudySessionRevision.number == number)
    ).first()
    if row is None:
        raise NotFound
    revision, user, current = row
    front, body = parted(revision.source)
    version = Version(revision.number, revision.created_at, _said(user), revision.id == current)
    segments = tuple((kind, content) for kind, content in revision.segments)
    return VersionTexts(version, front, body, segments)


def _session(db: Session, key: str) -> tuple[StudySession, StudySessionRevision, Course, str | None]:
    row = db.execute(
        select(StudySession, StudySessionRevision, Course, Worksheet.key)
        .join(Course, Course.id == StudySession.course_id)
        .join(StudySessionRevision, StudySessionRevision.id == StudySession.current_revision_id)
        .outerjoin(Worksheet, Worksheet.id == StudySession.worksheet_id)
        .where(StudySession.key == key)
    ).first()
    if row is None:
        raise NotFound
    study_session, revision, course, worksheet = row
    return study_session, revision, course, worksheet


def _fields(
    db: Session, row: StudySession, revision: StudySessionRevision, course: str, worksheet: str | None
) -> SessionFields:
    return SessionFields(
        title=row.title,
        course=course,
        title_en=row.title_en,
        summary=row.summary,
        summary_en=row.summary_en,
        kind=SessionKind(row.kind),
        held_on=row.held_on,
        starts_at=row.starts_at.astimezone(TOKYO).time() if row.starts_at else None,
        place=row.place,
        minutes=row.minutes,
        lecturers=lecturers_of(db, [row.id])[row.id],
        topics=tuple(topic.key for topic in topics_of(db, [row.id])[row.id]),
        objectives=tuple(revision.objectives),
        worksheet=worksheet,
    )


def _said(user: User | None) -> str:
    return "" if user is None else user.display_name


def _version(db: Session, revision: StudySessionRevision) -> Version:
    user = db.get(User, revision.created_by) if revision.created_by else None
    return Version(revision.number, revision.created_at, _said(user), True)


def _counts(db: Session, id_: int, revision: StudySessionRevision) -> Counts:
    def of(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    row = db.execute(
        select(
            of(Material.role == "figure"),
            of(Material.role.in_(("handout", "video"))),
            of(Material.state == "waiting"),
            of(Material.state == "failed"),
        ).where(Material.study_session_id == id_, Material.current)
    ).one()
    pages = db.scalar(
        select(func.count())
        .select_from(SlidePage)
        .join(Material, Material.id == SlidePage.material_id)
        .where(Material.study_session_id == id_, Material.current)
    )
    surveys = db.scalar(select(func.count()).select_from(Survey).where(Survey.study_session_id == id_))
    registered = db.scalar(
        select(func.count())
        .select_from(Registration)
        .where(Registration.study_session_id == id_, Registration.state == RegistrationState.REGISTERED.value)
    )
    return Counts(
        slides=pages or 0,
        attachments=row[1],
        figures=row[0],
        converting=row[2],
        failed=row[3],
        checks=len(
            {*revision.checks, *(content for kind, content in revision.segments if kind == "question")}
        ),
        surveys=surveys or 0,
        registered=registered or 0,
    )


def _named(db: Session, query: Any) -> tuple[Named, ...]:
    return tuple(Named(*row) for row in db.execute(query))
