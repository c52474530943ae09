"""Rows of people and the organisation, with what a test does not care about filled in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from studyhub.domain.identity import Role
from studyhub.persistence.models import Post, Unit, User, UserRole

_numbers = count(1)


def make_user(
    db: Session,
    now: datetime,
    *,
    login: str | None = None,
    name: str = "中村 陽子",
    kana: str = "なかむら ようこ",
    roles: Iterable[Role] = (Role.OFFICER,),
    password_hash: str = "!",
) -> User:
    """A password hash of "!" fits no pass phrase: such a person cannot sign in."""
    family_name, given_name = name.split(" ")
    family_kana, given_kana = kana.split(" ")
    user = User(
        login=login or f"user{next(_numbers)}",
        family_name=family_name,
        given_name=given_name,
        family_kana=family_kana,
        given_kana=given_kana,
        password_hash=password_hash,
        roles=[UserRole(role=role.value) for role in roles],
        created_at=now,
    )
    db.add(user)
    db.flush()
    return user


def make_unit(
    db: Session, now: datetime, *, name: str = "調整課", level: str = "section", parent_id: int | None = None
) -> Unit:
    unit = Unit(
        code=f"U{next(_numbers)}",
        name=name,
        level=level,
        parent_id=parent_id,
        starts_on=_two_years_before(now),
    )
    db.add(unit)
    db.flush()
    return unit


def make_post(db: Session, now: datetime, *, user_id: int, unit_id: int, heads_unit: bool = False) -> Post:
    post = Post(user_id=user_id, unit_id=unit_id, heads_unit=heads_unit, starts_on=_two_years_before(now))
    db.add(post)
    db.flush()
    return post


def _two_years_before(now: datetime) -> date:
    return (now - timedelta(days=730)).date()
