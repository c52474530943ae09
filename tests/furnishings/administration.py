"""Units with people and heads, jobs, sign-ins and entries of the log."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from studyhub.persistence.models import AuditEntry, Job, SignIn
from tests.factories.people import make_post, make_unit, make_user

JOB_ID = 900_001


def furnish(db: Session, now: datetime, *, user_id: int, size: int) -> None:
    bureau = make_unit(db, now, name="見本局", level="bureau")
    for number in range(size):
        section = make_unit(db, now, name=f"見本課{number}", parent_id=bureau.id)
        head = make_user(db, now)
        make_post(db, now, user_id=head.id, unit_id=section.id, heads_unit=True)
        _sign_in(db, now, head.id)
        db.add(
            AuditEntry(
                at=now, user_id=head.id, action="post.start", subject_kind="user", subject_id=str(user_id),
                detail={"from": "2026-04-01"},
            )
        )  # fmt: skip
        _fail(db, now)


def _sign_in(db: Session, now: datetime, user_id: int) -> None:
    later = now + timedelta(days=14)
    db.add(
        SignIn(
            token_hash=uuid4().hex,
            user_id=user_id,
            created_at=now,
            last_seen_at=now,
            expires_at=later,
            address="::1",
        )
    )


def _fail(db: Session, now: datetime) -> None:
    """The first one of the site has the number that the table of routes visits."""
    number = JOB_ID if db.get(Job, JOB_ID) is None else None
    db.add(
        Job(
            id=number, kind="no_such_kind", state="failed", run_after=now, attempts=5, created_at=now, finished_at=now,
            last_error="Traceback\nValueError: what was wrong",
        )
    )  # fmt: skip
    db.flush()
