"""People, their roles and their posts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.errors import Conflict, Invalid, NotFound
from studyhub.domain.identity import Actor, Role
from studyhub.domain.organisation import Chart, Period, PostKind
from studyhub.domain.passwords import check_password
from studyhub.domain.people import check_login, check_name, normal_kana, normal_name
from studyhub.domain.permissions import Permission, require
from studyhub.domain.sign_in import normal_login
from studyhub.persistence.models import Post, User, UserRole
from studyhub.persistence.organisation import load_units
from studyhub.services import audit, passwords, seats, sign_in

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewUser:
    login: str
    family_name: str
    given_name: str
    family_kana: str = ""
    given_kana: str = ""
    staff_number: str | None = None
    email: str | None = None
    roles: frozenset[Role] = frozenset({Role.OFFICER})
    password: str | None = None
    """None has a pass phrase made, which must be changed at the first sign-in."""


@dataclass(frozen=True, slots=True)
class CreatedUser:
    user_id: int
    passphrase: str | None
    """To be handed over once; nobody can look it up again. None when the caller chose the pass phrase."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A pass phrase for the first sign-in; it can be given once and never be looked up again."""

    login: str
    display_name: str
    passphrase: str


@dataclass(frozen=True, slots=True)
class Appointment:
    user_id: int
    unit_id: int
    starts_on: date
    ends_on: date | None = None
    title: str = ""
    kind: PostKind = PostKind.MAIN
    heads_unit: bool = False


def create_user(db: Session, actor: Actor, command: NewUser, now: datetime) -> CreatedUser:
    """Raises Invalid, or Conflict when the login or staff number is somebody's already."""
    require(actor, Permission.MANAGE_PEOPLE)
    user, passphrase = _new_row(command, now)
    _check_free(db, user)
    db.add(user)
    db.flush()
    audit.record(db, actor.user_id, "user.create", "user", user.id, now, roles=sorted(command.roles))
    db.flush()
    return CreatedUser(user.id, passphrase)


def set_roles(db: Session, actor: Actor, user_id: int, roles: Iterable[Role], now: datetime) -> None:
    """In force from the person's next request on. Raises Conflict rather than leave no administrator."""
    require(actor, Permission.MANAGE_PEOPLE)
    administrators = _administrators(db)
    user, wanted = _user(db, user_id), frozenset(roles)
    _check_not_erased(user)
    before = frozenset(Role(held.role) for held in user.roles)
    if Role.ADMINISTRATOR in before - wanted:
        _check_one_is_left(administrators - {user_id})
    user.roles = [held for held in user.roles if held.role in wanted] + [
        UserRole(role=role.value) for role in sorted(wanted - before)
    ]
    detail = {"before": sorted(before), "after": sorted(wanted)}
    audit.record(db, actor.user_id, "user.roles", "user", user_id, now, **detail)
    db.flush()


def deactivate(db: Session, actor: Actor, user_id: int, now: datetime) -> None:
    """Nothing learnt is deleted; the person is signed out everywhere, holds no post after today and no seat to come."""
    require(actor, Permission.MANAGE_PEOPLE)
    seats.give_back_all(db, user_id, now)
    administrators = _administrators(db)
    user, today = _user(db, user_id), office_day(now)
    if user_id in administrators:
        _check_one_is_left(administrators - {user_id})
    user.active = False
    sign_in.revoke_others(db, user_id, None, now)
    db.execute(delete(Post).where(Post.user_id == user_id, Post.starts_on > today))
    for post in db.scalars(select(Post).where(Post.user_id == user_id)):
        post.ends_on = min(post.ends_on or today, today)
    audit.record(db, actor.user_id, "user.deactivate", "user", user_id, now)
    db.flush()


def reactivate(db: Session, actor: Actor, user_id: int, now: datetime) -> None:
    require(actor, Permission.MANAGE_PEOPLE)
    user = _user(db, user_id)
    _check_not_erased(user)
    user.active = True
    audit.record(db, actor.user_id, "user.reactivate", "user", user_id, now)
    db.flush()


def reset_password(db: Session, actor: Actor, user_id: int, now: datetime) -> str:
    """A pass phrase for one use; the person is signed out everywhere."""
    require(actor, Permission.MANAGE_PEOPLE)
    user, passphrase = _user(db, user_id), passwords.make_passphrase()
    _check_not_erased(user)
    user.password_hash, user.must_change_password = passwords.hash_one_time(passphrase), True
    sign_in.revoke_others(db, user_id, None, now)
    audit.record(db, actor.user_id, "password.reset", "user", user_id, now)
    db.flush()
    return passphrase


def reset_password_of(db: Session, actor: Actor, login: str, now: datetime) -> HandedOut:
    """``reset_password`` for a login as somebody typed it."""
    require(actor, Permission.MANAGE_PEOPLE)
    user = db.scalar(select(User).where(User.login == normal_login(login)))
    if user is None:
        raise NotFound("ログインID「%(login)s」の人はいません。", login=login)
    return HandedOut(user.login, user.display_name, reset_password(db, actor, user.id, now))


def appoint(db: Session, actor: Actor, command: Appointment, now: datetime) -> int:
    """The new post's id. Raises Conflict when it would be a second main post on some day."""
    require(actor, Permission.MANAGE_PEOPLE)
    _check_not_erased(_user(db, command.user_id))
    _check_dates(command.starts_on, command.ends_on)
    _check_open(db, command)
    if command.kind is PostKind.MAIN and _overlapping_main(db, command):
        raise Conflict("その期間にはすでに本務の所属があります。異動として登録してください。")
    return _store_post(db, actor, command, now)


def transfer(db: Session, actor: Actor, command: Appointment, now: datetime) -> int:
    """Ends the main post the day before and starts the new one; concurrent posts stay. Gives the new post's id."""
    require(actor, Permission.MANAGE_PEOPLE)
    if command.kind is not PostKind.MAIN:
        raise Invalid("異動できるのは本務の所属だけです。", field="kind")
    _check_not_erased(_user(db, command.user_id))
    _check_dates(command.starts_on, command.ends_on)
    _check_open(db, command)
    replaced, until = None, None
    for post in _overlapping_main(db, command):
        if post.starts_on == command.starts_on:
            raise Conflict(
                "同じ日に始まる本務の所属がすでにあります。兼務なら「兼務を加える」を選んでください。"
            )
        if post.starts_on > command.starts_on:
            raise Conflict("異動日より後に始まる本務の所属があります。先にその所属を終えてください。")
        replaced, until = post.id, meant_until(db, post)
        post.ends_on = command.starts_on - _DAY
    db.flush()  # before the new post: on no moment may there be two open main posts
    return _store_post(db, actor, command, now, replaces_id=replaced, replaced_until=until)


def end_post(db: Session, actor: Actor, post_id: int, last_day: date, now: datetime) -> None:
    require(actor, Permission.MANAGE_PEOPLE)
    post = db.get(Post, post_id)
    if post is None:
        raise NotFound("その所属は見つかりません。")
    _check_dates(post.starts_on, last_day)
    if post.ends_on is not None and post.ends_on < last_day:
        raise Conflict("その所属はすでに終わっています。")
    post.ends_on = last_day
    audit.record(db, actor.user_id, "post.end", "user", post.user_id, now, post=post_id, on=str(last_day))
    db.flush()


def ended_by(db: Session, post: Post) -> Post | None:
    """The later post that puts an end to it."""
    if post.ends_on is None:
        return None
    later = select(Post).where(Post.replaces_id == post.id, Post.starts_on == post.ends_on + _DAY)
    return db.scalars(later).first()


def meant_until(db: Session, post: Post) -> date | None:
    """Its last day if no later post put an end to it."""
    later = ended_by(db, post)
    return later.replaced_until if later is not None else post.ends_on


def _new_row(command: NewUser, now: datetime) -> tuple[User, str | None]:
    login = normal_login(command.login)
    names = {
        "family_name": normal_name(command.family_name),
        "given_name": normal_name(command.given_name),
        "family_kana": normal_kana(command.family_kana),
        "given_kana": normal_kana(command.given_kana),
    }
    check_login(login)
    check_name(names["family_name"], "family_name")
    check_name(names["given_name"], "given_name")
    passphrase = None
    if command.password is None:
        passphrase = passwords.make_passphrase()
        password_hash = passwords.hash_one_time(passphrase)
    else:
        check_password(command.password, login=login, names=names.values())
        password_hash = passwords.hash_password(command.password)
    user = User(
        login=login,
        staff_number=command.staff_number or None,
        email=command.email or None,
        password_hash=password_hash,
        must_change_password=passphrase is not None,
        roles=[UserRole(role=role.value) for role in sorted(command.roles)],
        created_at=now,
        **names,
    )
    return user, passphrase


def _check_free(db: Session, user: User) -> None:
    if db.scalar(select(User.id).where(User.login == user.login)):
        raise Conflict("ログインID「%(login)s」はすでに使われています。", login=user.login)
    if user.staff_number and db.scalar(select(User.id).where(User.staff_number == user.staff_number)):
        raise Conflict("職員番号「%(number)s」はすでに使われています。", number=user.staff_number)


def _administrators(db: Session) -> frozenset[int]:
    """Locked, always in the same order: two who take each other's role away at once would leave none."""
    active = select(User.id).join(UserRole).where(UserRole.role == Role.ADMINISTRATOR, User.active)
    return frozenset(db.scalars(active.order_by(User.id).with_for_update()))


def check_one_administrator_is_left(db: Session, *, without: int) -> None:
    """Raises Conflict when nobody but the person could administer the site."""
    administrators = _administrators(db)
    if without in administrators:
        _check_one_is_left(administrators - {without})


def _check_not_erased(user: User) -> None:
    if user.erased_at is not None:
        raise Conflict("この人の情報は消してあるため、変更できません。")


def _check_one_is_left(administrators: frozenset[int]) -> None:
    if not administrators:
        raise Conflict("管理者が一人もいなくなるため、変更できません。")


def _user(db: Session, user_id: int) -> User:
    """Locked: changes of one person come one after the other, since each looks at what the person has."""
    user = db.get(User, user_id, with_for_update={"key_share": True})
    if user is None:
        raise NotFound("その利用者は見つかりません。")
    return user


def _check_dates(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("終わりの日は始まりの日より前にできません。", field="ends_on")


def name_and_last_day(db: Session, unit_id: int, day: date) -> tuple[str, date | None]:
    """Of a unit that is open on the day, else raises Invalid. No last day: no closing is planned."""
    chart = Chart(load_units(db), (), day)
    unit = chart.unit(unit_id)
    if unit is None:
        raise Invalid("その組織は %(day)s の時点ではありません。", field="unit_id", day=day.isoformat())
    return unit.name, chart.last_day(unit_id)


def _check_open(db: Session, command: Appointment) -> None:
    """From the first day to the last, so that nobody is left in a unit that is closed."""
    unit, last_day = name_and_last_day(db, command.unit_id, command.starts_on)
    if last_day is not None and Period(command.starts_on, command.ends_on).runs_past(last_day):
        raise Invalid(
            "「%(unit)s」があるのは %(day)s までです。終わりの日をその日までにするか、ほかの組織を選んでください。",
            field="ends_on", unit=unit, day=last_day.isoformat(),
        )  # fmt: skip


def _overlapping_main(db: Session, command: Appointment) -> list[Post]:
    wanted = Period(command.starts_on, command.ends_on)
    mains = db.scalars(select(Post).where(Post.user_id == command.user_id, Post.kind == PostKind.MAIN))
    return [post for post in mains if Period(post.starts_on, post.ends_on).overlaps(wanted)]


def _store_post(
    db: Session, actor: Actor, command: Appointment, now: datetime,
    *, replaces_id: int | None = None, replaced_until: date | None = None,
) -> int:  # fmt: skip
    post = Post(
        user_id=command.user_id,
        unit_id=command.unit_id,
        title=normal_name(command.title),
        kind=command.kind.value,
        heads_unit=command.heads_unit,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        replaces_id=replaces_id,
        replaced_until=replaced_until,
    )
    db.add(post)
    db.flush()
    detail = {"post": post.id, "unit": command.unit_id, "from": command.starts_on.isoformat()}
    audit.record(db, actor.user_id, "post.start", "user", command.user_id, now, **detail)
    db.flush()
    return post.id
