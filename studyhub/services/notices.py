"""Telling people things, in the transaction of the deed they are told of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.notices import NoticeKind
from studyhub.persistence.models import Notice
from studyhub.persistence.upsert import insert_for

KEEP_READ = timedelta(days=180)
KEEP_UNREAD = timedelta(days=730)


def tell(
    db: Session,
    people: Iterable[int],
    kind: NoticeKind,
    params: Mapping[str, object],
    path: str,
    now: datetime,
    *,
    unique_key: str | None = None,
) -> None:
    """``params`` are what the sentence of the kind names (web/notices says it in the reader's language); with a
    ``unique_key`` a person is told once."""
    rows = [
        {
            "user_id": person,
            "kind": kind.value,
            "params": dict(params),
            "path": path,
            "unique_key": unique_key,
            "created_at": now,
        }
        for person in sorted(set(people))
    ]
    if rows:
        db.execute(insert_for(db, Notice).on_conflict_do_nothing(), rows)


def mark_read(db: Session, actor: Actor, notice_id: int, now: datetime) -> str:
    """Where it leads, or nothing; twice is once. Raises NotFound for anybody else's."""
    row = db.get(Notice, notice_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFound
    row.read_at = row.read_at or now
    db.flush()
    return row.path


def mark_all_read(db: Session, actor: Actor, up_to: int, now: datetime) -> int:
    """Those the reader has seen listed, by the newest one's id; what has come since stays unread. How many."""
    unread = update(Notice).where(
        Notice.user_id == actor.user_id, Notice.read_at.is_(None), Notice.id <= up_to
    )
    return len(db.execute(unread.values(read_at=now).returning(Notice.id)).all())


def forget_old(db: Session, now: datetime) -> None:
    gone = (Notice.read_at < now - KEEP_READ) | (Notice.created_at < now - KEEP_UNREAD)
    db.execute(delete(Notice).where(gone).execution_options(synchronize_session=False))
