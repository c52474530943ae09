"""The log of who did what to whom: only ever added to, in the transaction of the deed itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.persistence.models import AuditEntry


def record(
    db: Session,
    actor_id: int | None,
    action: str,
    subject_kind: str,
    subject_id: object,
    now: datetime,
    **detail: object,
) -> None:
    """``action`` reads ``noun.verb`` (``user.deactivate``); ``detail`` is JSON and never holds a secret.

    ``actor_id`` is None, or 0 for the operator, when the command line or a background job acts.
    """
    db.add(
        AuditEntry(
            at=now,
            user_id=actor_id or None,
            action=action,
            subject_kind=subject_kind,
            subject_id=str(subject_id),
            detail=detail,
        )
    )
