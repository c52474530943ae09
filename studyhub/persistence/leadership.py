"""Whom somebody leads on a day, asked of as few rows as that takes: the organisation may have 33,000 posts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.organisation import Chart, PostKind, Unit
from studyhub.persistence import models
from studyhub.persistence.organisation import load_posts, load_units


def leads(db: Session, head_id: int, user_id: int, day: date) -> bool:
    """``Chart.leads`` from the posts of the two and the heads between; three statements."""
    posts = load_posts(db, day=day, user_ids=[user_id])
    units = load_units(db, around={post.unit_id for post in posts})
    heads = load_posts(db, day=day, unit_ids=(), heads_of=[unit.id for unit in units])
    known = {post.id: post for post in (*posts, *heads)}
    return Chart(units, known.values(), day).leads(head_id, user_id)


class Leadership:
    """The units that somebody heads on a day with all below them; posts are loaded where they are asked for."""

    def __init__(self, db: Session, user_id: int, day: date) -> None:
        """Three statements."""
        own = [post for post in load_posts(db, day=day, user_ids=[user_id]) if post.heads_unit]
        own.sort(key=lambda post: (post.kind is not PostKind.MAIN, post.id))
        given = [post.unit_id for post in own]
        units = (*load_units(db, around=given), *load_units(db, below=given)) if given else ()
        self.user_id, self.day = user_id, day
        self._units = tuple({unit.id: unit for unit in units}.values())
        self.chart = Chart(self._units, (), day)
        headed = dict.fromkeys(unit for post in own if (unit := self.chart.unit(post.unit_id)) is not None)
        self.headed = tuple(headed)
        """Units of the day, that of the main post first."""

    def unit(self, code: str) -> Unit | None:
        """One of those headed or below them, by its lasting name."""
        within = self._below(self.headed)
        return next((unit for unit in within if unit.code == code), None)

    def highest(self) -> tuple[Unit, ...]:
        """Of the units headed those that do not stand below another of them."""
        ids = {unit.id for unit in self.headed}
        return tuple(
            unit
            for unit in self.headed
            if not any(above.id in ids for above in self.chart.path(unit.id)[:-1])
        )

    def children(self, unit: Unit) -> tuple[Unit, ...]:
        """Those directly below, by their codes."""
        return tuple(sorted(self.chart.children(unit.id), key=lambda each: each.code))

    def count_below(self, db: Session, units: Iterable[Unit]) -> int:
        """Active people with a post in one of the units or below, whoever of them is led."""
        post, user = models.Post, models.User
        ends = or_(post.ends_on.is_(None), post.ends_on >= self.day)
        counted = select(func.count(post.user_id.distinct())).join(user, user.id == post.user_id)
        wanted = counted.where(user.active, post.starts_on <= self.day, ends)
        return db.scalar(wanted.where(post.unit_id.in_(self._versions(self._below(units))))) or 0

    def staffed(self, db: Session, units: Collection[Unit], *, deep: bool) -> Chart:
        """With the posts in the units and all below them, or only those in the units and of the heads directly below;
        enough to ask whom of these people the user leads. One statement."""
        if deep:
            within, heads = self._below(units), set[Unit]()
        else:
            within, heads = set(units), {below for unit in units for below in self.children(unit)}
        above = {up for unit in units for up in self.chart.path(unit.id)}
        posts = load_posts(
            db, day=self.day, unit_ids=self._versions(within), heads_of=self._versions(heads | above)
        )
        return Chart(self._units, posts, self.day)

    def led_among(self, db: Session, user_ids: Collection[int]) -> frozenset[int]:
        """Those of the people whom the user leads. Two statements."""
        theirs = load_posts(db, day=self.day, user_ids=user_ids)
        heads = load_posts(db, day=self.day, unit_ids=(), heads_of=self._versions(self._below(self.headed)))
        posts = {post.id: post for post in (*theirs, *heads)}
        return Chart(self._units, posts.values(), self.day).subordinates(self.user_id).all & frozenset(
            user_ids
        )

    def _below(self, units: Iterable[Unit]) -> set[Unit]:
        ids = frozenset[int]().union(*(self.chart.below(unit.id) for unit in units))
        return {unit for each in ids if (unit := self.chart.unit(each)) is not None}

    def _versions(self, units: Collection[Unit]) -> list[int]:
        """Ids of all versions: a post keeps the one of the day it began."""
        codes = {unit.code for unit in units}
        return [unit.id for unit in self._units if unit.code in codes]

    def versions(self, units: Iterable[Unit]) -> dict[int, str]:
        """Lasting name of the unit by the id of any of its versions."""
        codes = {unit.code for unit in units}
        return {unit.id: unit.code for unit in self._units if unit.code in codes}
