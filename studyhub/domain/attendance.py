"""Registering for a study session and checking in to it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from studyhub.domain.days import TOKYO
from studyhub.domain.errors import Invalid
from studyhub.domain.sign_in import Limit

CODE_SIGNS = "ACDEFHJKMNPQRTVWXY34679"
"""Without signs that are taken for each other on a screen or when said: 0 and O, 1, I and L, 2 and Z, 5 and S,
8 and B, U and V, G and 6."""
CODE_LENGTH = 6
OPENS_BEFORE = timedelta(minutes=30)
WRONG_CODES = Limit(20, timedelta(minutes=15))
"""Of one person: far more than one mistypes, far fewer than one needs to find one of 148 million codes."""
MOST_SEATS = 100_000


class RegistrationState(StrEnum):
    """Registered has a seat; waiting gets the next one that becomes free."""

    REGISTERED = "registered"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class CheckInWay(StrEnum):
    SCAN = "scan"
    CODE = "code"
    LECTURER = "lecturer"


class CheckInState(StrEnum):
    """Whether one may check in now. STRUCK is a check-in that the lecturer took back; UNDATED has no day yet."""

    OPEN = "open"
    EARLY = "early"
    LATE = "late"
    UNDATED = "undated"
    PRESENT = "present"
    STRUCK = "struck"


@dataclass(frozen=True, slots=True)
class Window:
    """When check-ins are taken, by the clock of the server; ``closes_at`` itself is still in time."""

    opens_at: datetime
    closes_at: datetime


def draw_code(rng: Random) -> str:
    """``rng`` is one that nobody can foresee."""
    return "".join(rng.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def normal_code(typed: str) -> str:
    """Full-width signs, small letters, blanks and hyphens make no difference."""
    signs = unicodedata.normalize("NFKC", typed[:40]).upper()
    return "".join(sign for sign in signs if sign.isascii() and sign.isalnum())[: CODE_LENGTH + 2]


def spoken_code(code: str) -> str:
    """In two groups, as it is shown and said."""
    return f"{code[:3]}-{code[3:]}"


def check_in_window(
    held_on: date | None, starts_at: datetime | None, minutes: int, late: timedelta
) -> Window | None:
    """The whole day in Tokyo where only the day is known; None without a day."""
    if held_on is None:
        return None
    if starts_at is None:
        midnight = datetime.combine(held_on, time.min, TOKYO)
        return Window(midnight, midnight + timedelta(days=1) - timedelta(seconds=1))
    return Window(starts_at - OPENS_BEFORE, starts_at + timedelta(minutes=minutes) + late)


def check_in_state(window: Window | None, present: bool | None, now: datetime) -> CheckInState:
    """``present`` is None for somebody who never checked in."""
    if present is not None:
        return CheckInState.PRESENT if present else CheckInState.STRUCK
    if window is None:
        return CheckInState.UNDATED
    if now < window.opens_at:
        return CheckInState.EARLY
    return CheckInState.OPEN if now <= window.closes_at else CheckInState.LATE


def takes_registrations(
    wanted: bool, held_on: date | None, starts_at: datetime | None, now: datetime
) -> bool:
    """Until the study session begins, or through its day; ``wanted`` is the lecturer's choice."""
    if not wanted or held_on is None:
        return wanted
    if starts_at is not None:
        return now < starts_at
    return now.astimezone(TOKYO).date() <= held_on


def free_seats(capacity: int | None, registered: int) -> int | None:
    """None is without limit. Never negative: whoever has a seat keeps it when the capacity shrinks."""
    return None if capacity is None else max(0, capacity - registered)


def require_capacity(capacity: int | None) -> None:
    if capacity is not None and not 1 <= capacity <= MOST_SEATS:
        raise Invalid("定員は1人以上の数で入力してください。", field="capacity")
