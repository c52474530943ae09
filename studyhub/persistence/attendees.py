"""Who came to a study session and who means to come, with name, kana and unit on the day: in three statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from studyhub.domain.attendance import CheckInWay, RegistrationState
from studyhub.domain.days import office_day
from studyhub.domain.organisation import Chart, PostKind
from studyhub.persistence.models import Attendance, Registration, User
from studyhub.persistence.organisation import load_posts, load_units


@dataclass(frozen=True, slots=True)
class Person:
    """``unit_path`` is that of the main post today, from the bureau down; empty without one."""

    user_id: int
    name: str
    kana: str
    staff_number: str
    unit_path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attendee:
    person: Person
    present: bool
    way: CheckInWay
    at: datetime
    corrected_by: str
    """Name of the lecturer who added, struck or restored it; empty where nobody did."""
    corrected_at: datetime | None


@dataclass(frozen=True, slots=True)
class Registrant:
    person: Person
    state: RegistrationState
    asked_at: datetime


BY_KANA = (User.family_kana, User.given_kana, User.id)
PERSON = (
    User.id,
    User.family_name,
    User.given_name,
    User.family_kana,
    User.given_kana,
    User.staff_number,
)
"""What ``people_of`` wants to know of a row; whole people would bring their roles with a statement of their own."""


def load_attendees(db: Session, session_id: int, now: datetime) -> tuple[Attendee, ...]:
    """In the order of kana."""
    corrector = aliased(User)
    columns = (
        *PERSON,
        Attendance.present,
        Attendance.way,
        Attendance.at,
        Attendance.corrected_at,
        corrector.family_name.label("by_family"),
        corrector.given_name.label("by_given"),
    )
    query = (
        select(*columns)
        .join(User, User.id == Attendance.user_id)
        .outerjoin(corrector, corrector.id == Attendance.corrected_by)
        .where(Attendance.study_session_id == session_id)
        .order_by(*BY_KANA)
    )
    rows = db.execute(query).all()
    people = people_of(db, rows, office_day(now))
    return tuple(
        Attendee(
            person=people[row.id],
            present=row.present,
            way=CheckInWay(row.way),
            at=row.at,
            corrected_by=f"{row.by_family} {row.by_given}" if row.by_family else "",
            corrected_at=row.corrected_at,
        )
        for row in rows
    )


def load_registrants(db: Session, session_id: int, now: datetime) -> tuple[Registrant, ...]:
    """Those with a seat by kana, then those who wait in the order of the queue; not those who cancelled."""
    query = (
        select(*PERSON, Registration.state, Registration.asked_at)
        .join(User, User.id == Registration.user_id)
        .where(
            Registration.study_session_id == session_id,
            Registration.state != RegistrationState.CANCELLED.value,
        )
        .order_by(*BY_KANA)
    )
    rows = db.execute(query).all()
    people = people_of(db, rows, office_day(now))
    found = [Registrant(people[row.id], RegistrationState(row.state), row.asked_at) for row in rows]
    seated = [each for each in found if each.state is RegistrationState.REGISTERED]
    waiting = [each for each in found if each.state is RegistrationState.WAITING]
    return (*seated, *sorted(waiting, key=lambda each: (each.asked_at, each.person.user_id)))


def people_of(db: Session, rows: Iterable[Row[*tuple[Any, ...]]], day: date) -> dict[int, Person]:
    """From rows with the columns of ``PERSON``; two statements."""
    held = list(rows)
    paths = _unit_paths(db, [row.id for row in held], day)
    return {
        row.id: Person(
            user_id=row.id,
            name=f"{row.family_name} {row.given_name}",
            kana=f"{row.family_kana} {row.given_kana}".strip(),
            staff_number=row.staff_number or "",
            unit_path=paths.get(row.id, ()),
        )
        for row in held
    }


def _unit_paths(db: Session, user_ids: Collection[int], day: date) -> dict[int, tuple[str, ...]]:
    posts = load_posts(db, day=day, user_ids=user_ids)
    mains = {post.user_id: post.unit_id for post in posts if post.kind is PostKind.MAIN}
    chart = Chart(load_units(db, around=set(mains.values())), posts, day)
    return {user_id: tuple(unit.name for unit in chart.path(unit_id)) for user_id, unit_id in mains.items()}
