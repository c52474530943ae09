"""Who came, who means to come, and what an officer may do about it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.attendance import (
    CheckInState,
    RegistrationState,
    Window,
    check_in_state,
    check_in_window,
    free_seats,
    normal_code,
    takes_registrations,
)
from studyhub.domain.days import office_day
from studyhub.domain.identity import Actor
from studyhub.domain.kana import to_hiragana
from studyhub.persistence.attendees import (
    BY_KANA,
    PERSON,
    Attendee,
    Person,
    Registrant,
    load_attendees,
    load_registrants,
    people_of,
)
from studyhub.persistence.models import Attendance, Registration, StudySession, User
from studyhub.persistence.settings import load_settings
from studyhub.reads.people import holds_name
from studyhub.reads.session_heads import SessionHead, head_of, session_head
from studyhub.reads.surveys import OpenSurvey, open_surveys

MOST_FOUND = 20
_REGISTERED, _WAITING = RegistrationState.REGISTERED.value, RegistrationState.WAITING.value


@dataclass(frozen=True, slots=True)
class AttendancePage:
    head: SessionHead
    window: Window | None
    attendees: tuple[Attendee, ...]
    registered: int
    query: str
    found: tuple[Person, ...]
    """People the search found, without those who are there."""

    @property
    def present(self) -> int:
        return sum(each.present for each in self.attendees)


@dataclass(frozen=True, slots=True)
class RegistrationsPage:
    head: SessionHead
    is_open: bool
    seated: tuple[Registrant, ...]
    waiting: tuple[Registrant, ...]
    """In the order of the queue."""
    query: str
    found: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class CheckInPage:
    head: SessionHead
    state: CheckInState
    window: Window | None
    at: datetime | None
    surveys: tuple[OpenSurvey, ...]


@dataclass(frozen=True, slots=True)
class SessionEvents:
    """Of one officer and one study session. ``registration`` is None for whoever never registered or cancelled;
    ``free`` is None without a limit; ``ahead`` counts those who wait before the officer."""

    key: str
    takes_registrations: bool
    registration: RegistrationState | None
    capacity: int | None
    free: int | None
    waiting: int
    ahead: int
    check_in: CheckInState
    attended_at: datetime | None
    surveys: tuple[OpenSurvey, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say or do."""
        quiet = self.check_in in {CheckInState.EARLY, CheckInState.LATE, CheckInState.UNDATED}
        return quiet and not self.takes_registrations and self.registration is None and not self.surveys


@dataclass(frozen=True, slots=True)
class AttendedRow:
    key: str
    title: str
    title_en: str
    held_on: date | None
    at: datetime
    is_published: bool


def attendance_page(db: Session, key: str, now: datetime, query: str = "") -> AttendancePage:
    head = session_head(db, key)
    attendees = load_attendees(db, head.id, now)
    there = {each.person.user_id for each in attendees if each.present}
    return AttendancePage(
        head=head,
        window=_window(db, head),
        attendees=attendees,
        registered=_count(db, head.id, _REGISTERED),
        query=query,
        found=tuple(each for each in find_people(db, query, now) if each.user_id not in there),
    )


def registrations_page(db: Session, key: str, now: datetime, query: str = "") -> RegistrationsPage:
    head = session_head(db, key)
    registrants = load_registrants(db, head.id, now)
    seated = tuple(each for each in registrants if each.state is RegistrationState.REGISTERED)
    there = {each.person.user_id for each in seated}
    return RegistrationsPage(
        head=head,
        is_open=takes_registrations(head.takes_registrations, head.held_on, head.starts_at, now),
        seated=seated,
        waiting=tuple(each for each in registrants if each.state is RegistrationState.WAITING),
        query=query,
        found=tuple(each for each in find_people(db, query, now) if each.user_id not in there),
    )


def find_people(db: Session, query: str, now: datetime) -> tuple[Person, ...]:
    """By name or kana, whole or in part, by staff number or login; with or without a blank between the names."""
    wanted = "".join(unicodedata.normalize("NFKC", query).split())
    if not wanted:
        return ()
    name, kana = User.family_name + User.given_name, User.family_kana + User.given_kana
    matches: Sequence[ColumnElement[bool]] = (
        holds_name(name, wanted),
        kana.icontains(to_hiragana(wanted), autoescape=True),
        User.staff_number == wanted,
        User.login == wanted.lower(),
    )
    rows = db.execute(
        select(*PERSON).where(User.active, or_(*matches)).order_by(*BY_KANA).limit(MOST_FOUND)
    ).all()
    return tuple(people_of(db, rows, office_day(now)).values())


def check_in_page(db: Session, actor: Actor, typed: str, now: datetime) -> CheckInPage | None:
    """None for a code that no published study session has."""
    row = db.execute(
        select(StudySession, Attendance.present, Attendance.at)
        .outerjoin(
            Attendance,
            (Attendance.study_session_id == StudySession.id) & (Attendance.user_id == actor.user_id),
        )
        .where(StudySession.code == normal_code(typed), StudySession.status == "published")
    ).first()
    if row is None:
        return None
    head = head_of(row[0])
    window = _window(db, head)
    return CheckInPage(
        head=head,
        state=check_in_state(window, row.present, now),
        window=window,
        at=row.at if row.present else None,
        surveys=open_surveys(db, actor, head.id, now),
    )


def session_events(db: Session, actor: Actor, row: StudySession, now: datetime) -> SessionEvents:
    """In three statements."""
    head, own, came = head_of(row), Registration, Attendance
    seated, waiting = _counted(row.id, _REGISTERED), _counted(row.id, _WAITING)
    found = db.execute(
        select(own.state, own.asked_at, came.present, came.at, seated, waiting)
        .select_from(User)
        .outerjoin(own, (own.user_id == User.id) & (own.study_session_id == row.id))
        .outerjoin(came, (came.user_id == User.id) & (came.study_session_id == row.id))
        .where(User.id == actor.user_id)
    ).one()
    state = found.state if found.state in {_REGISTERED, _WAITING} else None
    return SessionEvents(
        key=head.key,
        takes_registrations=takes_registrations(head.takes_registrations, head.held_on, head.starts_at, now),
        registration=RegistrationState(state) if state else None,
        capacity=head.capacity,
        free=free_seats(head.capacity, found.seated),
        waiting=found.waiting,
        ahead=_ahead(db, row.id, found.asked_at if state == _WAITING else None),
        check_in=check_in_state(_window(db, head), found.present, now),
        attended_at=found.at if found.present else None,
        surveys=open_surveys(db, actor, row.id, now),
    )


def attended_rows(db: Session, actor: Actor) -> tuple[AttendedRow, ...]:
    """The latest first."""
    rows = db.execute(
        select(
            StudySession.key,
            StudySession.title,
            StudySession.title_en,
            StudySession.held_on,
            StudySession.status,
            Attendance.at,
        )
        .join(StudySession, StudySession.id == Attendance.study_session_id)
        .where(Attendance.user_id == actor.user_id, Attendance.present)
        .order_by(Attendance.at.desc())
    )
    return tuple(
        AttendedRow(row.key, row.title, row.title_en, row.held_on, row.at, row.status == "published")
        for row in rows
    )


def _counted(session_id: int, state: str) -> ColumnElement[int]:
    counted = select(func.count()).where(
        Registration.study_session_id == session_id, Registration.state == state
    )
    return counted.correlate(None).scalar_subquery().label("seated" if state == _REGISTERED else "waiting")


def _count(db: Session, session_id: int, state: str) -> int:
    return db.scalar(select(_counted(session_id, state))) or 0


def _ahead(db: Session, session_id: int, asked_at: datetime | None) -> int:
    if asked_at is None:
        return 0
    before = select(func.count()).where(
        Registration.study_session_id == session_id,
        Registration.state == _WAITING,
        Registration.asked_at < asked_at,
    )
    return db.scalar(before) or 0


def _window(db: Session, head: SessionHead) -> Window | None:
    late = timedelta(minutes=load_settings(db).late_check_in_minutes)
    return check_in_window(head.held_on, head.starts_at, head.minutes, late)
