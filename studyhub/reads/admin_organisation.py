"""The organisation on a day, a unit with its past and its plans, and what a move would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.errors import NotFound
from studyhub.domain.organisation import Chart, Level, Period, Post, Unit
from studyhub.persistence.models import User
from studyhub.persistence.organisation import load_posts, load_units

MOST_ROWS = 250
"""Beyond that only bureaus and divisions are listed, and what is under one of them on a page of its own."""
MOST_MEMBERS = 200
MOST_CHOICES = 200
_DAY = timedelta(days=1)
_NEW = -1


@dataclass(frozen=True, slots=True)
class UnitRow:
    id: int
    name: str
    level: Level
    depth: int
    """From 0, in the list that is shown."""
    people: int
    """With a post in it or under it."""
    heads: tuple[str, ...]
    ends_on: date | None
    folded: int
    """How many units under it are not listed here."""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """``kind`` is opens, changes or closes."""

    unit_id: int
    kind: str
    on: date
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    day: date
    is_today: bool
    rows: tuple[UnitRow, ...]
    units: int
    planned: tuple[PlannedChange, ...]
    """From the day after today on, soonest first."""
    under: tuple[tuple[int, str], ...]
    """The way down to the unit whose part of the tree is listed; empty for all."""


@dataclass(frozen=True, slots=True)
class Version:
    id: int
    name: str
    path: tuple[str, ...]
    starts_on: date
    ends_on: date | None
    can_be_taken_back: bool


@dataclass(frozen=True, slots=True)
class Member:
    user_id: int
    post_id: int
    name: str
    title: str
    heads_unit: bool
    concurrent: bool


@dataclass(frozen=True, slots=True)
class UnitChoice:
    id: int
    path: str


@dataclass(frozen=True, slots=True)
class UnitPage:
    id: int
    """Of the version of the day, or the newest one."""
    code: str
    name: str
    level: Level
    day: date
    parent_id: int | None
    path: tuple[tuple[int, str], ...]
    versions: tuple[Version, ...]
    """Newest first."""
    below: tuple[tuple[int, str], ...]
    members: tuple[Member, ...]
    """Heads first; at most MOST_MEMBERS."""
    people: int
    people_below: int
    is_open: bool
    """Whether its newest version has no last day."""
    parents: tuple[UnitChoice, ...]
    """Where it may stand."""


@dataclass(frozen=True, slots=True)
class MovePicture:
    """What a change would do, before it is done."""

    path_before: tuple[str, ...]
    path_after: tuple[str, ...]
    people: int
    units: int
    """That go along."""
    heads_before: tuple[str, ...]
    """Who leads from above, nearest first."""
    heads_after: tuple[str, ...]


def organisation_page(db: Session, day: date, under: int | None, now: datetime) -> OrganisationPage:
    """Three statements."""
    units, posts = load_units(db), load_posts(db, day=day)
    chart, names = Chart(units, posts, day), _names(db, posts)
    top = chart.unit(under) if under else None
    current = [unit for unit in units if chart.unit(unit.id) is unit]
    within = chart.below(top.id) if top else frozenset(unit.id for unit in current)
    rows = tuple(_tree(chart, [unit for unit in current if unit.id in within], posts, names, top))
    path = tuple((unit.id, unit.name) for unit in chart.path(top.id)) if top else ()
    today = office_day(now)
    return OrganisationPage(day, day == today, rows, len(within), _planned(units, today), path)


def unit_page(db: Session, unit_id: int, day: date, now: datetime) -> UnitPage:
    """Raises NotFound."""
    units, posts = load_units(db), load_posts(db, day=day)
    versions = _versions(units, unit_id)
    chart = Chart(units, posts, day)
    shown = chart.unit(unit_id) or versions[0]
    own = {version.id for version in versions}
    members = [post for post in posts if post.unit_id in own]
    below = [u for u in units if chart.unit(u.id) is u and u.parent_id and _is(chart, u.parent_id, shown)]
    return UnitPage(
        id=shown.id,
        code=shown.code,
        name=shown.name,
        level=shown.level,
        day=day,
        parent_id=_current_id(chart, versions[0].parent_id),
        path=tuple((unit.id, unit.name) for unit in chart.path(shown.id)),
        versions=tuple(_version(units, version, versions[0], office_day(now)) for version in versions),
        below=tuple((unit.id, unit.name) for unit in sorted(below, key=lambda u: u.id)),
        members=_members(db, members),
        people=len({post.user_id for post in members}),
        people_below=len(chart.members_below(shown.id)),
        is_open=versions[0].period.ends_on is None,
        parents=_parents(Chart(units, (), max(day, versions[0].period.starts_on)), units, shown),
    )


def unit_choices(db: Session, day: date, text: str, *, chosen: int | None = None) -> tuple[UnitChoice, ...]:
    """Units open on the day whose path says all words of ``text``; at most MOST_CHOICES, the chosen one among them."""
    units = load_units(db)
    chart = Chart(units, (), day)
    found = []
    for unit in units:
        if chart.unit(unit.id) is unit:
            path = " ".join(above.name for above in chart.path(unit.id))
            if unit.id == chosen or all(word in path for word in text.split()):
                found.append(UnitChoice(unit.id, path))
    return tuple(sorted(found, key=lambda choice: (choice.id != chosen, choice.path))[:MOST_CHOICES])


def move_picture(db: Session, unit_id: int, name: str, parent_id: int | None, from_day: date) -> MovePicture:
    """The organisation on ``from_day`` as it is planned, and as it would be with the change."""
    units, posts = load_units(db), load_posts(db, day=from_day)
    newest = _versions(units, unit_id)[0]
    before = Chart(units, posts, from_day)
    ended = replace(newest, period=Period(newest.period.starts_on, from_day - _DAY))
    changed = Unit(_NEW, newest.code, name, newest.level, parent_id, Period(from_day))
    after = Chart([ended if u is newest else u for u in units] + [changed], posts, from_day)
    names = _names(db, posts)
    return MovePicture(
        path_before=tuple(unit.name for unit in before.path(newest.id)),
        path_after=tuple(unit.name for unit in after.path(newest.id)),
        people=len(before.members_below(newest.id)),
        units=max(0, len(before.below(newest.id)) - 1),
        heads_before=_heads_above(before, newest.id, posts, names),
        heads_after=_heads_above(after, newest.id, posts, names),
    )


def _tree(
    chart: Chart, units: Sequence[Unit], posts: Sequence[Post], names: dict[int, str], top: Unit | None
) -> list[UnitRow]:
    children: dict[int | None, list[Unit]] = {}
    shown = {unit.id for unit in units}
    for unit in units:
        parent = chart.parent(unit.id)
        key = parent.id if parent is not None and parent.id in shown and unit is not top else None
        children.setdefault(key, []).append(unit)
    heads = _heads(chart, posts, names)
    whole = len(units) <= MOST_ROWS or top is not None
    rows: list[UnitRow] = []

    def walk(unit: Unit, depth: int) -> None:
        below = children.get(unit.id, [])
        folded = 0 if whole or unit.level is Level.BUREAU else len(chart.below(unit.id)) - 1
        people = len(chart.members_below(unit.id))
        rows.append(
            UnitRow(
                unit.id,
                unit.name,
                unit.level,
                depth,
                people,
                heads.get(unit.id, ()),
                unit.period.ends_on,
                folded,
            )
        )
        if not folded:
            for child in below:
                walk(child, depth + 1)

    for unit in children.get(None, []):
        walk(unit, 0)
    return rows


def _heads(chart: Chart, posts: Sequence[Post], names: dict[int, str]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for post in posts:
        unit = chart.unit(post.unit_id) if post.heads_unit else None
        if unit is not None:
            found[unit.id] = (*found.get(unit.id, ()), names[post.user_id])
    return found


def _heads_above(chart: Chart, unit_id: int, posts: Sequence[Post], names: dict[int, str]) -> tuple[str, ...]:
    heads = _heads(chart, posts, names)
    above = reversed(chart.path(unit_id)[:-1])
    return tuple(name for unit in above for name in heads.get(unit.id, ()))


def _names(db: Session, posts: Sequence[Post]) -> dict[int, str]:
    """Of those who lead; few however large the office."""
    leading = {post.user_id for post in posts if post.heads_unit}
    found = db.execute(select(User.id, User.family_name, User.given_name).where(User.id.in_(leading)))
    return {row.id: f"{row.family_name} {row.given_name}" for row in found}


def _planned(units: Sequence[Unit], today: date) -> tuple[PlannedChange, ...]:
    by_code: dict[str, list[Unit]] = {}
    for unit in sorted(units, key=lambda unit: unit.period.starts_on):
        by_code.setdefault(unit.code, []).append(unit)
    found = []
    for versions in by_code.values():
        for place, unit in enumerate(versions):
            if unit.period.starts_on > today:
                before = versions[place - 1] if place else None
                kind = "changes" if before else "opens"
                found.append(
                    PlannedChange(
                        unit.id, kind, unit.period.starts_on, _place(units, before), _place(units, unit)
                    )
                )
        last = versions[-1]
        if last.period.ends_on is not None and last.period.ends_on >= today:
            found.append(PlannedChange(last.id, "closes", last.period.ends_on, _place(units, last), ""))
    return tuple(sorted(found, key=lambda change: (change.on, change.after, change.before)))


def _place(units: Sequence[Unit], unit: Unit | None) -> str:
    if unit is None:
        return ""
    path = Chart(units, (), unit.period.starts_on).path(unit.id)
    return " › ".join(above.name for above in path)


def _versions(units: Sequence[Unit], unit_id: int) -> list[Unit]:
    """Newest first."""
    code = next((unit.code for unit in units if unit.id == unit_id), None)
    if code is None:
        raise NotFound("その組織は見つかりません。")
    found = [unit for unit in units if unit.code == code]
    return sorted(found, key=lambda unit: unit.period.starts_on, reverse=True)


def _version(units: Sequence[Unit], version: Unit, newest: Unit, today: date) -> Version:
    starts_on, ends_on = version.period.starts_on, version.period.ends_on
    path = tuple(unit.name for unit in Chart(units, (), starts_on).path(version.id))
    planned = starts_on > today if ends_on is None else ends_on >= today
    return Version(version.id, version.name, path, starts_on, ends_on, version is newest and planned)


def _is(chart: Chart, unit_id: int, other: Unit) -> bool:
    found = chart.unit(unit_id)
    return found is not None and found.id == other.id


def _current_id(chart: Chart, unit_id: int | None) -> int | None:
    unit = chart.unit(unit_id) if unit_id is not None else None
    return unit.id if unit else unit_id


def _parents(chart: Chart, units: Sequence[Unit], child: Unit) -> tuple[UnitChoice, ...]:
    higher = [u for u in units if chart.unit(u.id) is u and u.level.depth < child.level.depth]
    choices = (UnitChoice(u.id, " › ".join(above.name for above in chart.path(u.id))) for u in higher)
    return tuple(sorted(choices, key=lambda choice: choice.path))


def _members(db: Session, posts: Sequence[Post]) -> tuple[Member, ...]:
    columns = select(User.id, User.family_name, User.given_name, User.family_kana, User.given_kana)
    people = {row.id: row for row in db.execute(columns.where(User.id.in_({p.user_id for p in posts})))}
    ordered = sorted(
        posts,
        key=lambda p: (not p.heads_unit, people[p.user_id].family_kana, people[p.user_id].given_kana, p.id),
    )
    return tuple(
        Member(
            user_id=post.user_id,
            post_id=post.id,
            name=f"{people[post.user_id].family_name} {people[post.user_id].given_name}",
            title=post.title,
            heads_unit=post.heads_unit,
            concurrent=post.kind != "main",
        )
        for post in ordered[:MOST_MEMBERS]
    )
