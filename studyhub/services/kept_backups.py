"""Backups that the site keeps in ``instance/backups``: made, checked, handed out and deleted from the browser.

Restoring stays on the command line, since it needs an empty site (docs/operations.md).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from studyhub.domain.days import TOKYO
from studyhub.domain.errors import Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.schema import newest_revision
from studyhub.services import audit, jobs, kept_json
from studyhub.services.backup import BackupCommand, write_backup
from studyhub.services.backup_archive import kept_tables, open_archive
from studyhub.services.verify import check_archive

MAKE, VERIFY = "make_backup", "verify_backup"
_NAME = re.compile(r"studyhub-\d{8}-\d{6}\.zip")


@dataclass(frozen=True, slots=True)
class KeptBackup:
    name: str
    size: int
    made_at: datetime
    checked_at: datetime | None
    sound: bool | None
    """None when nobody has checked it."""
    missing_files: int
    """Stored files that were not there when it was made."""


def folder(instance: Path) -> Path:
    return instance / "backups"


def free_bytes(instance: Path) -> int:
    return shutil.disk_usage(instance).free


def kept_backups(instance: Path) -> tuple[KeptBackup, ...]:
    """Newest first."""
    root = folder(instance)
    found = (
        [path for path in root.glob("studyhub-*.zip") if _NAME.fullmatch(path.name)] if root.is_dir() else []
    )
    return tuple(_kept(path) for path in sorted(found, reverse=True))


def path_of(instance: Path, name: str) -> Path:
    """Raises NotFound; a name that is not ours leads nowhere."""
    path = folder(instance) / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("そのバックアップは見つかりません。")
    return path


def ask_for_backup(db: Session, actor: Actor, now: datetime) -> int:
    """Id of the job. Twice before it began is once."""
    require(actor, Permission.MANAGE_SITE)
    audit.record(db, actor.user_id, "backup.make", "site", "", now)
    return jobs.enqueue(db, MAKE, {}, now, unique_key=MAKE)


def ask_for_check(db: Session, actor: Actor, instance: Path, name: str, now: datetime) -> int:
    require(actor, Permission.MANAGE_SITE)
    path_of(instance, name)
    return jobs.enqueue(db, VERIFY, {"name": name}, now, unique_key=f"{VERIFY}:{name}")


def note_download(db: Session, actor: Actor, name: str, now: datetime) -> None:
    require(actor, Permission.MANAGE_SITE)
    audit.record(db, actor.user_id, "backup.download", "backup", name, now)
    db.flush()


def note_deletion(db: Session, actor: Actor, name: str, now: datetime) -> None:
    """Before ``delete``: the log knows of what is gone, whatever happens in between."""
    require(actor, Permission.MANAGE_SITE)
    audit.record(db, actor.user_id, "backup.delete", "backup", name, now)
    db.flush()


def delete(instance: Path, name: str) -> None:
    path = path_of(instance, name)
    path.unlink(missing_ok=True)
    _note_of(path).unlink(missing_ok=True)


def make(
    db: Session, instance: Path, files_root: Path, now: datetime, on_progress: Callable[[int, int], None]
) -> str:
    """The new backup's name. ``db`` is a snapshot; progress is told in tables."""
    root = folder(instance)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"studyhub-{now.astimezone(TOKYO):%Y%m%d-%H%M%S}.zip"
    total, done = len(kept_tables()), 0

    def on_table(_table: str, _rows: int) -> None:
        nonlocal done
        done += 1
        on_progress(done, total)

    command = BackupCommand(root / name, files_root, newest_revision())
    manifest = write_backup(db, command, now, on_table)
    kept_json.write(_note_of(root / name), {"missing_files": len(manifest.missing_files)})
    return name


def verify(instance: Path, name: str, now: datetime) -> bool:
    """Reads all of it; what was found is kept beside it."""
    path = path_of(instance, name)
    try:
        with open_archive(path) as archive:
            check_archive(archive)
        sound = True
    except Invalid:
        sound = False
    note = kept_json.read(_note_of(path)) or {}
    kept_json.write(_note_of(path), note | {"sound": sound, "checked_at": now.isoformat()})
    return sound


def _kept(path: Path) -> KeptBackup:
    found, note = path.stat(), kept_json.read(_note_of(path)) or {}
    checked_at = note.get("checked_at")
    return KeptBackup(
        name=path.name,
        size=found.st_size,
        made_at=datetime.fromtimestamp(found.st_mtime, UTC),
        checked_at=datetime.fromisoformat(checked_at) if checked_at else None,
        sound=note.get("sound"),
        missing_files=int(note.get("missing_files", 0)),
    )


def _note_of(path: Path) -> Path:
    return path.with_suffix(".json")
