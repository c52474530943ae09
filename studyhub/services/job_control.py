"""What an administrator does about background jobs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.models import Job
from studyhub.services import audit, jobs


def retry(db: Session, actor: Actor, job_id: int, now: datetime) -> None:
    """Gives a failed job all its attempts anew. Raises Conflict when the same work waits already."""
    require(actor, Permission.MANAGE_SITE)
    job = db.get(Job, job_id, with_for_update=True)
    if job is None:
        raise NotFound("その処理は見つかりません。")
    if job.state != "failed":
        raise Conflict("失敗した処理だけを、やり直せます。")
    twin = select(Job.id).where(Job.state == "queued", Job.unique_key == job.unique_key)
    if job.unique_key is not None and db.scalar(twin.limit(1)):
        raise Conflict("同じ処理がすでに待っています。")
    job.state, job.attempts, job.run_after, job.finished_at = "queued", 0, now, None
    job.progress = job.progress_total = 0
    audit.record(db, actor.user_id, "job.retry", "job", job_id, now, kind=job.kind)
    db.flush()


def sweep_now(db: Session, actor: Actor, now: datetime) -> int:
    """Id of the job. The one that waits for tomorrow is moved here; it asks for tomorrow's again."""
    require(actor, Permission.MANAGE_SITE)
    audit.record(db, actor.user_id, "job.sweep", "site", "", now)
    return jobs.enqueue(db, "sweep", {}, now, unique_key="sweep")
