"""Whether, when and where a study session is held: whoever means to come is told when that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.attendance import RegistrationState
from studyhub.domain.days import office_day
from studyhub.domain.notices import NoticeKind
from studyhub.persistence.models import Registration, StudySession
from studyhub.services import notices


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a calendar shows of a session."""

    title: str
    held_on: date | None
    starts_at: datetime | None
    place: str
    minutes: int


def meeting_of(row: StudySession) -> Meeting:
    return Meeting(row.title, row.held_on, row.starts_at, row.place, row.minutes)


def tell_of_changes(db: Session, row: StudySession, before: Meeting, now: datetime) -> None:
    """Tells those who are registered or wait, of a published session only: nobody else knows of it.

    The notice's params: ``title``, ``old`` and ``new``, the latter two with ``held_on`` and ``starts_at`` in ISO 8601
    (empty when open) and ``place``.
    """
    if row.status != "published":
        return
    people = _who_mean_to_come(db, row)
    params: dict[str, object] = {
        "title": row.title,
        "old": _plain(before),
        "new": _plain(meeting_of(row)),
    }
    path = f"/study-sessions/{row.key}"
    key = f"session_changed:{row.key}:{row.calendar_sequence}"
    notices.tell(db, people, NoticeKind.SESSION_CHANGED, params, path, now, unique_key=key)


def tell_of_withdrawal(db: Session, row: StudySession, now: datetime) -> None:
    """Tells the same people that it is not held, where its day is still to come; params: ``title`` and ``what``."""
    if row.held_on is None or row.held_on < office_day(now):
        return
    people = _who_mean_to_come(db, row)
    params = {"title": row.title, "what": "withdrawn"}
    key = f"session_withdrawn:{row.key}:{row.calendar_sequence}"
    notices.tell(db, people, NoticeKind.SESSION_CHANGED, params, "/study-sessions", now, unique_key=key)


def tell_of_return(db: Session, row: StudySession, now: datetime) -> None:
    """Tells them that it is held, when it is published again and not over: they keep their seats, and its day and
    place may be others. The notice's params: ``title``, ``what`` and ``new`` as for a change."""
    if row.held_on is not None and row.held_on < office_day(now):
        return
    people = _who_mean_to_come(db, row)
    params: dict[str, object] = {"title": row.title, "what": "held", "new": _plain(meeting_of(row))}
    path, key = f"/study-sessions/{row.key}", f"session_held:{row.key}:{row.calendar_sequence}"
    notices.tell(db, people, NoticeKind.SESSION_CHANGED, params, path, now, unique_key=key)


def _who_mean_to_come(db: Session, row: StudySession) -> Sequence[int]:
    return db.scalars(
        select(Registration.user_id).where(
            Registration.study_session_id == row.id, Registration.state != RegistrationState.CANCELLED.value
        )
    ).all()


def _plain(meeting: Meeting) -> dict[str, str]:
    return {
        "held_on": meeting.held_on.isoformat() if meeting.held_on else "",
        "starts_at": meeting.starts_at.isoformat() if meeting.starts_at else "",
        "place": meeting.place,
    }
