"""The fictional organisation and its people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict
from studyhub.domain.identity import Role
from studyhub.persistence.models import Post, Unit, User, UserRole
from studyhub.services.passwords import hash_password

DEMO_LOGINS = ("officer", "lecturer", "supervisor", "admin")

_UNITS = (
    # code, name, level, parent
    ("W", "福祉局", "bureau", None),
    ("W1", "生活支援部", "division", "W"),
    ("W11", "相談課", "section", "W1"),
    ("W111", "窓口係", "team", "W11"),
    ("W112", "調整係", "team", "W11"),
    ("W113", "審査係", "team", "W11"),
    ("D", "デジタル推進局", "bureau", None),
    ("D1", "デジタルシフト推進部", "division", "D"),
    ("D11", "各局支援課", "section", "D1"),
    ("B", "建設局", "bureau", None),
    ("B1", "道路管理部", "division", "B"),
    ("B11", "占用許可課", "section", "B1"),
)


@dataclass(frozen=True, slots=True)
class _Person:
    login: str
    name: str
    kana: str
    unit: str
    title: str
    roles: tuple[Role, ...] = (Role.OFFICER,)
    heads_unit: bool = False
    also_in: str | None = None
    target_exam: str = "ip-2026"


_NAMED = (
    _Person("officer", "見本 太郎", "みほん たろう", "W111", "主事"),
    _Person("lecturer", "例田 恵", "れいだ めぐみ", "D11", "DX課長", (Role.OFFICER, Role.LECTURER)),
    _Person(
        "supervisor",
        "見本 真理",
        "みほん まり",
        "W11",
        "課長",
        (Role.OFFICER, Role.SUPERVISOR),
        heads_unit=True,
    ),
    _Person("admin", "例田 誠", "れいだ まこと", "D11", "課長代理", (Role.ADMINISTRATOR, Role.OFFICER)),
    _Person("hanako", "見本 花子", "みほん はなこ", "W112", "主事", also_in="D11"),
)
_FAMILY = (
    ("見本", "みほん"),
    ("例田", "れいだ"),
    ("試野", "ためしの"),
    ("仮屋", "かりや"),
    ("髙例", "たかれい"),
)
_GIVEN = (
    ("一花", "いちか"), ("健", "たけし"), ("陽子", "ようこ"), ("大輔", "だいすけ"), ("葵", "あおい"), ("修", "おさむ"),
    ("千尋", "ちひろ"),
)  # fmt: skip
_UNITS_OF_FAMILIES = ("W111", "W112", "D11", "B11", "W111")
_GIVEN_IN_THE_SECTION = (("光", "ひかる"), ("舞", "まい"), ("渉", "わたる"), ("栞", "しおり"))
"""More people of the section whom the demonstration's supervisor leads: it is to have about forty."""
_UNITS_IN_THE_SECTION = ("W113", "W113", "W112", "W113", "W112")
_HEADS = {1: "W111", 2: "W112", 36: "W113"}
"""By their number."""
_SENIORS_EVERY = 4
_NEW_EXAM_EVERY = 9


def has_people(db: Session) -> bool:
    return bool(db.scalar(select(func.count()).select_from(User)))


def populate(db: Session, password: str, now: datetime) -> list[int]:
    """Units, people and posts; the ids of the people, the named ones first. They share one pass phrase.

    Raises Conflict when the site has people: real ones are never mixed with fictional ones.
    """
    if has_people(db):
        raise Conflict(
            "このサイトには利用者が登録されています。お試し用のデータは、空のサイトにだけ入れられます。"
        )
    since = now.date() - timedelta(days=600)
    units = _store_units(db, since)
    hashed = hash_password(password)
    return [_store_person(db, person, units, hashed, since, now) for person in _people()]


def _people() -> Iterator[_Person]:
    yield from _NAMED
    rows = [(given, _UNITS_OF_FAMILIES) for given in _GIVEN]
    rows += [(given, _UNITS_IN_THE_SECTION) for given in _GIVEN_IN_THE_SECTION]
    for place, ((given, given_kana), units) in enumerate(rows):
        for family_place, (family, family_kana) in enumerate(_FAMILY):
            number = place * len(_FAMILY) + family_place + 1
            yield _Person(
                f"sample{number:02d}",
                f"{family} {given}",
                f"{family_kana} {given_kana}",
                units[family_place],
                _title(number),
                heads_unit=_HEADS.get(number) == units[family_place],
                target_exam="ip-2026" if number % _NEW_EXAM_EVERY else "ip-2027",
            )


def _title(number: int) -> str:
    if number in _HEADS:
        return "課長代理"
    return "主事" if number % _SENIORS_EVERY else "主任"


def _store_units(db: Session, since: date) -> dict[str, int]:
    ids: dict[str, int] = {}
    for code, name, level, parent in _UNITS:
        unit = Unit(
            code=code, name=name, level=level, parent_id=ids[parent] if parent else None, starts_on=since
        )
        db.add(unit)
        db.flush()
        ids[code] = unit.id
    return ids


def _store_person(
    db: Session, person: _Person, units: dict[str, int], hashed: str, since: date, now: datetime
) -> int:
    (family, given), (family_kana, given_kana) = person.name.split(), person.kana.split()
    user = User(
        login=person.login,
        family_name=family,
        given_name=given,
        family_kana=family_kana,
        given_kana=given_kana,
        password_hash=hashed,
        roles=[UserRole(role=role) for role in person.roles],
        target_exam=person.target_exam,
        exam_on=now.date() + timedelta(days=26) if person.login == "officer" else None,
        created_at=now - timedelta(days=120),
    )
    db.add(user)
    db.flush()
    main = Post(
        user_id=user.id,
        unit_id=units[person.unit],
        title=person.title,
        heads_unit=person.heads_unit,
        starts_on=since,
    )
    db.add(main)
    if person.also_in:
        db.add(
            Post(
                user_id=user.id,
                unit_id=units[person.also_in],
                title="兼務",
                kind="concurrent",
                starts_on=since,
            )
        )
    return user.id
