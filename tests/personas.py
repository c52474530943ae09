"""The people of the tests. Their rights are told by who they are, so that a test reads as a sentence.

The organisation: a digital bureau with a planning division (officer, lecturer, and the supervisor who heads it), and
a construction bureau with a road division (the colleague elsewhere and the supervisor who heads that one).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor, Role
from studyhub.services.passwords import hash_password
from tests.factories.people import make_post, make_unit, make_user

PASSWORD = "tsukiji-market-0500"


@dataclass(frozen=True, slots=True)
class Personas:
    officer: Actor
    colleague_elsewhere: Actor
    lecturer: Actor
    supervisor: Actor
    supervisor_elsewhere: Actor
    administrator: Actor

    def named(self, name: str) -> Actor:
        return getattr(self, name)  # type: ignore[no-any-return]


NAMES = ("officer", "colleague_elsewhere", "lecturer", "supervisor", "supervisor_elsewhere", "administrator")

_PEOPLE = {
    "officer": ("佐藤 花子", "さとう はなこ", (Role.OFFICER,), "planning", False),
    "colleague_elsewhere": ("髙﨑 健", "たかさき けん", (Role.OFFICER,), "road", False),
    "lecturer": ("鈴木 一郎", "すずき いちろう", (Role.OFFICER, Role.LECTURER), "planning", False),
    "supervisor": ("田中 真理", "たなか まり", (Role.OFFICER, Role.SUPERVISOR), "planning", True),
    "supervisor_elsewhere": ("山本 誠", "やまもと まこと", (Role.OFFICER, Role.SUPERVISOR), "road", True),
    "administrator": ("小林 恵", "こばやし めぐみ", (Role.ADMINISTRATOR,), "planning", False),
}


@cache
def password_hash() -> str:
    """Of PASSWORD; made once, since each takes 20 ms."""
    return hash_password(PASSWORD)


def store_personas(db: Session, now: datetime) -> Personas:
    units = _store_units(db, now)
    actors = {}
    for login, (name, kana, roles, unit, heads) in _PEOPLE.items():
        user = make_user(
            db, now, login=login, name=name, kana=kana, roles=roles, password_hash=password_hash()
        )
        make_post(db, now, user_id=user.id, unit_id=units[unit], heads_unit=heads)
        actors[login] = Actor(
            user_id=user.id, login=login, display_name=user.display_name, roles=frozenset(roles)
        )
    return Personas(**actors)


def _store_units(db: Session, now: datetime) -> dict[str, int]:
    digital = make_unit(db, now, name="デジタル推進局", level="bureau")
    construction = make_unit(db, now, name="建設局", level="bureau")
    planning = make_unit(db, now, name="企画課", level="section", parent_id=digital.id)
    road = make_unit(db, now, name="道路課", level="section", parent_id=construction.id)
    return {"planning": planning.id, "road": road.id}
