"""What officers see and when: publishing, taking back, retiring, and the bin.

A deleted session is also retired, so that whoever asks for published ones never meets it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.editing import SessionState, session_state
from studyhub.domain.errors import Conflict, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.models import Material, StudySession
from studyhub.services import audit, jobs, seats
from studyhub.services.content_sync.followups import ask_for_reindexing
from studyhub.services.study_session_changes import tell_of_return, tell_of_withdrawal
from studyhub.services.study_session_checks import Severity, body_of, findings_of_session
from studyhub.services.study_session_editing import STUDIO, current_revision, editable

PUBLISH_JOB = "publish_study_sessions"
_DRAFT, _PUBLISHED, _RETIRED = "draft", "published", "retired"


def publish(db: Session, actor: Actor, key: str, now: datetime) -> None:
    """Raises Invalid when something that officers need is missing."""
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, key)
    _require_ready(db, row)
    _move(db, actor, row, _PUBLISHED, "publish", now)


def schedule(db: Session, actor: Actor, key: str, at: datetime, now: datetime) -> None:
    """Raises Invalid for a time that is past, and as ``publish`` does."""
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, key)
    if row.status == _PUBLISHED:
        raise Conflict("この勉強会は、もう公開されています。")
    if at <= now:
        raise Invalid("これからの日時を入力してください。", field="publish_at")
    _require_ready(db, row)
    _move(db, actor, row, _DRAFT, "schedule", now, at=at.isoformat())
    row.publish_at = at
    # The time is part of the key: asking again for a later one must not keep the earlier job alone.
    jobs.enqueue(db, PUBLISH_JOB, {}, now, unique_key=f"{PUBLISH_JOB}:{at.isoformat()}", run_after=at)
    db.flush()


def unpublish(db: Session, actor: Actor, key: str, now: datetime) -> None:
    """Back to a draft, from being published, scheduled or retired."""
    require(actor, Permission.WRITE_CONTENT)
    _move(db, actor, editable(db, key), _DRAFT, "unpublish", now)


def retire(db: Session, actor: Actor, key: str, now: datetime) -> None:
    require(actor, Permission.WRITE_CONTENT)
    _move(db, actor, editable(db, key), _RETIRED, "retire", now)


def delete(db: Session, actor: Actor, key: str, now: datetime) -> None:
    """Into the bin, from which it can be brought back for a while."""
    require(actor, Permission.WRITE_CONTENT)
    row = editable(db, key)
    _move(db, actor, row, _RETIRED, "delete", now)
    row.deleted_at = now
    db.flush()


def bring_back(db: Session, actor: Actor, key: str, now: datetime) -> None:
    """Out of the bin, as a draft: publishing is a step of its own."""
    require(actor, Permission.WRITE_CONTENT)
    row = db.scalars(
        select(StudySession)
        .where(
            StudySession.key == key,
            StudySession.deleted_at.is_not(None),
            StudySession.current_revision_id.is_not(None),
        )
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound
    row.deleted_at = None
    _move(db, actor, row, _DRAFT, "bring_back", now)


def publish_due(db: Session, now: datetime) -> int:
    """Those whose time has come, also when nobody was there to do it then; returns how many."""
    due = db.scalars(
        select(StudySession)
        .where(
            StudySession.status == _DRAFT,
            StudySession.deleted_at.is_(None),
            StudySession.publish_at.is_not(None),
            StudySession.publish_at <= now,
        )
        .with_for_update()
    ).all()
    for row in due:
        row.status, row.publish_at = _PUBLISHED, None
        row.calendar_sequence += 1
        tell_of_return(db, row, now)
        seats.move_up(db, row, now)
        audit.record(db, None, "study_session.publish", "study_session", row.key, now, scheduled=True)
    db.flush()
    if due:
        ask_for_reindexing(db, now)
    return len(due)


def _move(
    db: Session, actor: Actor, row: StudySession, status: str, verb: str, now: datetime, **detail: Any
) -> None:
    """Nothing is written where the session already stands there, but for the time of its publishing."""
    before = session_state(row.status, row.publish_at, row.deleted_at)
    row.status, row.publish_at, row.origin = status, None, STUDIO
    db.flush()
    if before != SessionState(status):
        row.calendar_sequence += 1
    if before is SessionState.PUBLISHED and status != _PUBLISHED:
        tell_of_withdrawal(db, row, now)
    elif before is not SessionState.PUBLISHED and status == _PUBLISHED:
        tell_of_return(db, row, now)
        seats.move_up(db, row, now)
    if before != SessionState(status) or detail:
        audit.record(
            db,
            actor.user_id,
            f"study_session.{verb}",
            "study_session",
            row.key,
            now,
            before=before.value,
            **detail,
        )
        ask_for_reindexing(db, now)


def _require_ready(db: Session, row: StudySession) -> None:
    materials = db.scalar(
        select(func.count()).where(
            Material.study_session_id == row.id, Material.current, Material.role != "figure"
        )
    )
    if not materials and not body_of(current_revision(db, row).source).strip():
        raise Invalid("本文か資料のどちらかを入れてから公開してください。")
    errors = [found for found in findings_of_session(db, row.key) if found.severity is Severity.ERROR]
    if errors:
        raise Invalid(
            "本文に直すところが%(count)s件あります。直してから公開してください。", count=len(errors)
        )
