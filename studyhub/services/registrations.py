"""Seats of a study session: taken, given back, waited for. Whoever asked first gets the seat that becomes free.

Every change locks the study session's row first, so that two people who want one seat get it one after the other.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.domain.attendance import RegistrationState, require_capacity, takes_registrations
from studyhub.domain.errors import Conflict, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.models import Registration, StudySession, User
from studyhub.services import audit, seats
from studyhub.services.study_session_editing import editable

_REGISTERED, _WAITING, _CANCELLED = (state.value for state in RegistrationState)
_PUBLISHED = "published"


def register(db: Session, actor: Actor, key: str, now: datetime) -> RegistrationState:
    """A seat, or a place in the queue; asking twice changes nothing."""
    require(actor, Permission.STUDY)
    row = _open_to(db, key)
    if not takes_registrations(row.takes_registrations, row.held_on, row.starts_at, now):
        raise Conflict("この勉強会は、いま申込みを受け付けていません。")
    held = db.get(Registration, (row.id, actor.user_id))
    if held is not None and held.state != _CANCELLED:
        return RegistrationState(held.state)
    seats.move_up(db, row, now)  # whoever waits comes first
    state = _WAITING if seats.free_in(db, row) == 0 else _REGISTERED
    _put(db, row.id, actor.user_id, state, now)
    return RegistrationState(state)


def cancel(db: Session, actor: Actor, key: str, now: datetime) -> None:
    """Also where nobody can register any more: a seat that is given back helps in any case."""
    require(actor, Permission.STUDY)
    row = _open_to(db, key)
    seats.give_back(db, row, actor.user_id, now)


def add_person(db: Session, actor: Actor, key: str, user_id: int, now: datetime) -> None:
    """The lecturer gives a seat, also beyond the capacity: who knows the room decides. The person is told."""
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, key)
    person = db.get(User, user_id)
    if person is None or not person.active:
        raise NotFound
    held = db.get(Registration, (row.id, user_id))
    if held is not None and held.state == _REGISTERED:
        return
    _put(db, row.id, user_id, _REGISTERED, now)
    audit.record(db, actor.user_id, "registration.add", "user", user_id, now, study_session=row.key)
    seats.tell(db, row, user_id, RegistrationState.REGISTERED, now)


def remove_person(db: Session, actor: Actor, key: str, user_id: int, now: datetime) -> None:
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, key)
    if seats.give_back(db, row, user_id, now):
        audit.record(db, actor.user_id, "registration.remove", "user", user_id, now, study_session=row.key)
        seats.tell(db, row, user_id, RegistrationState.CANCELLED, now)


def set_registration(
    db: Session, actor: Actor, key: str, *, takes: bool, capacity: int | None, now: datetime
) -> None:
    """More seats go to those who wait; with fewer seats everybody keeps theirs. Raises Invalid."""
    require(actor, Permission.WRITE_CONTENT)
    require_capacity(capacity)
    row = editable(db, key)
    row.takes_registrations, row.capacity = takes, capacity
    db.flush()
    seats.move_up(db, row, now)


def _open_to(db: Session, key: str) -> StudySession:
    """Locked. Officers register for what is published, lecturers too."""
    row = editable(db, key)
    if row.status != _PUBLISHED:
        raise NotFound
    return row


def _put(db: Session, session_id: int, user_id: int, state: str, now: datetime) -> None:
    """Whoever cancelled and comes back asks anew; whoever waited keeps the time they asked."""
    held = db.get(Registration, (session_id, user_id))
    if held is None:
        held = Registration(study_session_id=session_id, user_id=user_id, state=state, asked_at=now)
        db.add(held)
    elif held.state == _CANCELLED:
        held.asked_at = now
    held.state, held.changed_at = state, now
    db.flush()
