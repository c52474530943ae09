"""A fictional organisation of any size: 局, 部, 課, 係 and the officers in them, who share one pass phrase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from bench.bulk import Bulk, text_time
from studyhub.services.passwords import hash_password

PASSWORD = "harbour-lantern-maple-41"
LEVELS = ("bureau", "division", "section", "team")
NAMES = ("局", "部", "課", "係")
UNITS_BELOW = 5
OFFICERS_OF_A_TEAM = 9
_FAMILY = (
    ("見本", "みほん"),
    ("例田", "れいだ"),
    ("試野", "ためしの"),
    ("仮屋", "かりや"),
    ("髙例", "たかれい"),
)
_GIVEN = (("一花", "いちか"), ("健", "たけし"), ("陽子", "ようこ"), ("大輔", "だいすけ"), ("葵", "あおい"))


def login(number: int) -> str:
    """Of the officer with this number, from 1."""
    return f"bench{number:05d}"


@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    level: int
    parent_id: int | None


def store_population(bulk: Bulk, officers: int, now: datetime, rng: Random) -> None:
    """Officers get the ids from 1 on; each has a post, two sign-ins (one of them ended) and their trace in the log."""
    since = (now - timedelta(days=900)).date().isoformat()
    units = list(_units(-(-officers // OFFICERS_OF_A_TEAM)))
    bulk.insert(
        "units", ("id", "code", "name", "level", "parent_id", "starts_on"),
        [(u.id, f"U{u.id}", f"第{u.id}{NAMES[u.level]}", LEVELS[u.level], u.parent_id, since) for u in units],
    )  # fmt: skip
    hashed = hash_password(PASSWORD)
    numbers = range(1, officers + 1)
    bulk.insert(
        "users",
        ("id", "login", "staff_number", "family_name", "given_name", "family_kana", "given_kana", "password_hash",
         "must_change_password", "locale", "theme", "target_exam", "daily_minutes", "active", "created_at"),
        [_user(number, hashed, now, rng) for number in numbers],
    )  # fmt: skip
    bulk.insert("user_roles", ("user_id", "role"), [(number, "officer") for number in numbers])
    teams = [unit.id for unit in units if unit.level == 3]
    bulk.insert(
        "posts", ("id", "user_id", "unit_id", "title", "kind", "heads_unit", "starts_on"),
        [(n, n, teams[(n - 1) // OFFICERS_OF_A_TEAM], "主事", "main", int(n % OFFICERS_OF_A_TEAM == 1), since)
         for n in numbers],
    )  # fmt: skip
    _store_sign_ins(bulk, officers, now, rng)


def _units(teams: int) -> Iterator[Unit]:
    """A tree that ends in this many teams, from the top."""
    widths = [teams]
    for _level in range(3):
        widths.insert(0, -(-widths[0] // UNITS_BELOW))
    first = 1
    for level, width in enumerate(widths):
        above = first - widths[level - 1] if level else 0
        for place in range(width):
            yield Unit(first + place, level, above + place // UNITS_BELOW if level else None)
        first += width


def _user(number: int, hashed: str, now: datetime, rng: Random) -> tuple[object, ...]:
    (family, family_kana), (given, given_kana) = rng.choice(_FAMILY), rng.choice(_GIVEN)
    return (
        number, login(number), f"S{number:07d}", family, given, family_kana, given_kana, hashed, 0, "ja", "auto",
        "ip-2026", 15, 1, text_time(now - timedelta(days=400)),
    )  # fmt: skip


def _store_sign_ins(bulk: Bulk, officers: int, now: datetime, rng: Random) -> None:
    sign_ins, entries = [], []
    for number in range(1, 2 * officers + 1):
        user_id, at = (number + 1) // 2, now - timedelta(minutes=rng.randrange(60 * 24 * 14))
        token = sha256(rng.randbytes(16)).hexdigest()
        sign_ins.append(
            (number, token, user_id, text_time(at), text_time(at), text_time(at + timedelta(days=14)),
             text_time(at) if number % 2 else None, "", "")
        )  # fmt: skip
        entries.append((number, text_time(at), user_id, "sign_in.start", "user", str(user_id), "{}"))
    bulk.insert(
        "sign_ins",
        (
            "id",
            "token_hash",
            "user_id",
            "created_at",
            "last_seen_at",
            "expires_at",
            "revoked_at",
            "address",
            "browser",
        ),
        sign_ins,
    )
    bulk.insert(
        "audit_entries", ("id", "at", "user_id", "action", "subject_kind", "subject_id", "detail"), entries
    )
