"""Changing what is registered of a person, and posts that are held or planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.errors import Conflict, Invalid, NotFound
from studyhub.domain.identity import Actor, Role
from studyhub.domain.organisation import Period, PostKind
from studyhub.domain.people import check_login, check_name, is_email, is_kana, normal_kana, normal_name
from studyhub.domain.permissions import Permission, require
from studyhub.domain.sign_in import normal_login
from studyhub.persistence.models import Post, User
from studyhub.services import audit
from studyhub.services.people import ended_by, meant_until, name_and_last_day

_DAY = timedelta(days=1)
STAFF_NUMBER_LENGTH, TITLE_LENGTH = 40, 60


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """As typed."""

    login: str
    family_name: str
    given_name: str
    family_kana: str = ""
    given_kana: str = ""
    staff_number: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class PostChange:
    """Another title or headship of the same post from a day on."""

    post_id: int
    title: str
    heads_unit: bool
    from_day: date


def actor_of(db: Session, user_id: int) -> Actor:
    """The person as somebody who acts, for background work that was asked for; with the roles of today."""
    user = db.get(User, user_id)
    if user is None or not user.active:
        raise NotFound("その利用者は見つかりません。")
    roles = frozenset(Role(held.role) for held in user.roles)
    return Actor(user.id, user.login, user.display_name, roles)


def checked_details(details: PersonDetails) -> PersonDetails:
    """In their normal form. Raises Invalid, which names the field."""
    tidy = PersonDetails(
        login=normal_login(details.login),
        family_name=normal_name(details.family_name),
        given_name=normal_name(details.given_name),
        family_kana=normal_kana(details.family_kana),
        given_kana=normal_kana(details.given_kana),
        staff_number=details.staff_number.strip(),
        email=details.email.strip(),
    )
    check_login(tidy.login)
    check_name(tidy.family_name, "family_name")
    check_name(tidy.given_name, "given_name")
    for field in ("family_kana", "given_kana"):
        if not is_kana(getattr(tidy, field)):
            raise Invalid("かなで入力してください。", field=field)
    if tidy.email and not is_email(tidy.email):
        raise Invalid("メールアドレスの形が正しくありません。", field="email")
    if len(tidy.staff_number) > STAFF_NUMBER_LENGTH:
        raise Invalid("職員番号は40文字以内にしてください。", field="staff_number")
    return tidy


def change_person(
    db: Session, actor: Actor, user_id: int, details: PersonDetails, now: datetime
) -> tuple[str, ...]:
    """Names of the fields that changed. Raises Invalid; the log says which fields, not what stands in them."""
    require(actor, Permission.MANAGE_PEOPLE)
    user = db.get(User, user_id, with_for_update={"key_share": True})
    if user is None or user.erased_at is not None:
        raise NotFound("その利用者は見つかりません。")
    tidy = checked_details(details)
    _check_free(db, user_id, tidy)
    changed = []
    for field in PersonDetails.__slots__:
        value = getattr(tidy, field)
        if field in {"staff_number", "email"}:
            value = value or None
        if getattr(user, field) != value:
            setattr(user, field, value)
            changed.append(field)
    if changed:
        audit.record(db, actor.user_id, "user.change", "user", user_id, now, fields=changed)
    db.flush()
    return tuple(changed)


def change_post(db: Session, actor: Actor, command: PostChange, now: datetime) -> int:
    """Id of the post that says it: the same one when it starts on that day, else a new one after it."""
    require(actor, Permission.MANAGE_PEOPLE)
    post, title = _post(db, command.post_id), _checked_title(command.title)
    if command.from_day < post.starts_on:
        raise Invalid("その所属が始まる日より前の日は選べません。", field="from_day")
    if post.ends_on is not None and post.ends_on < command.from_day:
        raise Conflict("その所属は、その日より前に終わっています。")
    if (post.title, post.heads_unit) == (title, command.heads_unit):
        return post.id
    if command.from_day > post.starts_on:
        post = _split(db, post, command.from_day)
    post.title, post.heads_unit = title, command.heads_unit
    detail = {"post": post.id, "from": command.from_day.isoformat(), "heads_unit": command.heads_unit}
    audit.record(db, actor.user_id, "post.change", "user", post.user_id, now, **detail)
    db.flush()
    return post.id


def cancel_post(db: Session, actor: Actor, post_id: int, now: datetime) -> None:
    """Takes back a post that has not begun; the one that it put an end to goes on for as long as it was to."""
    require(actor, Permission.MANAGE_PEOPLE)
    post = _post(db, post_id)
    if post.starts_on <= office_day(now):
        raise Conflict("始まった所属は取り消せません。終わりの日を入れてください。")
    user_id, before = post.user_id, _cut_short(db, post)
    until = _until(db, before, post) if before is not None else None
    if before is not None:
        _check_open_until(db, before, until)
    db.delete(post)
    db.flush()  # before the earlier one goes on: only one main post may be without an end
    if before is not None:
        before.ends_on = until
    audit.record(db, actor.user_id, "post.cancel", "user", user_id, now, post=post_id)
    db.flush()


def _cut_short(db: Session, post: Post) -> Post | None:
    """The earlier post that it put an end to, unless somebody gave it another end since."""
    before = _post(db, post.replaces_id) if post.replaces_id is not None else None
    return before if before is not None and before.ends_on == post.starts_on - _DAY else None


def _until(db: Session, before: Post, planned: Post) -> date | None:
    """How long the earlier post goes on. A later one that begins sooner is from now on what puts an end to it."""
    until, following = planned.replaced_until, _following(db, planned)
    if following is None or (until is not None and until < following.starts_on):
        return until
    following.replaces_id, following.replaced_until = before.id, until
    return following.starts_on - _DAY


def _check_open_until(db: Session, post: Post, until: date | None) -> None:
    assert post.ends_on is not None
    unit, last_day = name_and_last_day(db, post.unit_id, post.ends_on)
    if last_day is not None and Period(post.starts_on, until).runs_past(last_day):
        raise Conflict(
            "前の所属の「%(unit)s」があるのは %(day)s までです。先にその廃止を取り消してください。",
            unit=unit, day=last_day.isoformat(),
        )  # fmt: skip


def _following(db: Session, post: Post) -> Post | None:
    """The next that cannot be held beside it: a main post, or of concurrent ones the same with another title."""
    later = select(Post).where(
        Post.user_id == post.user_id, Post.kind == post.kind, Post.starts_on > post.starts_on
    )
    if post.kind != PostKind.MAIN:
        later = later.where(Post.replaces_id == post.id)
    return db.scalars(later.order_by(Post.starts_on).limit(1)).first()


def _split(db: Session, post: Post, from_day: date) -> Post:
    """What was to put an end to the post puts it to the second part."""
    until, later = meant_until(db, post), ended_by(db, post)
    ends_on, post.ends_on = post.ends_on, from_day - _DAY
    db.flush()
    new = Post(
        user_id=post.user_id, unit_id=post.unit_id, kind=post.kind, starts_on=from_day, ends_on=ends_on,
        title=post.title, heads_unit=post.heads_unit, replaces_id=post.id, replaced_until=until,
    )  # fmt: skip
    db.add(new)
    db.flush()
    if later is not None:
        later.replaces_id = new.id
    return new


def _post(db: Session, post_id: int) -> Post:
    post = db.get(Post, post_id, with_for_update={"key_share": True})
    if post is None:
        raise NotFound("その所属は見つかりません。")
    return post


def _checked_title(title: str) -> str:
    tidy = normal_name(title)
    if len(tidy) > TITLE_LENGTH:
        raise Invalid("職名は60文字以内にしてください。", field="title")
    return tidy


def _check_free(db: Session, user_id: int, details: PersonDetails) -> None:
    others = select(User.id).where(User.id != user_id)
    if db.scalar(others.where(User.login == details.login)):
        raise Invalid("ログインID「%(login)s」はすでに使われています。", field="login", login=details.login)
    number = details.staff_number
    if number and db.scalar(others.where(User.staff_number == number)):
        raise Invalid("職員番号「%(number)s」はすでに使われています。", field="staff_number", number=number)
