"""Figures and materials of the content: bytes kept before the transaction, addresses known before the text is rendered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.content.loader import FoundFile
from studyhub.domain.errors import Conflict
from studyhub.persistence.models import StoredFile
from studyhub.services import files
from studyhub.services.content_sync.questions import BATCH, batches

MEDIA_TYPES: Mapping[str, str] = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".md": "text/markdown",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
UNKNOWN_TYPE = "application/octet-stream"

Identity = tuple[str, str, str]
"""SHA-256, shown name and media type: what makes two files the same file."""


@dataclass(frozen=True, slots=True)
class Attachments:
    """Every file of the items to be stored, with its address; `new` are not in the database yet."""

    ids: Mapping[Identity, str]
    new: Mapping[Identity, int]
    """Sizes in bytes."""

    def id_of(self, found: FoundFile) -> str:
        return self.ids[identity(found)]

    def address_of(self, found: FoundFile) -> str:
        return f"/files/{self.id_of(found)}"


def identity(found: FoundFile) -> Identity:
    name = files.shown_name(found.name)
    return (found.sha256, name, MEDIA_TYPES.get(PurePosixPath(name).suffix.lower(), UNKNOWN_TYPE))


def prepare_attachments(db: Session, found: Iterable[FoundFile], files_root: Path) -> Attachments:
    """Keeps the bytes; asks the database only which addresses there are. Raises Conflict for a file in motion."""
    sizes = {identity(file): file for file in found}
    held = _held_ids(db, sizes)
    ids = {key: held.get(key) or files.new_address() for key in sizes}
    for file in sizes.values():
        if files.keep(files_root, file.path.read_bytes()).sha256 != file.sha256:
            raise Conflict("ファイル「%(name)s」は読んでいる間に変わりました。", name=file.name)
    return Attachments(ids, {key: file.size for key, file in sizes.items() if key not in held})


def _held_ids(db: Session, wanted: Iterable[Identity]) -> dict[Identity, str]:
    held: dict[Identity, str] = {}
    for batch in batches(sorted({sha256 for sha256, _, _ in wanted}), BATCH):
        for row in db.scalars(select(StoredFile).where(StoredFile.sha256.in_(batch))):
            held[row.sha256, row.name, row.media_type] = row.id
    return held


def record_attachments(db: Session, attachments: Attachments, now: datetime) -> None:
    for (sha256, name, media_type), size in attachments.new.items():
        db.add(
            StoredFile(
                id=attachments.ids[sha256, name, media_type],
                sha256=sha256,
                name=name,
                media_type=media_type,
                size=size,
                created_at=now,
            )
        )
    db.flush()
