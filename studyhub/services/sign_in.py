"""Signing in and out. The browser holds a random token, the database its hash, so that a sign-in can be ended.

Checking a pass phrase takes 22 ms of work, and a writing transaction keeps other writers waiting: ``examine`` does
the work on a reading session, ``conclude`` writes the outcome. ``sign_in`` is both, for callers with one session.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor, Locale, Role, Theme
from studyhub.domain.sign_in import (
    ACCOUNT_LIMIT,
    ADDRESS_LIMIT,
    TOUCH_INTERVAL,
    counted_address,
    normal_login,
    retry_after_s,
)
from studyhub.persistence.models import SignIn, SignInFailure, User, UserRole
from studyhub.services import audit, passwords


@dataclass(frozen=True, slots=True)
class SignInCommand:
    login: str
    password: str
    address: str
    browser: str
    previous_token: str | None = None
    """Token the browser still held; it ends when the sign-in succeeds."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    token: str
    user_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Returned and not raised: the failure is counted only if the transaction commits.

    Says nothing of why: an unknown account, a wrong pass phrase and an account put out of use look the same.
    """

    retry_after_s: int | None = None
    """Seconds to wait when there were too many failures."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What the check of a pass phrase found: the account it fits, or none."""

    user_id: int | None = None
    stored_hash: str = ""
    new_hash: str | None = None
    retry_after_s: int | None = None


def sign_in(db: Session, command: SignInCommand, now: datetime, session_days: int) -> SignedIn | Refused:
    return conclude(db, command, examine(db, command, now), now, session_days)


def examine(db: Session, command: SignInCommand, now: datetime) -> Examined:
    """Reads only. Beyond the limit the pass phrase is not even looked at."""
    if wait_s := _wait_s(db, command, now):
        return Examined(retry_after_s=wait_s)
    user = db.execute(
        select(User.id, User.password_hash).where(User.login == normal_login(command.login), User.active)
    ).one_or_none()
    found = passwords.verify(user.password_hash if user else None, command.password)
    if user is None or not found.fits:
        return Examined()
    return Examined(user.id, user.password_hash, found.new_hash)


def conclude(
    db: Session, command: SignInCommand, examined: Examined, now: datetime, session_days: int
) -> SignedIn | Refused:
    """Looks at the limits again, since tries that ran beside this one may have failed in the meantime."""
    user = db.get(User, examined.user_id, with_for_update=True) if examined.user_id else None
    if user is None or not user.active or user.password_hash != examined.stored_hash:
        return refuse(db, command, examined, now)
    if wait_s := _wait_s(db, command, now):
        return Refused(wait_s)
    user.password_hash = examined.new_hash or user.password_hash
    if command.previous_token:
        end(db, command.previous_token, now)
    token = _start(db, user.id, command, now, session_days)
    audit.record(db, user.id, "sign_in.start", "user", user.id, now, address=command.address[:45])
    db.flush()
    return SignedIn(token, user.id)


def refuse(db: Session, command: SignInCommand, examined: Examined, now: datetime) -> Refused:
    """Counts the failure, unless the limit is reached already: whoever waits is not made to wait longer."""
    if wait_s := examined.retry_after_s or _wait_s(db, command, now):
        return Refused(wait_s)
    account, address = normal_login(command.login), counted_address(command.address)
    db.add(SignInFailure(account=account, address=address, at=now))
    db.flush()
    if _wait_s(db, command, now):
        audit.record(db, None, "sign_in.limit", "login", account[:60], now, address=address)
    return Refused()


def resolve(db: Session, token: str, now: datetime) -> tuple[Actor, int, bool] | None:
    """The actor, the id of the sign-in and whether it wants a ``touch``; one statement, for every request."""
    row = db.execute(_RESOLVE, {"token_hash": _hash(token), "now": now}).one_or_none()
    if row is None:
        return None
    actor = Actor(
        user_id=row.user_id,
        login=row.login,
        display_name=f"{row.family_name} {row.given_name}",
        roles=frozenset(Role(role) for role in (row.roles or "").split(",") if role),
        locale=Locale(row.locale),
        theme=Theme(row.theme),
        must_change_password=row.must_change_password,
    )
    return actor, row.id, row.last_seen_at <= now - TOUCH_INTERVAL


def touch(db: Session, sign_in_id: int, now: datetime) -> None:
    """Notes that the sign-in is in use; of several requests at once one writes."""
    db.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.last_seen_at <= now - TOUCH_INTERVAL)
        .values(last_seen_at=now)
    )


def rotate(db: Session, sign_in_id: int, now: datetime) -> str:
    """A new token for the same sign-in, after its rights changed; the old token is worth nothing from then on."""
    token = secrets.token_urlsafe(32)
    db.execute(
        update(SignIn).where(SignIn.id == sign_in_id).values(token_hash=_hash(token), last_seen_at=now)
    )
    return token


def end(db: Session, token: str, now: datetime) -> None:
    """Signing out; twice is once, and a token nobody knows is no error."""
    row = db.scalar(select(SignIn).where(SignIn.token_hash == _hash(token), SignIn.revoked_at.is_(None)))
    if row is not None:
        row.revoked_at = now
        audit.record(db, row.user_id, "sign_in.end", "user", row.user_id, now)


def revoke(db: Session, actor: Actor, sign_in_id: int, now: datetime) -> None:
    """Ends one sign-in of one's own, such as on a telephone left on the train."""
    row = db.get(SignIn, sign_in_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFound("そのサインインは見つかりません。")
    if row.revoked_at is None:
        row.revoked_at = now
        audit.record(db, actor.user_id, "sign_in.revoke", "user", actor.user_id, now)


def revoke_others(db: Session, user_id: int, kept_sign_in_id: int | None, now: datetime) -> int:
    """Ends every sign-in of a person but the one kept (None keeps none); how many there were."""
    open_ones = update(SignIn).where(SignIn.user_id == user_id, SignIn.revoked_at.is_(None))
    if kept_sign_in_id is not None:
        open_ones = open_ones.where(SignIn.id != kept_sign_in_id)
    return len(db.execute(open_ones.values(revoked_at=now).returning(SignIn.id)).all())


def _start(db: Session, user_id: int, command: SignInCommand, now: datetime, session_days: int) -> str:
    token = secrets.token_urlsafe(32)
    db.add(
        SignIn(
            token_hash=_hash(token),
            user_id=user_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(days=session_days),
            address=command.address[:45],
            browser=command.browser[:200],
        )
    )
    return token


def _wait_s(db: Session, command: SignInCommand, now: datetime) -> int | None:
    account, address = normal_login(command.login), counted_address(command.address)
    waits = []
    for column, value, limit in (
        (SignInFailure.account, account, ACCOUNT_LIMIT),
        (SignInFailure.address, address, ADDRESS_LIMIT),
    ):
        newest = select(SignInFailure.at).where(column == value, SignInFailure.at > now - limit.window)
        failed_at = db.scalars(newest.order_by(SignInFailure.at.desc()).limit(limit.failures)).all()
        waits.append(retry_after_s(failed_at, limit, now) or 0)
    return max(waits) or None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _resolve_statement() -> Select[Any]:
    roles = (
        select(func.aggregate_strings(UserRole.role, ","))
        .where(UserRole.user_id == User.id)
        .scalar_subquery()
        .label("roles")
    )
    return (
        select(
            SignIn.id,
            SignIn.last_seen_at,
            SignIn.user_id,
            User.login,
            User.family_name,
            User.given_name,
            User.locale,
            User.theme,
            User.must_change_password,
            roles,
        )
        .join(User, User.id == SignIn.user_id)
        .where(
            SignIn.token_hash == bindparam("token_hash"),
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > bindparam("now", type_=SignIn.expires_at.type),
            User.active,
        )
    )


_RESOLVE = _resolve_statement()
