"""What is asked of people by a date, how far each is, and who may see and change it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from studyhub.domain.errors import Invalid
from studyhub.domain.mastery import Band
from studyhub.domain.organisation import Chart

LONGEST_REASON = 500
FARTHEST = timedelta(days=366)
WANTED_BANDS = (Band.NEAR, Band.FIRM)
"""What may be asked for on a topic; the other bands are where one starts."""


class AssignmentKind(StrEnum):
    """Reading a study session, reaching a band on a topic, answering a session's check quiz."""

    SESSION = "session"
    TOPIC = "topic"
    CHECK = "check"


class State(StrEnum):
    """Where a person stands: done, not yet and still in time, not yet and past the date."""

    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """Done when all sections of the notes are read, or by having been there."""

    read: int
    sections: int
    read_at: datetime | None
    attended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TopicFacts:
    band: Band
    wanted: Band
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """Answers count whenever they were given, also before it was asked: nobody answers twice for the form's sake."""

    answered: int
    questions: int
    answered_at: datetime | None


Facts = SessionFacts | TopicFacts | CheckFacts

_ORDER = tuple(Band)


@dataclass(frozen=True, slots=True)
class Tally:
    done: int = 0
    open: int = 0
    overdue: int = 0

    @property
    def people(self) -> int:
        return self.done + self.open + self.overdue


def done_at(facts: Facts) -> datetime | None:
    """When the last thing was done that made it complete; None while it is not."""
    match facts:
        case SessionFacts():
            read_at = facts.read_at if facts.read >= facts.sections else None
            return min((at for at in (read_at, facts.attended_at) if at is not None), default=None)
        case TopicFacts():
            return facts.last_at if _ORDER.index(facts.band) >= _ORDER.index(facts.wanted) else None
        case CheckFacts():
            return facts.answered_at if facts.answered >= facts.questions > 0 else None
        case _:
            assert_never(facts)


def state_of(done: datetime | None, due_on: date, today: date) -> State:
    if done is not None:
        return State.DONE
    return State.OVERDUE if today > due_on else State.OPEN


def tally(states: Iterable[State]) -> Tally:
    found = list(states)
    return Tally(found.count(State.DONE), found.count(State.OPEN), found.count(State.OVERDUE))


def tally_of(done: int, waiting: int, due_on: date, today: date) -> Tally:
    """The same of people who were counted and not looked at one by one."""
    if state_of(None, due_on, today) is State.OVERDUE:
        return Tally(done, overdue=waiting)
    return Tally(done, open=waiting)


def may_see(*, is_maker: bool, in_scope: Collection[int]) -> bool:
    """``in_scope`` are those among the people asked whom the supervisor leads today."""
    return is_maker or bool(in_scope)


def may_change(*, is_maker: bool, in_scope: Collection[int], asked: Collection[int]) -> bool:
    """Whoever made it, while it still concerns somebody they lead or asks nobody; else whoever leads all it asks."""
    if is_maker:
        return bool(in_scope) or not asked
    return bool(in_scope) and set(asked) <= set(in_scope)


def people_of_unit(chart: Chart, unit_id: int, asked_by: int | None) -> frozenset[int]:
    """Whom an assignment to the unit asks on the chart's day: those in it and under it whom the asker leads. When the
    asker no longer leads the unit, all but its heads, so that a successor's people go on."""
    members = chart.members_below(unit_id) - {asked_by}
    unit = chart.unit(unit_id)
    if unit is None:
        return frozenset()
    led = chart.led_units(asked_by) if asked_by is not None else frozenset()
    if asked_by is not None and unit.id in led:
        return frozenset(members & chart.subordinates(asked_by).all)
    return frozenset(members - chart.heads(unit_id))


def check_due(due_on: date, today: date) -> None:
    if not today <= due_on <= today + FARTHEST:
        raise Invalid("期限は、今日から1年以内の日付にしてください。", field="due_on")


def checked_reason(text: str) -> str:
    """Why something is asked belongs to asking: without it a request is an order."""
    reason = text.strip()
    if not reason:
        raise Invalid("頼む理由を書いてください。頼まれた人がそのまま読みます。", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid("理由は%(count)s文字以内にしてください。", field="reason", count=LONGEST_REASON)
    return reason


def is_to_be_reminded(due_on: date, today: date, reminder_days: int) -> bool:
    """On the day itself too, so that days without the site lose no reminder; each is told once."""
    return today <= due_on <= today + timedelta(days=reminder_days)
