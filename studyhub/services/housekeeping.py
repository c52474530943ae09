"""What is thrown away with time. The log of responses and the audit log never are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from studyhub.persistence.models import SignIn, SignInFailure
from studyhub.services import jobs

SWEEP_EVERY = timedelta(days=1)
KEEP_FAILURES = timedelta(days=1)
"""Well beyond the window in which failures count."""
KEEP_ENDED_SIGN_INS = timedelta(days=30)
"""So that somebody who suspects a misuse of the account still finds it."""
KEEP_FINISHED_JOBS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Swept:
    failures: int
    sign_ins: int
    jobs: int


def ask_for_sweep(db: Session, now: datetime, run_after: datetime | None = None) -> None:
    jobs.enqueue(db, "sweep", {}, now, unique_key="sweep", run_after=run_after)


def sweep(db: Session, now: datetime) -> Swept:
    failures = db.execute(
        delete(SignInFailure).where(SignInFailure.at < now - KEEP_FAILURES).returning(SignInFailure.id)
    )
    ended_before = now - KEEP_ENDED_SIGN_INS
    ended = or_(SignIn.expires_at < ended_before, SignIn.revoked_at < ended_before)
    sign_ins = db.execute(delete(SignIn).where(ended).returning(SignIn.id))
    return Swept(
        failures=len(failures.all()),
        sign_ins=len(sign_ins.all()),
        jobs=jobs.sweep_done(db, now - KEEP_FINISHED_JOBS),
    )
