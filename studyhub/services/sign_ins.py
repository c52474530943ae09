"""What an administrator does about the sign-ins of others: end one, all of a person, or everybody's but their own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.models import SignIn, User
from studyhub.services import audit, sign_in


def revoke_one(db: Session, actor: Actor, sign_in_id: int, now: datetime) -> int:
    """Whose it was."""
    require(actor, Permission.MANAGE_PEOPLE)
    row = db.get(SignIn, sign_in_id)
    if row is None:
        raise NotFound("そのサインインは見つかりません。")
    if row.revoked_at is None:
        row.revoked_at = now
        audit.record(db, actor.user_id, "sign_in.revoke", "user", row.user_id, now)
    db.flush()
    return row.user_id


def revoke_all_of(
    db: Session, actor: Actor, user_id: int, now: datetime, *, kept_sign_in_id: int | None = None
) -> int:
    """How many there were."""
    require(actor, Permission.MANAGE_PEOPLE)
    if db.get(User, user_id) is None:
        raise NotFound("その利用者は見つかりません。")
    ended = sign_in.revoke_others(db, user_id, kept_sign_in_id, now)
    audit.record(db, actor.user_id, "sign_in.revoke_all", "user", user_id, now, ended=ended)
    db.flush()
    return ended


def revoke_everybody(db: Session, actor: Actor, now: datetime) -> int:
    """All sign-ins of the site but the actor's own; how many there were."""
    require(actor, Permission.MANAGE_PEOPLE)
    others = update(SignIn).where(SignIn.revoked_at.is_(None), SignIn.expires_at > now)
    others = others.where(SignIn.user_id != actor.user_id).values(revoked_at=now)
    ended = len(db.execute(others.returning(SignIn.id)).all())
    audit.record(db, actor.user_id, "sign_in.revoke_everybody", "site", "", now, ended=ended)
    db.flush()
    return ended
