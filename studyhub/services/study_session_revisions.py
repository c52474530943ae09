"""Earlier versions of a study session: what they held, and bringing one back as the newest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.editing import SessionFields, SessionKind
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.formats import study_session as formats
from studyhub.persistence.models import StudySession, StudySessionRevision, Topic, Worksheet
from studyhub.services.study_session_editing import (
    RenderedNotes,
    SaveStudySession,
    editable,
    read_source,
    row_course,
    save_revision,
)


@dataclass(frozen=True, slots=True)
class RestoreRevision:
    """``notes`` are the version's own, rendered anew: its figures may have been replaced."""

    key: str
    number: int
    notes: RenderedNotes
    base_revision: int


def restore_revision(db: Session, actor: Actor, command: RestoreRevision, now: datetime) -> int:
    """A new version that says what the old one said; the place in a course stays. Returns its number.

    Topics and worksheets that are gone meanwhile are left out. Raises NotFound and NewerRevision.
    """
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, command.key)
    old = db.scalars(
        select(StudySessionRevision).where(
            StudySessionRevision.study_session_id == row.id, StudySessionRevision.number == command.number
        )
    ).first()
    if old is None:
        raise NotFound
    page = read_source(old)
    save = SaveStudySession(
        key=command.key,
        fields=_still_known(db, page, row_course(db, row)),
        notes=command.notes,
        base_revision=command.base_revision,
        check=page.check,
    )
    return save_revision(db, actor, save, now)


def latest_number(db: Session, key: str) -> int:
    """Raises NotFound."""
    number = db.scalar(
        select(StudySessionRevision.number)
        .join(StudySession, StudySession.current_revision_id == StudySessionRevision.id)
        .where(StudySession.key == key)
    )
    if number is None:
        raise NotFound
    return number


def _still_known(db: Session, page: formats.StudySessionPage, course: str) -> SessionFields:
    topics = set(db.scalars(select(Topic.key).where(Topic.key.in_(page.topics))))
    worksheet = db.scalar(select(Worksheet.key).where(Worksheet.key == page.worksheet))
    return fields_of(page, course, tuple(key for key in page.topics if key in topics), worksheet)


def fields_of(
    page: formats.StudySessionPage, course: str, topics: tuple[str, ...], worksheet: str | None
) -> SessionFields:
    """What a page of the files says, as the form has it."""
    return SessionFields(
        title=page.title,
        course=course,
        title_en=page.title_en,
        summary=page.summary,
        summary_en=page.summary_en,
        kind=SessionKind(page.kind.value),
        held_on=page.held_on,
        starts_at=page.starts_at,
        place=page.place,
        minutes=page.minutes,
        lecturers=page.lecturers,
        topics=topics,
        objectives=page.objectives,
        worksheet=worksheet,
    )
