"""What the site has told a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.notices import NoticeKind
from studyhub.persistence.models import Notice

PAGE_SIZE = 30
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """``params`` name what the sentence of the kind names; ``path`` leads inside the site, or is empty."""

    id: int
    kind: NoticeKind
    params: Mapping[str, Any]
    path: str
    created_at: datetime
    is_unread: bool


@dataclass(frozen=True, slots=True)
class NoticesPage:
    lines: tuple[NoticeLine, ...]
    """Unread ones first, newest first."""
    unread: int
    newest: int
    """Id of the newest one there is, 0 without any."""
    page: int
    pages: int


def notices_page(db: Session, actor: Actor, page: int) -> NoticesPage:
    own = Notice.user_id == actor.user_id
    count, unread, newest = db.execute(
        select(
            func.count(), func.count().filter(Notice.read_at.is_(None)), func.coalesce(func.max(Notice.id), 0)
        ).where(own)
    ).one()
    pages = max(1, -(-count // PAGE_SIZE))
    shown = min(max(page, 1), pages)
    rows = db.scalars(
        select(Notice)
        .where(own)
        .order_by(Notice.read_at.is_not(None), Notice.created_at.desc(), Notice.id.desc())
        .limit(PAGE_SIZE)
        .offset((shown - 1) * PAGE_SIZE)
    )
    lines = tuple(
        NoticeLine(row.id, NoticeKind(row.kind), row.params, row.path, row.created_at, row.read_at is None)
        for row in rows
    )
    return NoticesPage(lines, unread, newest, shown, pages)


_UNREAD = select(func.count()).select_from(
    select(Notice.id)
    .where(Notice.user_id == bindparam("reader"), Notice.read_at.is_(None))
    .limit(MOST_COUNTED)
    .subquery()
)
"""Built once: it is asked for every page."""


def unread_count(db: Session, user_id: int) -> int:
    """Stops counting at MOST_COUNTED; one range of one index."""
    return db.scalar(_UNREAD, {"reader": user_id}) or 0
