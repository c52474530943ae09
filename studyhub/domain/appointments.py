"""Where a post from a table belongs among the posts a person holds: nothing new, a change, a transfer, a start."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations

from studyhub.domain.organisation import Period, PostKind

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A post as it is or will be; ``unit`` is whatever names a unit for good, ``post_id`` None for one to be made."""

    post_id: int | None
    unit: str
    title: str
    kind: PostKind
    heads_unit: bool
    period: Period
    unit_name: str = field(default="", compare=False)
    """For people to read."""
    replaces: Held | None = None
    """The post that a new one puts an end to, as it was until then."""

    @property
    def lasting(self) -> tuple[str, PostKind, date]:
        """Which of a person's posts it is, whatever later rows change of it."""
        return self.unit, self.kind, self.period.starts_on


@dataclass(frozen=True, slots=True)
class Wanted:
    unit: str
    title: str
    kind: PostKind
    heads_unit: bool
    starts_on: date | None
    """None is today, or the start of the same post when that is held today."""
    ends_on: date | None
    unit_name: str = ""


class Obstacle(StrEnum):
    """Why the post cannot be placed."""

    LATER_POST = "later_post"
    TWO_MAINS = "two_mains"
    DATES_ORDER = "dates_order"


def start_of(held: tuple[Held, ...], wanted: Wanted, today: date) -> date:
    """The first day that is meant."""
    if wanted.starts_on is not None:
        return wanted.starts_on
    same = _same_post(held, wanted, today)
    return same.period.starts_on if same else today


def place(held: tuple[Held, ...], wanted: Wanted, today: date) -> tuple[Held, ...] | Obstacle:
    """The posts after ``wanted`` was taken in.

    The same post (unit and kind) that runs on that day is kept, with its new title, headship or last day; when these
    change from a later day on, the old one ends the day before. A main post elsewhere ends the day before: a transfer.
    """
    first = start_of(held, wanted, today)
    if wanted.ends_on is not None and wanted.ends_on < first:
        return Obstacle.DATES_ORDER
    same = _same_post(held, wanted, first)
    if same is not None and (same.period.starts_on == first or _says_the_same(same, wanted)):
        placed = tuple(_changed(post, wanted) if post is same else post for post in held)
    else:
        new = _new_post(wanted, first)
        ending = [post for post in held if _gives_way(post, new, same)]
        if any(post.period.starts_on == first for post in ending):
            return Obstacle.TWO_MAINS
        if any(post.period.starts_on > first for post in ending):
            return Obstacle.LATER_POST
        new = replace(new, replaces=next(iter(ending), None))
        placed = (*(_ended(post, first - _DAY) if post in ending else post for post in held), new)
    return Obstacle.TWO_MAINS if _two_mains(placed) else placed


def made_longer(before: tuple[Held, ...], after: tuple[Held, ...]) -> list[int]:
    """Places of the posts in ``after`` that are new, or run past the last day they had in ``before``."""
    ends = [post.period.ends_on for post in before]
    longer = [
        place for place, end in enumerate(ends) if end is not None and after[place].period.runs_past(end)
    ]
    return [*longer, *range(len(before), len(after))]


def _new_post(wanted: Wanted, first: date) -> Held:
    period = Period(first, wanted.ends_on)
    return Held(None, wanted.unit, wanted.title, wanted.kind, wanted.heads_unit, period, wanted.unit_name)


def _same_post(held: tuple[Held, ...], wanted: Wanted, day: date) -> Held | None:
    alike = (post for post in held if post.unit == wanted.unit and post.kind is wanted.kind)
    return next((post for post in alike if day in post.period), None)


def _says_the_same(post: Held, wanted: Wanted) -> bool:
    return (post.title, post.heads_unit) == (wanted.title, wanted.heads_unit)


def _changed(post: Held, wanted: Wanted) -> Held:
    """No last day in the table leaves the one that is known."""
    period = Period(post.period.starts_on, wanted.ends_on or post.period.ends_on)
    return replace(post, title=wanted.title, heads_unit=wanted.heads_unit, period=period)


def _gives_way(post: Held, new: Held, same: Held | None) -> bool:
    if post is same:
        return True
    both_main = post.kind is new.kind is PostKind.MAIN
    return both_main and post.period.overlaps(new.period)


def _ended(post: Held, last_day: date) -> Held:
    return replace(post, period=Period(post.period.starts_on, last_day))


def _two_mains(held: tuple[Held, ...]) -> bool:
    mains = [post.period for post in held if post.kind is PostKind.MAIN]
    return any(one.overlaps(other) for one, other in combinations(mains, 2))
