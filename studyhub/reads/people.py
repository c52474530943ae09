"""Who is on the site."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from studyhub.domain.identity import Role
from studyhub.domain.names import usual_signs, variants_in
from studyhub.domain.organisation import Chart, PostKind
from studyhub.persistence.models import User, UserRole
from studyhub.persistence.organisation import load_chart, load_posts


@dataclass(frozen=True, slots=True)
class PersonLine:
    login: str
    display_name: str
    roles: tuple[Role, ...]
    unit_path: tuple[str, ...]
    """Of the main post held on the day; empty without one."""
    active: bool


def administrator_logins(db: Session) -> tuple[str, ...]:
    """Of those who can sign in."""
    found = select(User.login).join(UserRole).where(UserRole.role == Role.ADMINISTRATOR, User.active)
    return tuple(db.scalars(found.order_by(User.login)))


def holds_name(names: ColumnElement[str], wanted: str) -> ColumnElement[bool]:
    """Whether ``wanted`` is a part of the name, whichever variants of their signs either is written with."""
    text = usual_signs(wanted)
    for variant, usual in variants_in(text):
        names = func.replace(names, variant, usual)
    return names.icontains(text, autoescape=True)


def people_list(db: Session, day: date) -> tuple[PersonLine, ...]:
    """Everybody, in the order of their kana."""
    roles: dict[int, set[str]] = defaultdict(set)
    for user_id, role in db.execute(select(UserRole.user_id, UserRole.role)):
        roles[user_id].add(role)
    chart = load_chart(db, day)
    mains = {p.user_id: p.unit_id for p in load_posts(db, day=day) if p.kind is PostKind.MAIN}
    columns = select(User.id, User.login, User.family_name, User.given_name, User.active)
    by_kana = columns.order_by(User.family_kana, User.given_kana, User.login)
    return tuple(
        PersonLine(
            login=row.login,
            display_name=f"{row.family_name} {row.given_name}",
            roles=tuple(role for role in Role if role in roles[row.id]),
            unit_path=_names(chart, mains.get(row.id)),
            active=row.active,
        )
        for row in db.execute(by_kana)
    )


def _names(chart: Chart, unit_id: int | None) -> tuple[str, ...]:
    return () if unit_id is None else tuple(unit.name for unit in chart.path(unit_id))
