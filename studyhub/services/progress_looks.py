"""The log of who looked at whose progress: once a day, person and kind, with how often; the person reads it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.team import LookKind
from studyhub.persistence.models import ProgressLook
from studyhub.persistence.upsert import accumulate
from studyhub.services import audit


def log_looks(db: Session, actor: Actor, subject_ids: Collection[int], kind: LookKind, now: datetime) -> None:
    """One statement for all of them. Whoever looks at themselves is not noted."""
    require(actor, Permission.SEE_TEAM)
    rows = [
        {
            "subject_id": subject_id,
            "day": office_day(now),
            "viewer_id": actor.user_id,
            "kind": kind.value,
            "times": 1,
            "last_at": now,
        }
        for subject_id in sorted(set(subject_ids) - {actor.user_id})
    ]
    if rows:
        db.execute(accumulate(db, ProgressLook, add=("times",), latest=("last_at",)), rows)
    if kind is LookKind.PERSON:
        for subject_id in subject_ids:
            audit.record(db, actor.user_id, "progress.look", "user", subject_id, now)
    db.flush()
