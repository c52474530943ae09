"""Units with people and heads, jobs, sign-ins and entries of the log."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from studyhub.persistence.models import AuditEntry, Job, SignIn, Unit, User
from tests.factories.people import make_post, make_unit, make_user

JOB_ID, PERSON_ID, UNIT_ID = 900_001, 900_002, 900_003
"""Of the first job, and of a person and a unit to look at, whatever numbers the engine would give them."""


def furnish(db: Session, now: datetime, *, user_id: int, size: int) -> None:
    if db.get(User, PERSON_ID) is None:
        _store_the_ones_to_look_at(db, now)
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


def _store_the_ones_to_look_at(db: Session, now: datetime) -> None:
    person = User(
        id=PERSON_ID,
        login="looked-at",
        family_name="見本",
        given_name="花",
        password_hash="!",
        created_at=now,
    )
    unit = Unit(id=UNIT_ID, code="looked-at", name="見本課", level="section", starts_on=now.date())
    db.add_all([person, unit])
    db.flush()
    make_post(db, now, user_id=PERSON_ID, unit_id=UNIT_ID)


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
