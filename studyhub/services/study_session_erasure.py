"""The end of the bin: what was written is erased; the bare row stays for what the log and others' answers name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import String, cast, delete, exists, select
from sqlalchemy.orm import Session

from studyhub.domain.editing import KEEP_DELETED
from studyhub.persistence.models import (
    Draft,
    Material,
    QuestionRevision,
    ReadingMark,
    ReadingPosition,
    SlidePage,
    StoredFile,
    StudySession,
    StudySessionLecturer,
    StudySessionRevision,
    StudySessionTopic,
)
from studyhub.services import audit, drafts


def erase_deleted(db: Session, now: datetime) -> int:
    """Sessions that lay in the bin for the whole time; returns how many.

    Kept: key, title and dates, because attendance, surveys, inquiries and assignments name the session, and because a
    session that also lies in the files would come back with the next synchronisation.
    """
    rows = db.scalars(
        select(StudySession)
        .where(StudySession.deleted_at < now - KEEP_DELETED, StudySession.current_revision_id.is_not(None))
        .with_for_update()
    ).all()
    for row in rows:
        _erase(db, row)
        audit.record(db, None, "study_session.erase", "study_session", row.key, now)
    db.flush()
    return len(rows)


def _erase(db: Session, row: StudySession) -> None:
    files = _files_of(db, row.id)
    row.current_revision_id = None
    row.summary = row.summary_en = row.place = ""
    db.flush()
    materials = select(Material.id).where(Material.study_session_id == row.id)
    db.execute(delete(SlidePage).where(SlidePage.material_id.in_(materials)))
    for model in (
        StudySessionRevision, Material, ReadingMark, ReadingPosition, StudySessionTopic, StudySessionLecturer,
    ):  # fmt: skip
        db.execute(delete(model).where(model.study_session_id == row.id))
    db.execute(delete(Draft).where(Draft.kind == drafts.STUDY_SESSION, Draft.subject == row.key))
    _forget_files(db, files)


def _files_of(db: Session, id_: int) -> set[str]:
    materials = select(Material.file_id).where(Material.study_session_id == id_)
    images = (
        select(SlidePage.image_id)
        .join(Material, Material.id == SlidePage.material_id)
        .where(Material.study_session_id == id_, SlidePage.image_id.is_not(None))
    )
    return {*db.scalars(materials), *(found for found in db.scalars(images) if found)}


def _forget_files(db: Session, ids: Collection[str]) -> None:
    """Those that nothing else shows. A question names its figures in its text alone, so the texts are asked."""
    attached = exists().where(Material.file_id == StoredFile.id)
    shown = exists().where(SlidePage.image_id == StoredFile.id)
    named = exists().where(cast(QuestionRevision.html, String).contains(StoredFile.id))
    gone = delete(StoredFile).where(StoredFile.id.in_(ids), ~attached, ~shown, ~named)
    db.execute(gone)
