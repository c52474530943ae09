"""The file a backup is: one zip with a manifest, a JSON-lines member a table, and the stored files by their hash.

The same for both engines (docs/decisions/0005-backup-format.md): each line is a JSON array of a row's values in the
order of the manifest's columns, rows in the order of their primary key, so equal content has an equal SHA-256
whichever engine it came from.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from sqlalchemy import Table

from studyhub.domain.errors import Invalid
from studyhub.persistence.base import Base

FORMAT = "studyhub-backup-1"
MANIFEST = "manifest.json"
LEFT_OUT = frozenset({"sign_ins", "sign_in_failures", "search_documents"})
"""Restored sign-ins would revive what was revoked since; the search index is made anew."""
CHUNK_BYTES = 1 << 20
_LONGEST_LINE_BYTES = 64 << 20
_LARGEST_MANIFEST_BYTES = 64 << 20
"""It names the files that were missing; a million of them fit."""
_FILE_MEMBER = re.compile(r"files/([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class TableEntry:
    columns: tuple[str, ...]
    rows: int
    sha256: str
    """Of the uncompressed lines."""


@dataclass(frozen=True, slots=True)
class Manifest:
    format: str
    version: str
    """Of StudyHub."""
    schema: str
    made_at: str
    engine: str
    tables: dict[str, TableEntry]
    files: int
    missing_files: tuple[str, ...]
    """Hashes the database names but whose bytes were not there, or not the same, when the backup was made."""

    @property
    def rows(self) -> int:
        return sum(entry.rows for entry in self.tables.values())


def kept_tables() -> list[Table]:
    return [Base.metadata.tables[name] for name in sorted(Base.metadata.tables) if name not in LEFT_OUT]


def table_member(table: str) -> str:
    return f"tables/{table}.jsonl"


def file_member(sha256: str) -> str:
    return f"files/{sha256}"


def encode_row(values: tuple[Any, ...]) -> bytes:
    text = json.dumps(
        values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain
    )
    return text.encode() + b"\n"


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"a backup cannot hold a {type(value).__name__}")


def _other_content(table: str) -> Invalid:
    return Invalid("バックアップが壊れています: 表 %(table)s の内容が目録と違います。", table=table)


def encode_manifest(manifest: Manifest) -> bytes:
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=2).encode()


class Archive:
    """A backup opened for reading. Everything it gives has been checked against the manifest once it is read."""

    def __init__(self, file: ZipFile) -> None:
        self._zip = file
        self.manifest = _read_manifest(file)

    def lines(self, table: str) -> Iterator[bytes]:
        """Raises Invalid at the end when the rows are not those of the manifest."""
        entry = self.manifest.tables[table]
        digest, rows = hashlib.sha256(), 0
        with self._open(table_member(table)) as member:
            while line := member.readline(_LONGEST_LINE_BYTES):
                digest.update(line)
                rows += 1
                if rows == entry.rows + 1:
                    break  # the rest would only fill the disk before it is refused
                yield line
        if (rows, digest.hexdigest()) != (entry.rows, entry.sha256):
            raise _other_content(table)

    def rows(self, table: str) -> Iterator[list[Any]]:
        """Raises Invalid as ``lines`` does, and at a line that is cut off."""
        for line in self.lines(table):
            try:
                row: list[Any] = json.loads(line)
            except ValueError as error:
                raise _other_content(table) from error
            yield row

    def files(self) -> list[str]:
        """Hashes of the stored files inside."""
        found = [match[1] for name in self._zip.namelist() if (match := _FILE_MEMBER.fullmatch(name))]
        if len(found) != self.manifest.files:
            raise Invalid("バックアップが壊れています: ファイルの数が目録と違います。")
        return found

    def file_chunks(self, sha256: str) -> Iterator[bytes]:
        """Raises Invalid at the end when the bytes do not have that hash."""
        digest = hashlib.sha256()
        with self._open(file_member(sha256)) as member:
            while chunk := member.read(CHUNK_BYTES):
                digest.update(chunk)
                yield chunk
        if digest.hexdigest() != sha256:
            raise Invalid("バックアップが壊れています: ファイル %(file)s の内容が違います。", file=sha256)

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._zip.open(name) as member:
                yield member
        except (KeyError, BadZipFile, EOFError, zlib.error) as error:
            raise Invalid("バックアップが壊れています: %(name)s を読めません。", name=name) from error


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Raises Invalid when the file is not a backup of a format this version knows."""
    try:
        file = ZipFile(path)
    except (OSError, BadZipFile) as error:
        raise Invalid("%(path)s はバックアップとして読めません。", path=str(path)) from error
    with file:
        yield Archive(file)


def _read_manifest(file: ZipFile) -> Manifest:
    try:
        if file.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST_BYTES:
            raise ValueError(MANIFEST)
        data = json.loads(file.read(MANIFEST))
        tables = {
            name: TableEntry(tuple(entry["columns"]), int(entry["rows"]), entry["sha256"])
            for name, entry in data.pop("tables").items()
        }
        manifest = Manifest(tables=tables, missing_files=tuple(data.pop("missing_files")), **data)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError, BadZipFile, zlib.error) as error:
        raise Invalid("StudyHub のバックアップではないか、目録が壊れています。") from error
    if manifest.format != FORMAT:
        raise Invalid("このバックアップの形式（%(format)s）は読めません。", format=manifest.format)
    return manifest
