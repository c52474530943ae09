"""Writing a backup while the site runs: one snapshot of the database, and the stored files it names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from sqlalchemy import String, Table, collate, select
from sqlalchemy.orm import Session

from studyhub import __version__
from studyhub.domain.errors import Conflict
from studyhub.persistence.models import StoredFile
from studyhub.services import backup_archive as archive
from studyhub.services.files import path_of

_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class BackupCommand:
    target: Path
    files_root: Path
    schema: str
    """Revision of the database's schema."""


def write_backup(
    db: Session, command: BackupCommand, now: datetime, on_table: Callable[[str, int], None]
) -> archive.Manifest:
    """``db`` is a snapshot; ``on_table`` hears each table and its rows. Raises Conflict when the target exists."""
    with _new_file(command.target) as file, ZipFile(file, "w") as zip_file:
        tables = {}
        for table in archive.kept_tables():
            tables[table.name] = _write_table(db, table, zip_file)
            on_table(table.name, tables[table.name].rows)
        written, missing = _write_files(db, command.files_root, zip_file)
        manifest = archive.Manifest(
            format=archive.FORMAT,
            version=__version__,
            schema=command.schema,
            made_at=now.isoformat(),
            engine=db.get_bind().dialect.name,
            tables=tables,
            files=written,
            missing_files=tuple(missing),
        )
        zip_file.writestr(archive.MANIFEST, archive.encode_manifest(manifest))
    return manifest


def row_lines(db: Session, table: Table) -> Iterator[bytes]:
    """The table as a backup holds it, a batch in memory at a time."""
    # Text in the order of code points, as SQLite and Python compare it; PostgreSQL would follow its language.
    collation = "BINARY" if db.get_bind().dialect.name == "sqlite" else "C"
    order = [
        collate(column, collation) if isinstance(column.type, String) else column
        for column in table.primary_key
    ]
    statement = select(table).order_by(*order)
    rows = db.connection().execute(statement, execution_options={"yield_per": _ROWS_AT_ONCE})
    for batch in rows.partitions():
        yield from map(archive.encode_row, map(tuple, batch))


def _write_table(db: Session, table: Table, zip_file: ZipFile) -> archive.TableEntry:
    digest, rows = hashlib.sha256(), 0
    with _member(zip_file, archive.table_member(table.name), ZIP_DEFLATED) as member:
        for line in row_lines(db, table):
            digest.update(line)
            member.write(line)
            rows += 1
    return archive.TableEntry(tuple(table.columns.keys()), rows, digest.hexdigest())


def _write_files(db: Session, files_root: Path, zip_file: ZipFile) -> tuple[int, list[str]]:
    """How many were written, and the hashes of those that are not there or damaged."""
    written, missing = 0, []
    for sha256 in db.scalars(select(StoredFile.sha256).distinct().order_by(StoredFile.sha256)):
        if has_bytes(files_root, sha256):
            with _member(zip_file, archive.file_member(sha256), ZIP_STORED) as member:
                member.writelines(chunks_of(path_of(files_root, sha256)))
            written += 1
        else:
            missing.append(sha256)
    return written, missing


def has_bytes(files_root: Path, sha256: str) -> bool:
    """Whether the stored file is there and has its hash."""
    path, digest = path_of(files_root, sha256), hashlib.sha256()
    if not path.is_file():
        return False
    for chunk in chunks_of(path):
        digest.update(chunk)
    return digest.hexdigest() == sha256


def chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(archive.CHUNK_BYTES):
            yield chunk


@contextmanager
def _member(zip_file: ZipFile, name: str, compression: int) -> Iterator[IO[bytes]]:
    zip_file.compression, zip_file.compresslevel = compression, 3
    with zip_file.open(name, "w", force_zip64=True) as member:
        yield member


@contextmanager
def _new_file(target: Path) -> Iterator[IO[bytes]]:
    """Readable by its owner only; under its name only when it is complete and on disk."""
    if target.exists():
        raise Conflict("%(path)s は既にあります。別の名前にしてください。", path=str(target))
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
