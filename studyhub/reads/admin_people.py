"""What an administrator sees of people: who they are and where, never what they learnt."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from studyhub.domain.days import office_day
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Role
from studyhub.domain.kana import to_hiragana
from studyhub.domain.organisation import Chart, Period, PostKind, Unit
from studyhub.persistence import models
from studyhub.persistence.models import SignIn, User, UserRole
from studyhub.persistence.organisation import load_posts, load_units
from studyhub.reads.people import holds_name
from studyhub.reads.rows import AnyRow

ROWS_A_PAGE = 50
STATES = ("active", "inactive", "new", "unplaced", "all")
"""``new`` has not chosen a pass phrase yet, ``unplaced`` holds no main post today in a unit that is open."""


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """As in the address; empty for all. ``unit`` is the id of any version of a unit."""

    text: str = ""
    role: str = ""
    state: str = "active"
    unit: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: int
    login: str
    name: str
    kana: str
    staff_number: str
    roles: tuple[Role, ...]
    unit_path: tuple[str, ...]
    """Of today's main post."""
    title: str
    concurrent: int
    active: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    asked: PeopleFilter
    rows: tuple[PersonRow, ...]
    total: int
    unit_name: str
    """Of the unit that is filtered by."""

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // ROWS_A_PAGE))


@dataclass(frozen=True, slots=True)
class PersonPost:
    id: int
    unit_id: int
    unit_path: tuple[str, ...]
    title: str
    concurrent: bool
    heads_unit: bool
    starts_on: date
    ends_on: date | None
    when: str
    """past, now or coming."""


@dataclass(frozen=True, slots=True)
class PersonSignIn:
    id: int
    started_at: datetime
    last_seen_at: datetime
    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    id: int
    login: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    staff_number: str
    email: str
    roles: tuple[Role, ...]
    active: bool
    is_new: bool
    erased_at: datetime | None
    created_at: datetime
    last_seen_at: datetime | None
    posts: tuple[PersonPost, ...]
    """Coming ones first, then today's, then those of the past."""
    sign_ins: tuple[PersonSignIn, ...]

    @property
    def name(self) -> str:
        return f"{self.family_name} {self.given_name}"


def people_page(db: Session, asked: PeopleFilter, now: datetime) -> PeoplePage:
    """Five statements, whatever there is."""
    today, units = office_day(now), load_units(db)
    chart = Chart(units, (), today)
    wanted = _filtered(select(User), asked, chart, units, today)
    total = db.scalar(wanted.with_only_columns(func.count())) or 0
    page = min(max(1, asked.page), max(1, -(-total // ROWS_A_PAGE)))
    by_kana = wanted.with_only_columns(*_COLUMNS).order_by(
        User.family_kana, User.given_kana, User.family_name, User.given_name, User.id
    )
    found = db.execute(by_kana.offset((page - 1) * ROWS_A_PAGE).limit(ROWS_A_PAGE)).all()
    rows = _rows(db, found, chart, today)
    unit = chart.unit(asked.unit) if asked.unit else None
    shown = PeopleFilter(asked.text, asked.role, asked.state, asked.unit, page)
    return PeoplePage(shown, rows, total, unit.name if unit else "")


def person_page(db: Session, user_id: int, now: datetime) -> PersonPage:
    """Raises NotFound."""
    user = db.get(User, user_id)
    if user is None:
        raise NotFound("その利用者は見つかりません。")
    open_ones = select(SignIn).where(
        SignIn.user_id == user_id, SignIn.revoked_at.is_(None), SignIn.expires_at > now
    )
    sign_ins = db.scalars(open_ones.order_by(SignIn.last_seen_at.desc())).all()
    return PersonPage(
        id=user.id,
        login=user.login,
        family_name=user.family_name,
        given_name=user.given_name,
        family_kana=user.family_kana,
        given_kana=user.given_kana,
        staff_number=user.staff_number or "",
        email=user.email or "",
        roles=tuple(role for role in Role if role in {held.role for held in user.roles}),
        active=user.active,
        is_new=user.must_change_password,
        erased_at=user.erased_at,
        created_at=user.created_at,
        last_seen_at=db.scalar(select(func.max(SignIn.last_seen_at)).where(SignIn.user_id == user_id)),
        posts=_posts(db, user_id, office_day(now)),
        sign_ins=tuple(
            PersonSignIn(s.id, s.created_at, s.last_seen_at, s.address, s.browser) for s in sign_ins
        ),
    )


_COLUMNS = (
    User.id, User.login, User.family_name, User.given_name, User.family_kana, User.given_kana, User.staff_number,
    User.active, User.must_change_password,
)  # fmt: skip


def _filtered(
    wanted: Select[Any], asked: PeopleFilter, chart: Chart, units: Sequence[Unit], today: date
) -> Select[Any]:
    wanted = wanted.where(User.erased_at.is_(None), *_state(asked.state, today))
    if asked.role in set(Role):
        wanted = wanted.where(exists().where(UserRole.user_id == User.id, UserRole.role == asked.role))
    if asked.unit is not None:
        wanted = wanted.where(_posted_in(_versions(units, chart.below(asked.unit)), today))
    for word in asked.text.split():
        wanted = wanted.where(_says(word, chart, units, today))
    return wanted


def _state(state: str, today: date) -> Iterable[ColumnElement[bool] | InstrumentedAttribute[bool]]:
    match state:
        case "inactive":
            return (~User.active,)
        case "new":
            return (User.active, User.must_change_password)
        case "unplaced":
            return (User.active, ~holds_main_post(today))
        case "all":
            return ()
        case _:
            return (User.active,)


def holds_main_post(today: date) -> ColumnElement[bool]:
    """In a unit that is open today: a post left in a closed one places nobody."""
    post, known, current = models.Post, aliased(models.Unit), aliased(models.Unit)
    is_open = current.starts_on <= today, or_(current.ends_on.is_(None), current.ends_on >= today)
    open_units = select(known.id).join(current, current.code == known.code).where(*is_open)
    is_main = post.user_id == User.id, post.kind == PostKind.MAIN
    return exists().where(*is_main, *_held_on(today), post.unit_id.in_(open_units))


def _held_on(day: date) -> tuple[ColumnElement[bool], ...]:
    post = models.Post
    return post.starts_on <= day, or_(post.ends_on.is_(None), post.ends_on >= day)


def _posted_in(unit_ids: Collection[int], today: date) -> ColumnElement[bool]:
    return exists().where(models.Post.user_id == User.id, models.Post.unit_id.in_(unit_ids), *_held_on(today))


def _versions(units: Sequence[Unit], unit_ids: Collection[int]) -> list[int]:
    """Posts may name any version of a unit."""
    codes = {unit.code for unit in units if unit.id in unit_ids}
    return [unit.id for unit in units if unit.code in codes]


def _says(word: str, chart: Chart, units: Sequence[Unit], today: date) -> ColumnElement[bool]:
    """Whatever way names, kana and logins are typed."""
    plain = unicodedata.normalize("NFKC", word)
    kana = to_hiragana(plain)
    named = {unit.id for unit in units if word in unit.name and chart.unit(unit.id) is unit}
    within = frozenset(below for unit_id in named for below in chart.below(unit_id))
    return or_(
        holds_name(User.family_name + User.given_name, word),
        (User.family_kana + User.given_kana).icontains(kana, autoescape=True),
        User.login.icontains(plain, autoescape=True),
        User.staff_number.icontains(plain, autoescape=True),
        _posted_in(_versions(units, within), today),
    )


def _rows(db: Session, found: Sequence[AnyRow], chart: Chart, today: date) -> tuple[PersonRow, ...]:
    ids = [row.id for row in found]
    roles: dict[int, set[str]] = defaultdict(set)
    for user_id, role in db.execute(select(UserRole.user_id, UserRole.role).where(UserRole.user_id.in_(ids))):
        roles[user_id].add(role)
    held = [post for post in load_posts(db, day=today, user_ids=ids) if chart.unit(post.unit_id)]
    mains = {post.user_id: post for post in held if post.kind is PostKind.MAIN}
    others = [post.user_id for post in held if post.kind is not PostKind.MAIN]
    return tuple(
        PersonRow(
            id=row.id,
            login=row.login,
            name=f"{row.family_name} {row.given_name}",
            kana=f"{row.family_kana} {row.given_kana}".strip(),
            staff_number=row.staff_number or "",
            roles=tuple(role for role in Role if role in roles[row.id]),
            unit_path=tuple(unit.name for unit in chart.path(mains[row.id].unit_id))
            if row.id in mains
            else (),
            title=mains[row.id].title if row.id in mains else "",
            concurrent=others.count(row.id),
            active=row.active,
            is_new=row.must_change_password,
        )
        for row in found
    )


def _posts(db: Session, user_id: int, today: date) -> tuple[PersonPost, ...]:
    held = load_posts(db, user_ids=[user_id])
    units = load_units(db, around={post.unit_id for post in held})
    charts: dict[date, Chart] = {}
    lines = []
    for post in held:
        day = _shown_on(post.period, today)
        chart = charts.setdefault(day, Chart(units, (), day))
        lines.append(
            PersonPost(
                id=post.id,
                unit_id=post.unit_id,
                unit_path=tuple(unit.name for unit in chart.path(post.unit_id)),
                title=post.title,
                concurrent=post.kind is PostKind.CONCURRENT,
                heads_unit=post.heads_unit,
                starts_on=post.period.starts_on,
                ends_on=post.period.ends_on,
                when=_when(post.period, today),
            )
        )
    order = {"coming": 0, "now": 1, "past": 2}
    return tuple(sorted(lines, key=lambda p: (order[p.when], p.concurrent, -p.starts_on.toordinal())))


def _shown_on(period: Period, today: date) -> date:
    """The unit as it was when the post was held last, or will be when it begins."""
    return max(period.starts_on, min(today, period.ends_on or today))


def _when(period: Period, today: date) -> str:
    if today in period:
        return "now"
    return "coming" if period.starts_on > today else "past"
