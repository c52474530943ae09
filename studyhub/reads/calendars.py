"""Study sessions as entries of a calendar: one by itself, and those of a person behind their secret address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.attendance import RegistrationState
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.persistence.models import (
    Attendance,
    CalendarFeed,
    Registration,
    StudySession,
    StudySessionRevision,
    User,
)
from studyhub.persistence.study_sessions import visible_to
from studyhub.reads.rows import AnyRow


class EntryStatus(StrEnum):
    """As RFC 5545 writes it; TENTATIVE is a place in the queue, or a draft."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    key: str
    title: str
    summary: str
    place: str
    held_on: date
    starts_at: datetime | None
    minutes: int
    sequence: int
    changed_at: datetime
    status: EntryStatus


@dataclass(frozen=True, slots=True)
class OwnFeed:
    token: str
    created_at: datetime


def calendar_entry(db: Session, actor: Actor, key: str) -> CalendarEntry:
    """Raises NotFound, also for a study session without a day. Whoever has a seat or came is told that it was
    withdrawn; for others a withdrawn one does not exist."""
    row = db.execute(
        _entries(actor.user_id).where(
            StudySession.key == key,
            StudySession.held_on.is_not(None),
            or_(visible_to(actor), _takes_part()),
        )
    ).first()
    if row is None:
        raise NotFound
    return _entry(row)


def own_feed(db: Session, actor: Actor) -> OwnFeed | None:
    row = db.get(CalendarFeed, actor.user_id)
    return None if row is None else OwnFeed(row.token, row.created_at)


def feed_entries(db: Session, token: str) -> tuple[CalendarEntry, ...]:
    """The sessions with a seat or a place in the queue, and those attended; the earliest first.

    Raises NotFound for a token that nobody has or whose owner may no longer sign in.
    """
    owner = db.scalar(
        select(CalendarFeed.user_id)
        .join(User, User.id == CalendarFeed.user_id)
        .where(CalendarFeed.token == token, User.active)
    )
    if owner is None:
        raise NotFound
    rows = db.execute(
        _entries(owner)
        .where(StudySession.held_on.is_not(None), _takes_part())
        .order_by(StudySession.held_on, StudySession.id)
    )
    return tuple(_entry(row) for row in rows)


def _takes_part() -> ColumnElement[bool]:
    kept = (RegistrationState.REGISTERED.value, RegistrationState.WAITING.value)
    return or_(Registration.state.in_(kept), Attendance.present)


def _entries(user_id: int) -> Select[*tuple[Any, ...]]:
    session = StudySession.id
    revision = StudySessionRevision
    return (
        select(StudySession, revision.created_at, Registration.state, Attendance.present)
        .outerjoin(revision, revision.id == StudySession.current_revision_id)
        .outerjoin(
            Registration,
            and_(Registration.study_session_id == session, Registration.user_id == user_id),
        )
        .outerjoin(Attendance, and_(Attendance.study_session_id == session, Attendance.user_id == user_id))
    )


def _entry(row: AnyRow) -> CalendarEntry:
    found = row[0]
    return CalendarEntry(
        key=found.key,
        title=found.title,
        summary=found.summary,
        place=found.place,
        held_on=found.held_on,
        starts_at=found.starts_at,
        minutes=found.minutes,
        sequence=found.calendar_sequence,
        changed_at=row.created_at or found.deleted_at,
        status=_status(found, row.state, bool(row.present)),
    )


def _status(found: StudySession, registration: str | None, attended: bool) -> EntryStatus:
    """Whoever came keeps the entry as it was, also when the page was withdrawn later. A draft that a lecturer looks at
    is not certain yet."""
    if attended:
        return EntryStatus.CONFIRMED
    if found.status != "published" and registration is not None:
        return EntryStatus.CANCELLED
    waits = registration == RegistrationState.WAITING.value or found.status != "published"
    return EntryStatus.TENTATIVE if waits else EntryStatus.CONFIRMED
