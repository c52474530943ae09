"""Background jobs as an administrator sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.persistence.models import Job

ROWS_A_PAGE = 50
STATES = ("failed", "running", "queued", "done")


@dataclass(frozen=True, slots=True)
class JobLine:
    id: int
    kind: str
    state: str
    created_at: datetime
    run_after: datetime
    finished_at: datetime | None
    attempts: int
    max_attempts: int
    progress: int
    progress_total: int
    last_error: str
    payload: Mapping[str, Any]

    @property
    def is_under_way(self) -> bool:
        return self.state in {"queued", "running"}

    @property
    def error_line(self) -> str:
        """The last line of the error says what it was; those above where."""
        return self.last_error.strip().rpartition("\n")[2]


@dataclass(frozen=True, slots=True)
class JobsPage:
    counts: Mapping[str, int]
    """Of every state."""
    lines: tuple[JobLine, ...]
    state: str
    page: int
    pages: int


def jobs_page(db: Session, state: str, page: int) -> JobsPage:
    """Two statements. Without a state all are listed, newest first."""
    found = db.execute(select(Job.state, func.count().label("many")).group_by(Job.state))
    many = {row.state: row.many for row in found}
    counts = {name: many.get(name, 0) for name in STATES}
    total = counts.get(state, sum(counts.values()))
    pages = max(1, -(-total // ROWS_A_PAGE))
    page = min(max(1, page), pages)
    wanted = select(Job).order_by(Job.id.desc()).offset((page - 1) * ROWS_A_PAGE).limit(ROWS_A_PAGE)
    if state in STATES:
        wanted = wanted.where(Job.state == state)
    return JobsPage(counts, tuple(_line(job) for job in db.scalars(wanted)), state, page, pages)


def job_line(db: Session, job_id: int) -> JobLine:
    """Raises NotFound."""
    job = db.get(Job, job_id)
    if job is None:
        raise NotFound("その処理は見つかりません。終わった処理は、14日たつと一覧から消えます。")
    return _line(job)


def newest_job(db: Session, unique_key: str) -> JobLine | None:
    """The last one that was asked for under this key, in whatever state."""
    job = db.scalars(select(Job).where(Job.unique_key == unique_key).order_by(Job.id.desc()).limit(1)).first()
    return _line(job) if job else None


def _line(job: Job) -> JobLine:
    return JobLine(
        id=job.id,
        kind=job.kind,
        state=job.state,
        created_at=job.created_at,
        run_after=job.run_after,
        finished_at=job.finished_at,
        attempts=job.attempts,
        max_attempts=job.max_attempts,
        progress=job.progress,
        progress_total=job.progress_total,
        last_error=job.last_error,
        payload=job.payload,
    )
