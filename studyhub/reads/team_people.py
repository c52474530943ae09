"""The people whom somebody leads on the day, in the units that are looked at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.organisation import Chart, Post, PostKind, Unit
from studyhub.domain.team import ACTIVE_DAYS, Lately
from studyhub.persistence.leadership import Leadership
from studyhub.persistence.models import DailyActivity, User

MOST_PEOPLE = 300
"""Up to so many are shown one by one with all who are below; of more, those directly in the unit."""


@dataclass(frozen=True, slots=True)
class Person:
    user_id: int
    name: str
    kana: str
    unit: str
    title: str
    target_exam: str
    direct: bool


@dataclass(frozen=True, slots=True)
class Crowd:
    unit: Unit | None
    """The one that is looked at; None for all that somebody heads."""
    units: tuple[Unit, ...]
    below: int
    """People in the units and all below them; of many, also whoever heads them."""
    wide: bool
    people: tuple[Person, ...]
    day: date

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(sorted({person.title for person in self.people if person.title}))


def load_crowd(db: Session, leadership: Leadership, code: str) -> Crowd:
    """Three statements. Raises NotFound for a unit that is not led today."""
    unit = _asked(leadership, code)
    units = (unit,) if unit is not None else leadership.highest()
    below = leadership.count_below(db, units)
    wide = below > MOST_PEOPLE
    people = _people(db, leadership, leadership.staffed(db, units, deep=not wide), units)
    return Crowd(unit, units, below if wide else len(people), wide, people, leadership.day)


def _asked(leadership: Leadership, code: str) -> Unit | None:
    """The only unit that is headed, unless another is asked for."""
    if not code:
        highest = leadership.highest()
        return highest[0] if len(highest) == 1 else None
    unit = leadership.unit(code)
    if unit is None:
        raise NotFound
    return unit


def _people(db: Session, leadership: Leadership, chart: Chart, units: Collection[Unit]) -> tuple[Person, ...]:
    led = chart.subordinates(leadership.user_id)
    within = frozenset[int]().union(*(chart.below(unit.id) for unit in units))
    posts: dict[int, Post] = {}
    for post in chart.posts:
        place = chart.unit(post.unit_id)
        if post.user_id in led.all and place is not None and place.id in within:
            known = posts.setdefault(post.user_id, post)
            if known.kind is not PostKind.MAIN and post.kind is PostKind.MAIN:
                posts[post.user_id] = post
    row = User
    columns = select(
        row.id, row.family_name, row.given_name, row.family_kana, row.given_kana, row.target_exam
    ).where(row.id.in_(posts), row.active)
    return tuple(
        Person(
            user_id=found.id,
            name=f"{found.family_name} {found.given_name}",
            kana=f"{found.family_kana} {found.given_kana}",
            unit=_name(chart, posts[found.id]),
            title=posts[found.id].title,
            target_exam=found.target_exam,
            direct=found.id in led.direct,
        )
        for found in db.execute(columns.order_by(row.id))
    )


def _name(chart: Chart, post: Post) -> str:
    unit = chart.unit(post.unit_id)
    return "" if unit is None else unit.name


def load_lately(db: Session, user_ids: Collection[int], today: date) -> dict[int, Lately]:
    row = DailyActivity
    since = today - timedelta(days=ACTIVE_DAYS - 1)
    before = since - timedelta(days=ACTIVE_DAYS)
    columns = select(
        row.user_id,
        func.sum(case((row.day >= since, 1), else_=0)).label("days"),
        func.sum(case((row.day.between(before, since - timedelta(days=1)), 1), else_=0)).label("days_before"),
        func.max(row.day).label("last_on"),
    )
    found = db.execute(
        columns.where(row.user_id.in_(user_ids), row.responses > 0, row.day <= today).group_by(row.user_id)
    )
    return {each.user_id: Lately(each.days, each.days_before, each.last_on) for each in found}
