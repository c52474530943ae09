"""What a person decides about their own account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.errors import Invalid, NotFound
from studyhub.domain.identity import Actor, Locale, Theme
from studyhub.domain.passwords import check_password
from studyhub.persistence.models import Blueprint, User
from studyhub.services import audit, passwords, sign_in

DAILY_MINUTES = range(1, 481)
_FARTHEST_EXAM = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class StudyPlan:
    target_exam: str
    """Key of a blueprint."""
    exam_on: date | None
    daily_minutes: int


@dataclass(frozen=True, slots=True)
class PasswordChange:
    current: str
    new: str
    sign_in_id: int | None
    """The sign-in that asks and is kept; all others of the person end."""
    address: str = ""


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    token: str | None
    """New token for the sign-in that asked; its old one is worth nothing now."""
    ended_sign_ins: int


def set_locale(db: Session, actor: Actor, locale: str) -> None:
    if locale not in set(Locale):
        raise Invalid("その言語は選べません。", field="locale")
    _own(db, actor).locale = locale
    db.flush()


def set_theme(db: Session, actor: Actor, theme: str) -> None:
    if theme not in set(Theme):
        raise Invalid("その配色は選べません。", field="theme")
    _own(db, actor).theme = theme
    db.flush()


def set_wants_mail(db: Session, actor: Actor, wanted: bool) -> None:
    """Reminders and the weekly digest; what stands in the site's notices is not touched."""
    _own(db, actor).wants_mail = wanted
    db.flush()


def set_target(db: Session, actor: Actor, target_exam: str) -> None:
    """Answers given under another target keep counting: nothing but the target changes."""
    user = _own(db, actor)
    _check_target(db, user, target_exam)
    user.target_exam = target_exam
    db.flush()


def set_study_plan(db: Session, actor: Actor, plan: StudyPlan, now: datetime) -> None:
    user = _own(db, actor)
    _check_minutes(plan.daily_minutes)
    _check_target(db, user, plan.target_exam)
    if plan.exam_on != user.exam_on:
        _check_exam_date(plan.exam_on, now)
    user.target_exam, user.exam_on, user.daily_minutes = plan.target_exam, plan.exam_on, plan.daily_minutes
    db.flush()


def change_password(
    db: Session, actor: Actor, command: PasswordChange, now: datetime
) -> PasswordChanged | sign_in.Refused:
    """Refused, and counted like a failed sign-in, when the current pass phrase is wrong.

    Raises Invalid when the new one breaks the policy.
    """
    # Of two changes at once the second has to know the first one's phrase.
    user = _own(db, actor, locked=True)
    check_password(command.new, login=user.login, names=_names(user))
    attempt = sign_in.SignInCommand(user.login, command.current, command.address, browser="")
    examined = sign_in.examine(db, attempt, now)
    if examined.user_id != user.id:
        return sign_in.refuse(db, attempt, examined, now)
    if passwords.same(command.current, command.new):
        raise Invalid("現在と同じパスワードです。別のパスワードにしてください。", field="new_password")
    user.password_hash = passwords.hash_password(command.new)
    user.must_change_password = False
    ended = sign_in.revoke_others(db, user.id, command.sign_in_id, now)
    token = sign_in.rotate(db, command.sign_in_id, now) if command.sign_in_id is not None else None
    audit.record(db, user.id, "password.change", "user", user.id, now, ended_sign_ins=ended)
    db.flush()
    return PasswordChanged(token, ended)


def _own(db: Session, actor: Actor, *, locked: bool = False) -> User:
    user = db.get(User, actor.user_id, with_for_update=locked, populate_existing=locked)
    if user is None:
        raise NotFound("その利用者は見つかりません。")
    return user


def _names(user: User) -> tuple[str, ...]:
    return user.family_name, user.given_name, user.family_kana, user.given_kana


def _check_minutes(minutes: int) -> None:
    if minutes not in DAILY_MINUTES:
        raise Invalid(
            "1日の学習時間は%(low)s分から%(high)s分までにしてください。",
            field="daily_minutes",
            low=DAILY_MINUTES[0],
            high=DAILY_MINUTES[-1],
        )


def _check_target(db: Session, user: User, key: str) -> None:
    """A target that was retired since may be kept, but not chosen anew."""
    blueprint = db.get(Blueprint, key)
    if blueprint is None or (blueprint.status == "retired" and key != user.target_exam):
        raise Invalid("その試験は目標に選べません。", field="target_exam")


def _check_exam_date(exam_on: date | None, now: datetime) -> None:
    today = office_day(now)
    if exam_on is not None and not today <= exam_on <= today + _FARTHEST_EXAM:
        raise Invalid("受験日は今日から3年以内の日付にしてください。", field="exam_on")
