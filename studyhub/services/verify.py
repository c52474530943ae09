"""Whether a site holds together, and whether it holds what a backup holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Table, and_, func, select, text
from sqlalchemy.orm import Session

from studyhub.persistence.base import Base
from studyhub.persistence.models import StoredFile
from studyhub.services.backup import has_bytes, row_lines
from studyhub.services.backup_archive import Archive, kept_tables

APPEND_ONLY = frozenset(
    {"responses", "unsure_marks", "audit_entries", "question_revisions", "study_session_revisions"}
)


@dataclass(frozen=True, slots=True)
class SiteFaults:
    """What is wrong in the live site; empty when nothing is."""

    database: tuple[str, ...]
    """What SQLite's own check says."""
    broken_keys: tuple[tuple[str, str, int], ...]
    """Table, the table it names, and how many rows name something that is not there."""
    files: tuple[tuple[str, str], ...]
    """Hash and shown name of stored files that are missing or damaged."""

    def __bool__(self) -> bool:
        return bool(self.database or self.broken_keys or self.files)


@dataclass(frozen=True, slots=True)
class Difference:
    """The live table beside the backup's, row by row."""

    table: str
    rows: int
    new: int = 0
    changed: int = 0
    missing: int = 0

    @property
    def loses_history(self) -> bool:
        """Rows of a log were changed or are gone."""
        return self.table in APPEND_ONLY and bool(self.changed or self.missing)

    @property
    def same(self) -> bool:
        return not (self.new or self.changed or self.missing)


def check_site(db: Session, files_root: Path) -> SiteFaults:
    stored = db.execute(select(StoredFile.sha256, func.min(StoredFile.name)).group_by(StoredFile.sha256))
    return SiteFaults(
        database=tuple(_engine_faults(db)),
        broken_keys=tuple(_broken_keys(db)),
        files=tuple((sha256, name) for sha256, name in stored if not has_bytes(files_root, sha256)),
    )


def check_archive(archive: Archive) -> None:
    """Reads all of it. Raises Invalid at the first thing that is not as the manifest says."""
    for table in archive.manifest.tables:
        for _line in archive.lines(table):
            pass
    for sha256 in archive.files():
        for _chunk in archive.file_chunks(sha256):
            pass


def compare(db: Session, archive: Archive, on_table: Callable[[Difference], None]) -> list[Difference]:
    """``db`` is a snapshot. Streams both sides, so the size of the site does not matter to memory."""
    found = []
    for table in kept_tables():
        difference = _compare_table(db, table, archive)
        on_table(difference)
        found.append(difference)
    return found


def _compare_table(db: Session, table: Table, archive: Archive) -> Difference:
    """Both sides come in the order of their keys, so they are walked together as in a merge."""
    keys = [list(table.columns).index(column) for column in table.primary_key]
    live = _keyed(row_lines(db, table), keys)
    kept = _keyed(archive.lines(table.name), keys) if table.name in archive.manifest.tables else iter(())
    rows = new = changed = missing = 0
    here, there = next(live, None), next(kept, None)
    while here or there:
        if there is None or (here is not None and here[0] < there[0]):
            new, here = new + 1, next(live, None)
        elif here is None or there[0] < here[0]:
            rows, missing, there = rows + 1, missing + 1, next(kept, None)
        else:
            changed += here[1] != there[1]
            rows, here, there = rows + 1, next(live, None), next(kept, None)
    return Difference(table.name, rows, new, changed, missing)


def _keyed(lines: Iterator[bytes], keys: list[int]) -> Iterator[tuple[list[Any], bytes]]:
    for line in lines:
        row = json.loads(line)
        yield [row[place] for place in keys], line


def _engine_faults(db: Session) -> list[str]:
    if db.get_bind().dialect.name != "sqlite":
        return []
    return [line for line in db.scalars(text("PRAGMA integrity_check")) if line != "ok"]


def _broken_keys(db: Session) -> Iterator[tuple[str, str, int]]:
    for table in Base.metadata.tables.values():
        for key in table.foreign_key_constraints:
            if broken := _count_broken(db, table, key):
                yield table.name, key.referred_table.name, broken


def _count_broken(db: Session, table: Table, key: ForeignKeyConstraint) -> int:
    target = key.referred_table.alias()
    pairs = [(table.c[element.parent.name], target.c[element.column.name]) for element in key.elements]
    statement = (
        select(func.count())
        .select_from(table.outerjoin(target, and_(*(here == there for here, there in pairs))))
        .where(*(here.is_not(None) for here, _there in pairs), pairs[0][1].is_(None))
    )
    return db.scalar(statement) or 0
