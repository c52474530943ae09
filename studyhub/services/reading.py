"""Keeps what an officer has read of a study session, and where they stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.reading import Heading, ReadingProgress, reading_progress, section_anchors
from studyhub.persistence.models import ReadingMark, ReadingPosition, StudySession, StudySessionRevision
from studyhub.persistence.study_sessions import visible_to
from studyhub.persistence.upsert import insert_for


@dataclass(frozen=True, slots=True)
class MarkReading:
    """`read` are anchors of sections; `anchor` and `slide` say where the officer is, None leaves what is known."""

    study_session: str
    read: tuple[str, ...] = ()
    anchor: str | None = None
    slide: int | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    id: int
    sections: tuple[str, ...]
    anchors: frozenset[str]


def mark_reading(db: Session, actor: Actor, command: MarkReading, now: datetime) -> ReadingProgress:
    """As often as it is sent, it is stored once. Anchors the notes no longer have are left out: the page that sent
    them is older than the notes. Raises NotFound."""
    page = _page(db, actor, command.study_session)
    fresh = [anchor for anchor in page.sections if anchor in command.read]
    if fresh:
        _add_marks(db, actor.user_id, page.id, fresh, now)
    anchor = command.anchor if command.anchor in page.anchors else None
    if anchor is not None or command.slide is not None:
        _move(db, actor.user_id, page.id, anchor, command.slide, now)
    marks = select(ReadingMark.anchor).where(
        ReadingMark.user_id == actor.user_id, ReadingMark.study_session_id == page.id
    )
    return reading_progress(page.sections, set(db.scalars(marks)))


def _page(db: Session, actor: Actor, key: str) -> _Page:
    found = db.execute(
        select(StudySession.id, StudySessionRevision.toc)
        .join(StudySessionRevision, StudySessionRevision.id == StudySession.current_revision_id)
        .where(StudySession.key == key, visible_to(actor))
    ).first()
    if found is None:
        raise NotFound
    toc = [Heading(**heading) for heading in found.toc]
    sections = section_anchors(toc)
    return _Page(found.id, sections, frozenset(heading.anchor for heading in toc) | frozenset(sections))


def _add_marks(db: Session, user_id: int, study_session_id: int, anchors: list[str], now: datetime) -> None:
    rows = [
        {"user_id": user_id, "study_session_id": study_session_id, "anchor": anchor, "read_at": now}
        for anchor in anchors
    ]
    db.execute(insert_for(db, ReadingMark).values(rows).on_conflict_do_nothing())


def _move(
    db: Session, user_id: int, study_session_id: int, anchor: str | None, slide: int | None, now: datetime
) -> None:
    known = {"anchor": anchor, "slide": slide, "at": now}
    insert = insert_for(db, ReadingPosition).values(
        user_id=user_id, study_session_id=study_session_id, anchor=anchor or "", slide=slide, at=now
    )
    changes = {name: value for name, value in known.items() if value is not None}
    db.execute(insert.on_conflict_do_update(index_elements=["user_id", "study_session_id"], set_=changes))
