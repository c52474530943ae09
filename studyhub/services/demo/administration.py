"""What an administrator has prepared: the transfers of the coming April, and somebody who has not signed in yet."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.persistence.models import Unit, User
from studyhub.services import organisation, people
from studyhub.services.organisation import UnitChange
from studyhub.services.people import Appointment, NewUser
from studyhub.services.people_changes import actor_of


def prepare_april(db: Session, now: datetime) -> None:
    admin = actor_of(db, _user(db, "admin"))
    today = office_day(now)
    april = date(today.year + (today >= date(today.year, 4, 1)), 4, 1)
    team = db.scalars(select(Unit).where(Unit.code == "W112")).one()
    organisation.change_unit(db, admin, UnitChange(team.id, "企画調整係", team.parent_id, april), now)
    target = db.scalars(select(Unit.id).where(Unit.code == "D11")).one()
    people.transfer(db, admin, Appointment(_user(db, "sample01"), target, april, title="主任"), now)
    arrived = NewUser("newcomer", "新田", "見習", "にった", "みならい", staff_number="900999")
    made = people.create_user(db, admin, arrived, now)
    people.appoint(db, admin, Appointment(made.user_id, target, today, title="主事"), now)


def _user(db: Session, login: str) -> int:
    return db.scalars(select(User.id).where(User.login == login)).one()
