"""Free seats of a study session and the queue for them, whatever frees a seat: somebody cancels or leaves, the day moves.

Whoever calls holds the study session's row locked.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.attendance import RegistrationState, free_seats, takes_registrations
from studyhub.domain.days import office_day
from studyhub.domain.notices import NoticeKind
from studyhub.persistence.models import Registration, StudySession, User
from studyhub.services import notices

_REGISTERED, _WAITING, _CANCELLED = (state.value for state in RegistrationState)


def free_in(db: Session, row: StudySession) -> int | None:
    """None is without limit."""
    taken = select(func.count()).where(
        Registration.study_session_id == row.id, Registration.state == _REGISTERED
    )
    return free_seats(row.capacity, db.scalar(taken) or 0)


def move_up(db: Session, row: StudySession, now: datetime) -> None:
    """Free seats go to those who wait, in the order in which they asked; not while the study session is withdrawn
    and not once it has begun."""
    if row.status != "published" or not takes_registrations(True, row.held_on, row.starts_at, now):
        return
    queue = (
        select(Registration)
        .join(User, User.id == Registration.user_id)
        .where(Registration.study_session_id == row.id, Registration.state == _WAITING, User.active)
        .order_by(Registration.asked_at, Registration.user_id)
    )
    for each in db.scalars(queue.limit(free_in(db, row))).all():
        each.state, each.changed_at = _REGISTERED, now
        tell(db, row, each.user_id, RegistrationState.REGISTERED, now)
    db.flush()


def give_back(db: Session, row: StudySession, user_id: int, now: datetime) -> bool:
    """A seat or a place in the queue. False where there was nothing to give back."""
    held = db.get(Registration, (row.id, user_id))
    if held is None or held.state == _CANCELLED:
        return False
    held.state, held.changed_at = _CANCELLED, now
    db.flush()
    move_up(db, row, now)
    return True


def give_back_all(db: Session, user_id: int, now: datetime) -> None:
    """Of somebody who leaves: in every study session that has not begun. What was is left as it was.

    Locks the study sessions, so it comes before any lock on people, as when somebody registers.
    """
    mine = (Registration.user_id == user_id, Registration.state != _CANCELLED)
    coming = or_(StudySession.held_on.is_(None), StudySession.held_on >= office_day(now))
    sessions = select(StudySession).where(
        coming, StudySession.id.in_(select(Registration.study_session_id).where(*mine))
    )
    for row in db.scalars(sessions.order_by(StudySession.id).with_for_update()).all():
        if takes_registrations(True, row.held_on, row.starts_at, now):
            give_back(db, row, user_id, now)


def tell(db: Session, row: StudySession, user_id: int, state: RegistrationState, now: datetime) -> None:
    """The notice's params: ``session``, ``title`` and ``state`` (registered or cancelled)."""
    params = {"session": row.key, "title": row.title, "state": state.value}
    notices.tell(db, [user_id], NoticeKind.SEAT, params, f"/study-sessions/{row.key}", now)
