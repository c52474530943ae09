"""The secret address from which a person's calendar fetches the study sessions they registered for."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.models import CalendarFeed


def renew_feed(db: Session, actor: Actor, now: datetime) -> str:
    """A new token; the address there was before answers nothing from then on."""
    require(actor, Permission.STUDY)
    end_feed(db, actor)
    token = secrets.token_urlsafe(32)
    db.add(CalendarFeed(user_id=actor.user_id, token=token, created_at=now))
    db.flush()
    return token


def end_feed(db: Session, actor: Actor) -> None:
    db.execute(delete(CalendarFeed).where(CalendarFeed.user_id == actor.user_id))
