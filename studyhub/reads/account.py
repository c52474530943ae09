"""What a person sees of their own account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor, Locale, Role, Theme
from studyhub.domain.organisation import Chart, Period, Post
from studyhub.persistence.models import Blueprint, SignIn, User
from studyhub.persistence.organisation import load_posts, load_units
from studyhub.reads.calendars import OwnFeed, own_feed


@dataclass(frozen=True, slots=True)
class PostLine:
    unit_path: tuple[str, ...]
    """Names from the bureau down to the unit, as they are while the post is held."""
    title: str
    concurrent: bool
    heads_unit: bool
    starts_on: date
    ends_on: date | None
    current: bool
    """Whether it is held today; a later start is a transfer that is announced."""


@dataclass(frozen=True, slots=True)
class SignInLine:
    id: int
    started_at: datetime
    last_seen_at: datetime
    address: str
    browser: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class TargetChoice:
    key: str
    title: str
    title_en: str
    is_draft: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    login: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    staff_number: str | None
    email: str | None
    wants_mail: bool
    roles: tuple[Role, ...]
    locale: Locale
    theme: Theme
    target_exam: str
    exam_on: date | None
    daily_minutes: int
    targets: tuple[TargetChoice, ...]
    posts: tuple[PostLine, ...]
    """Current and coming ones, the main post first."""
    sign_ins: tuple[SignInLine, ...]
    """Those that still count, this browser's first, then the last seen."""
    calendar_feed: OwnFeed | None


def account_page(db: Session, actor: Actor, sign_in_id: int, now: datetime) -> AccountPage:
    """``sign_in_id`` is that of the browser that asks. Raises NotFound for an account that is gone."""
    user = db.get(User, actor.user_id)
    if user is None:
        raise NotFound("その利用者は見つかりません。")
    return AccountPage(
        login=user.login,
        family_name=user.family_name,
        given_name=user.given_name,
        family_kana=user.family_kana,
        given_kana=user.given_kana,
        staff_number=user.staff_number,
        email=user.email,
        wants_mail=user.wants_mail,
        roles=tuple(role for role in Role if role in actor.roles),
        locale=Locale(user.locale),
        theme=Theme(user.theme),
        target_exam=user.target_exam,
        exam_on=user.exam_on,
        daily_minutes=user.daily_minutes,
        targets=_targets(db, user.target_exam),
        posts=_posts(db, user.id, office_day(now)),
        sign_ins=_sign_ins(db, user.id, sign_in_id, now),
        calendar_feed=own_feed(db, actor),
    )


def _targets(db: Session, chosen: str) -> tuple[TargetChoice, ...]:
    """A retired examination is offered only to whoever has it as target already."""
    columns = select(Blueprint.id, Blueprint.title, Blueprint.title_en, Blueprint.status)
    offered = columns.where((Blueprint.status != "retired") | (Blueprint.id == chosen))
    return tuple(
        TargetChoice(row.id, row.title, row.title_en or row.title, row.status == "draft")
        for row in db.execute(offered.order_by(Blueprint.position, Blueprint.id))
    )


def _posts(db: Session, user_id: int, today: date) -> tuple[PostLine, ...]:
    held = [
        p for p in load_posts(db, user_ids=[user_id]) if p.period.ends_on is None or today <= p.period.ends_on
    ]
    units = load_units(db, around={post.unit_id for post in held})
    charts = {day: Chart(units, (), day) for day in {_shown_on(post.period, today) for post in held}}
    lines = [_post_line(post, charts[_shown_on(post.period, today)], today) for post in held]
    return tuple(sorted(lines, key=lambda line: (not line.current, line.concurrent, line.starts_on)))


def _post_line(post: Post, chart: Chart, today: date) -> PostLine:
    return PostLine(
        unit_path=tuple(unit.name for unit in chart.path(post.unit_id)),
        title=post.title,
        concurrent=post.kind == "concurrent",
        heads_unit=post.heads_unit,
        starts_on=post.period.starts_on,
        ends_on=post.period.ends_on,
        current=today in post.period,
    )


def _shown_on(period: Period, today: date) -> date:
    return max(period.starts_on, today)


def _sign_ins(db: Session, user_id: int, this: int, now: datetime) -> tuple[SignInLine, ...]:
    open_ones = select(SignIn).where(
        SignIn.user_id == user_id, SignIn.revoked_at.is_(None), SignIn.expires_at > now
    )
    rows = db.scalars(open_ones.order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())).all()
    lines = (SignInLine(r.id, r.created_at, r.last_seen_at, r.address, r.browser, r.id == this) for r in rows)
    return tuple(sorted(lines, key=lambda line: not line.is_this))
