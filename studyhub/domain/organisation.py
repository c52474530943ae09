"""The organisation with its dates: who is where on a day, and who leads whom.

A unit's ``code`` is its lasting identity. A row is one version of it: a unit that is renamed or moved under another
parent ends one row and starts the next with the same code, so that its posts and the units below it go along.
All days are inclusive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

_DAY = timedelta(days=1)


class Level(StrEnum):
    """局, 部, 課, 係; a unit stands under any unit of a higher level, since not every bureau has divisions."""

    BUREAU = "bureau"
    DIVISION = "division"
    SECTION = "section"
    TEAM = "team"

    @property
    def depth(self) -> int:
        return tuple(Level).index(self)


class PostKind(StrEnum):
    """A person has at most one main post on a day, and any number of concurrent ones (兼務)."""

    MAIN = "main"
    CONCURRENT = "concurrent"


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included; no last day means until further notice."""

    starts_on: date
    ends_on: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def overlaps(self, other: Period) -> bool:
        return (other.ends_on is None or self.starts_on <= other.ends_on) and (
            self.ends_on is None or other.starts_on <= self.ends_on
        )

    def runs_past(self, day: date) -> bool:
        return self.ends_on is None or day < self.ends_on


@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    code: str
    name: str
    level: Level
    parent_id: int | None
    period: Period


@dataclass(frozen=True, slots=True)
class Post:
    id: int
    user_id: int
    unit_id: int
    title: str
    kind: PostKind
    heads_unit: bool
    period: Period


@dataclass(frozen=True, slots=True)
class Subordinates:
    """Ids of users. Somebody who is both, by a concurrent post, counts as direct."""

    direct: frozenset[int] = frozenset()
    indirect: frozenset[int] = frozenset()

    @property
    def all(self) -> frozenset[int]:
        return self.direct | self.indirect


class Chart:
    """The organisation as it is on one day. ``unit_id`` may be that of any version of a unit."""

    def __init__(self, units: Iterable[Unit], posts: Iterable[Post], day: date) -> None:
        known = tuple(units)
        current = {unit.code: unit for unit in known if day in unit.period}
        self.day = day
        self._known = known
        self._version: Mapping[int, Unit] = {u.id: current[u.code] for u in known if u.code in current}
        self.posts = tuple(post for post in posts if day in post.period and post.unit_id in self._version)

    @property
    def units(self) -> tuple[Unit, ...]:
        """Those that are open on the day."""
        return tuple({unit.id: unit for unit in self._version.values()}.values())

    def unit(self, unit_id: int) -> Unit | None:
        """None when the unit is not open on the day."""
        return self._version.get(unit_id)

    def last_day(self, unit_id: int) -> date | None:
        """Of a unit that is open on the day, in whatever versions; None when no closing is planned."""
        last = self._version[unit_id]
        while last.period.ends_on is not None:
            following = self._beginning.get((last.code, last.period.ends_on + _DAY))
            if following is None:
                return last.period.ends_on
            last = following
        return None

    def parent(self, unit_id: int) -> Unit | None:
        unit = self.unit(unit_id)
        return None if unit is None or unit.parent_id is None else self.unit(unit.parent_id)

    def children(self, unit_id: int) -> tuple[Unit, ...]:
        """Directly below, in the version of the day."""
        unit = self.unit(unit_id)
        below = self._children[unit.id] if unit else []
        return tuple(self._version[each] for each in below)

    def path(self, unit_id: int) -> tuple[Unit, ...]:
        """From the bureau down to the unit itself; empty when the unit is not open on the day."""
        return tuple(reversed(tuple(self._upwards(unit_id))))

    def below(self, unit_id: int) -> frozenset[int]:
        """Ids of the unit and of all units under it, in the version of the day."""
        unit = self.unit(unit_id)
        if unit is None:
            return frozenset()
        found, waiting = set(), [unit.id]
        while waiting:
            here = waiting.pop()
            found.add(here)
            waiting.extend(self._children[here])
        return frozenset(found)

    def members(self, unit_id: int) -> frozenset[int]:
        """Users with a post of any kind in the unit itself."""
        unit = self.unit(unit_id)
        return frozenset(p.user_id for p in self._posts_in[unit.id]) if unit else frozenset()

    def members_below(self, unit_id: int) -> frozenset[int]:
        """Users with a post in the unit or anywhere under it."""
        return frozenset(p.user_id for below in self.below(unit_id) for p in self._posts_in[below])

    def headed_units(self, user_id: int) -> frozenset[int]:
        return frozenset(
            self._version[p.unit_id].id for p in self.posts if p.user_id == user_id and p.heads_unit
        )

    def heads(self, unit_id: int) -> frozenset[int]:
        """Users whose post leads the unit itself."""
        unit = self.unit(unit_id)
        return self._heads[unit.id] if unit else frozenset()

    def led_units(self, user_id: int) -> frozenset[int]:
        """The units whose head the user is, and all below them."""
        return frozenset(below for headed in self.headed_units(user_id) for below in self.below(headed))

    def main_units(self, user_ids: Collection[int]) -> dict[int, int]:
        """By person: the unit of the main post, or of a concurrent one where there is no main post."""
        found: dict[int, int] = {}
        for post in self.posts:
            if post.user_id in user_ids and (post.kind is PostKind.MAIN or post.user_id not in found):
                found[post.user_id] = self._version[post.unit_id].id
        return found

    def subordinates(self, user_id: int) -> Subordinates:
        """Whoever's nearest head is the user is a direct subordinate, whoever stands further down an indirect one.

        The nearest head of a member leads the unit itself, that of a unit's head leads a unit above; a unit whose
        head's post is vacant passes its people up. Heads of the same unit are not each other's subordinates.
        """
        direct, indirect = set(), set()
        for headed in self.headed_units(user_id):
            for post in (p for below in self.below(headed) for p in self._posts_in[below]):
                lines = tuple(self._heads_above(post)) if post.user_id != user_id else ()
                if lines and user_id in lines[0]:
                    direct.add(post.user_id)
                elif any(user_id in heads for heads in lines):
                    indirect.add(post.user_id)
        return Subordinates(frozenset(direct), frozenset(indirect - direct))

    def leads(self, head_id: int, user_id: int) -> bool:
        """Whether the one is above the other on the day: what a supervisor's access rests on."""
        return user_id in self.subordinates(head_id).all

    def _heads_above(self, post: Post) -> Iterator[frozenset[int]]:
        """The heads in each unit that has some, from the nearest upwards, without the post's own unit if it leads it."""
        for unit in self._upwards(post.unit_id):
            heads = self._heads[unit.id]
            if heads and post.user_id not in heads:
                yield heads

    def _upwards(self, unit_id: int) -> Iterator[Unit]:
        """Stops where a unit comes twice, so that broken data ends and does not hang."""
        seen: set[int] = set()
        unit = self.unit(unit_id)
        while unit is not None and unit.id not in seen:
            seen.add(unit.id)
            yield unit
            unit = self.parent(unit.id)

    @cached_property
    def _beginning(self) -> Mapping[tuple[str, date], Unit]:
        return {(unit.code, unit.period.starts_on): unit for unit in self._known}

    @cached_property
    def _children(self) -> Mapping[int, list[int]]:
        children: dict[int, list[int]] = defaultdict(list)
        for unit in {unit.id: unit for unit in self._version.values()}.values():
            parent = self.parent(unit.id)
            if parent is not None and unit.id not in {above.id for above in self._upwards(parent.id)}:
                children[parent.id].append(unit.id)
        return children

    @cached_property
    def _posts_in(self) -> Mapping[int, list[Post]]:
        posts: dict[int, list[Post]] = defaultdict(list)
        for post in self.posts:
            posts[self._version[post.unit_id].id].append(post)
        return posts

    @cached_property
    def _heads(self) -> Mapping[int, frozenset[int]]:
        heads: dict[int, set[int]] = defaultdict(set)
        for post in self.posts:
            if post.heads_unit:
                heads[self._version[post.unit_id].id].add(post.user_id)
        return defaultdict(frozenset, {unit_id: frozenset(users) for unit_id, users in heads.items()})
