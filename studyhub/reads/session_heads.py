"""What the studio's pages about one study session say at their top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.persistence.models import StudySession


@dataclass(frozen=True, slots=True)
class SessionHead:
    id: int
    key: str
    title: str
    title_en: str
    is_published: bool
    held_on: date | None
    starts_at: datetime | None
    minutes: int
    place: str
    code: str | None
    takes_registrations: bool
    capacity: int | None


def session_head(db: Session, key: str) -> SessionHead:
    """Raises NotFound, also for what lies in the bin."""
    row = db.scalars(
        select(StudySession).where(
            StudySession.key == key,
            StudySession.deleted_at.is_(None),
            StudySession.current_revision_id.is_not(None),
        )
    ).first()
    if row is None:
        raise NotFound
    return head_of(row)


def head_of(row: StudySession) -> SessionHead:
    return SessionHead(
        id=row.id,
        key=row.key,
        title=row.title,
        title_en=row.title_en,
        is_published=row.status == "published",
        held_on=row.held_on,
        starts_at=row.starts_at,
        minutes=row.minutes,
        place=row.place,
        code=row.code,
        takes_registrations=row.takes_registrations,
        capacity=row.capacity,
    )
