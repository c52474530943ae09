"""Files by their content: the bytes once on disk under their SHA-256, the shown name in the database.

Two steps, so that no disk is waited for inside a write transaction: `keep` writes the bytes, `record` gives them an
address. Bytes whose transaction was rolled back are orphans that the next `keep` of the same content finds.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Invalid
from studyhub.persistence.models import StoredFile

MAX_NAME_CHARACTERS = 255
_CHUNK_BYTES = 1 << 20

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class KeptBytes:
    """Bytes that lie on disk, durable, under their hash."""

    sha256: str
    size: int


def store(
    db: Session, files_root: Path, content: bytes, name: str, media_type: str, now: datetime
) -> StoredFile:
    return record(db, keep(files_root, content), name, media_type, now)


def keep(files_root: Path, content: bytes) -> KeptBytes:
    """Acknowledged means on disk: the file and its folder are synced before this returns."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(files_root, sha256)
    if not path.exists():
        write_durably(path, [content])
    return KeptBytes(sha256, len(content))


def keep_file(files_root: Path, source: Path) -> KeptBytes:
    """As `keep`, for a file too large to be held in memory."""
    with source.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        path = path_of(files_root, sha256)
        if not path.exists():
            file.seek(0)
            write_durably(path, iter(lambda: file.read(_CHUNK_BYTES), b""))
        return KeptBytes(sha256, file.seek(0, os.SEEK_END))


def record_at(
    db: Session, address: str, kept: KeptBytes, name: str, media_type: str, now: datetime
) -> StoredFile:
    """Under an address that was given out before: the notes that show the file were rendered with it."""
    file = StoredFile(
        id=address,
        sha256=kept.sha256,
        name=shown_name(name),
        media_type=media_type,
        size=kept.size,
        created_at=now,
    )
    db.add(file)
    db.flush()
    return file


def record(db: Session, kept: KeptBytes, name: str, media_type: str, now: datetime) -> StoredFile:
    """The same bytes under the same name and type keep their address."""
    shown = shown_name(name)
    same = select(StoredFile).where(
        StoredFile.sha256 == kept.sha256, StoredFile.name == shown, StoredFile.media_type == media_type
    )
    if found := db.scalars(same.limit(1)).first():
        return found
    return record_at(db, new_address(), kept, shown, media_type, now)


def new_address() -> str:
    """Random, so that addresses cannot be guessed."""
    return str(uuid4())


def path_of(files_root: Path, sha256: str) -> Path:
    """Built from a hash alone, so that no name of a file can point outside the folder."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a SHA-256: {sha256!r}")
    return files_root / sha256[:2] / sha256


def shown_name(name: str) -> str:
    """The last part of a path, without control and direction-changing characters, its ending kept when cut."""
    plain = _CONTROL.sub("", name).replace("\\", "/")
    last = PurePosixPath(plain).name.strip()
    if last in {"", ".", ".."}:
        raise Invalid("ファイルに名前がありません。")
    if len(last) <= MAX_NAME_CHARACTERS:
        return last
    ending = PurePosixPath(last).suffix[:20]
    return last[: MAX_NAME_CHARACTERS - len(ending)] + ending


def write_durably(path: Path, chunks: Iterable[bytes]) -> None:
    """Under its name only when it is complete and on disk; nothing is left of one that fails."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
