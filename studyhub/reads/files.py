"""Which stored file somebody may have."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.persistence.models import Material, SlidePage, StoredFile, StudySession
from studyhub.persistence.study_sessions import visible_to


@dataclass(frozen=True, slots=True)
class ServedFile:
    """`size` in bytes."""

    sha256: str
    name: str
    media_type: str
    size: int


def served_file(db: Session, actor: Actor, file_id: str) -> ServedFile:
    """A file of a study session goes with the session. An image of none is a figure of a question: whoever was given
    the question was given its address, which cannot be guessed. Raises NotFound."""
    figure = and_(~_attached(), StoredFile.media_type.startswith("image/"))
    row = db.execute(
        select(StoredFile.sha256, StoredFile.name, StoredFile.media_type, StoredFile.size).where(
            StoredFile.id == file_id, or_(_visible(actor), figure)
        )
    ).first()
    if row is None:
        raise NotFound
    return ServedFile(row.sha256, row.name, row.media_type, row.size)


def _attached() -> ColumnElement[bool]:
    return or_(
        exists().where(Material.file_id == StoredFile.id), exists().where(SlidePage.image_id == StoredFile.id)
    )


def _visible(actor: Actor) -> ColumnElement[bool]:
    shown = and_(Material.study_session_id == StudySession.id, Material.current, visible_to(actor))
    return or_(
        exists().where(Material.file_id == StoredFile.id, shown),
        exists().where(SlidePage.image_id == StoredFile.id, SlidePage.material_id == Material.id, shown),
    )
