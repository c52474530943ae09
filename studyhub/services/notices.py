"""Telling people things, in the transaction of the deed they are told of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.domain.notices import NoticeKind
from studyhub.persistence.models import Notice
from studyhub.persistence.upsert import insert_for


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
