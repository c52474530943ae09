"""Files are kept by content and found again under an address that cannot be guessed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Invalid
from studyhub.persistence.models import StoredFile
from studyhub.services import files

PDF = b"%PDF-1.7 test"


def _files_in(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_a_stored_file_lies_under_its_hash_and_has_a_random_address(
    db: Session, now: datetime, tmp_path: Path
) -> None:
    stored = files.store(db, tmp_path / "files", PDF, "暗号入門.pdf", "application/pdf", now)
    path = files.path_of(tmp_path / "files", stored.sha256)
    assert path.read_bytes() == PDF
    assert path.parent.name == stored.sha256[:2]
    assert stored.name == "暗号入門.pdf"
    assert stored.size == len(PDF)
    assert stored.sha256 not in stored.id


def test_the_same_bytes_are_written_once_and_keep_their_address(
    db: Session, now: datetime, tmp_path: Path
) -> None:
    first = files.store(db, tmp_path, PDF, "a.pdf", "application/pdf", now)
    again = files.store(db, tmp_path, PDF, "a.pdf", "application/pdf", now)
    other = files.store(db, tmp_path, PDF, "b.pdf", "application/pdf", now)
    assert again.id == first.id
    assert other.id != first.id
    assert len([path for path in _files_in(tmp_path) if path.name == first.sha256]) == 1
    assert db.scalar(select(func.count()).select_from(StoredFile)) == 2


def test_nothing_half_written_stays_when_the_disk_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.keep(tmp_path, PDF)
    assert _files_in(tmp_path) == []


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\資料\\第1回.pptx", "第1回.pptx"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("line\nbreak.txt", "linebreak.txt"),
        ("長" * 300 + ".pdf", "長" * 251 + ".pdf"),
    ],
)
def test_a_name_is_shown_without_what_could_deceive(given: str, shown: str) -> None:
    assert files.shown_name(given) == shown


@pytest.mark.parametrize("name", ["", "  ", "..", "a/.."])
def test_a_file_without_a_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        files.shown_name(name)


def test_a_path_is_only_ever_built_from_a_hash(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        files.path_of(tmp_path, "../" * 21 + "x")
