"""The queue of background work: written with the transaction that asks, leased by a worker, tried again.

A job is done at least once: a worker that dies leaves its lease to run out, and the next one takes the job over. So
what a job does must bear being done twice. ``LeasedJob.attempt`` is the fence: a worker that was too slow and lost
its lease can no longer settle the job or report on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, exists, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from studyhub.domain.errors import Conflict
from studyhub.persistence.models import Job

LEASE = timedelta(seconds=60)
FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=1)
MOST_ATTEMPTS = 5
_MAX_ERROR_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class LeasedJob:
    id: int
    kind: str
    payload: Mapping[str, Any]
    attempt: int
    """From 1; the fence of this lease."""

    @property
    def is_last_attempt(self) -> bool:
        return self.attempt >= MOST_ATTEMPTS


class LeaseLost(Conflict):
    """Another worker holds the job now: this one must stop working on it."""


def enqueue(
    db: Session,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
    *,
    unique_key: str | None = None,
    run_after: datetime | None = None,
) -> int:
    """Returns the job's id; with a ``unique_key`` that waits already, that job's, moved to the earlier time.

    The waiting job is locked by this, so no worker starts it before the asking transaction has ended: what it
    wrote is seen by the job in any case.
    """
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Job).values(
        kind=kind,
        payload=dict(payload),
        unique_key=unique_key,
        state="queued",
        run_after=run_after or now,
        created_at=now,
        max_attempts=MOST_ATTEMPTS,
        attempts=0,
        progress=0,
        progress_total=0,
        last_error="",
    )
    earlier = case(
        (Job.run_after < statement.excluded.run_after, Job.run_after), else_=statement.excluded.run_after
    )
    # The predicate as text: as a parameter, PostgreSQL no longer finds the index once the statement is prepared.
    statement = statement.on_conflict_do_update(
        index_elements=["unique_key"], index_where=text("state = 'queued'"), set_={"run_after": earlier}
    )
    return db.execute(statement.returning(Job.id)).scalar_one()


def any_ready(db: Session, now: datetime) -> bool:
    """Cheap and without a lock: whether it is worth asking for a lease."""
    return db.scalar(select(exists(_ready(now)))) or False


def lease(db: Session, now: datetime, *, lease_for: timedelta = LEASE) -> LeasedJob | None:
    """Takes the job that waits longest, or one whose worker was not heard of in time; None when there is none."""
    job = db.scalars(_ready(now).limit(1).with_for_update(skip_locked=True, of=Job)).first()
    if job is None:
        return None
    if job.attempts >= job.max_attempts:
        _give_up(job, "the worker died each time it ran this job", now)
        db.flush()
        return lease(db, now, lease_for=lease_for)
    job.state = "running"
    job.attempts += 1
    job.lease_until = now + lease_for
    job.progress = job.progress_total = 0
    db.flush()
    return LeasedJob(job.id, job.kind, job.payload, job.attempts)


def extend(db: Session, job: LeasedJob, now: datetime, *, lease_for: timedelta = LEASE) -> None:
    """The sign of life of a worker at work. Raises LeaseLost."""
    _update_held(db, job, {"lease_until": now + lease_for})


def report_progress(db: Session, job: LeasedJob, done: int, total: int) -> None:
    """Raises LeaseLost."""
    _update_held(db, job, {"progress": done, "progress_total": total})


def complete(db: Session, job: LeasedJob, now: datetime) -> None:
    """Raises LeaseLost."""
    _update_held(db, job, {"state": "done", "lease_until": None, "finished_at": now, "last_error": ""})


def fail(db: Session, job: LeasedJob, error: str, now: datetime, *, retry: bool = True) -> None:
    """Puts the job back for later, later each time; after the last attempt it stays as failed. Raises LeaseLost."""
    row = _held(db, job)
    if not retry or row.attempts >= row.max_attempts or _has_waiting_twin(db, row):
        _give_up(row, error, now)
    else:
        row.state = "queued"
        row.lease_until = None
        row.run_after = now + retry_delay(row.attempts)
        row.last_error = error[-_MAX_ERROR_CHARACTERS:]
    db.flush()


def release(db: Session, job: LeasedJob, now: datetime) -> None:
    """Puts the job back at once and counts no attempt, for a worker that is asked to stop. Raises LeaseLost."""
    row = _held(db, job)
    if _has_waiting_twin(db, row):
        db.delete(row)
    else:
        row.state = "queued"
        row.lease_until = None
        row.run_after = now
        row.attempts -= 1
    db.flush()


def sweep_done(db: Session, before: datetime) -> int:
    """Forgets finished jobs, failed ones too; returns how many."""
    gone = db.execute(
        delete(Job).where(Job.state.in_(("done", "failed")), Job.finished_at < before).returning(Job.id)
    )
    return len(gone.all())


def retry_delay(attempt: int) -> timedelta:
    """After the attempt of that number, from 1: 10 s, 40 s, 160 s … and never more than an hour."""
    return min(FIRST_RETRY * int(4 ** min(attempt - 1, 10)), LONGEST_RETRY)


def _ready(now: datetime) -> Select[Job]:
    """Waiting jobs whose time has come and whose twin does not run, and running ones whose lease ran out."""
    twin = aliased(Job)
    twin_runs = exists().where(twin.state == "running", twin.unique_key == Job.unique_key)
    waiting = and_(Job.state == "queued", Job.run_after <= now, ~twin_runs)
    abandoned = and_(Job.state == "running", Job.lease_until <= now)
    return select(Job).where(or_(waiting, abandoned)).order_by(Job.run_after, Job.id)


def _held_by(job: LeasedJob) -> ColumnElement[bool]:
    return and_(Job.id == job.id, Job.state == "running", Job.attempts == job.attempt)


def _held(db: Session, job: LeasedJob) -> Job:
    row = db.scalars(select(Job).where(_held_by(job)).with_for_update()).first()
    if row is None:
        raise LeaseLost("この処理は別のワーカーが引き継ぎました。")
    return row


def _update_held(db: Session, job: LeasedJob, values: dict[str, Any]) -> None:
    if not db.execute(update(Job).where(_held_by(job)).values(values).returning(Job.id)).first():
        raise LeaseLost("この処理は別のワーカーが引き継ぎました。")


def _has_waiting_twin(db: Session, row: Job) -> bool:
    if row.unique_key is None:
        return False
    twins = select(func.count()).where(Job.unique_key == row.unique_key, Job.state == "queued")
    return bool(db.scalar(twins))


def _give_up(row: Job, error: str, now: datetime) -> None:
    row.state = "failed"
    row.lease_until = None
    row.finished_at = now
    row.last_error = error[-_MAX_ERROR_CHARACTERS:]
