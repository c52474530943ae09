"""Uploaded files opened for real, in a child process with limits of time and memory."""

from __future__ import annotations

import json
import os
import subprocess  # nosec B404
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from studyhub.domain.outline import Deck, DeckPage

MAX_PAGES = 300
TIME_LIMIT_S = 60
MEMORY_LIMIT_BYTES = 1024 * 1024 * 1024

_PACKAGE_PARENT = Path(__file__).resolve().parents[2]


class DocumentFault(StrEnum):
    BROKEN = "broken"
    LOCKED = "locked"
    """Asks for a password."""
    TOO_MANY_PAGES = "too_many_pages"
    TOO_HEAVY = "too_heavy"
    """Takes more time or memory than it may."""


class Unreadable(Exception):
    def __init__(self, fault: DocumentFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read_deck(
    kind: str, path: Path, *, time_limit_s: int = TIME_LIMIT_S, memory_bytes: int = MEMORY_LIMIT_BYTES
) -> Deck:
    """``kind`` is ``pdf`` or ``presentation``. Raises Unreadable."""
    found = _read(kind, path, time_limit_s, memory_bytes)
    pages = (DeckPage(page["title"], page["text"], page.get("notes", "")) for page in found["pages"])
    return Deck(found["title"], tuple(pages))


def open_document(
    kind: str, path: Path, *, time_limit_s: int = TIME_LIMIT_S, memory_bytes: int = MEMORY_LIMIT_BYTES
) -> str:
    """``kind`` is ``workbook``, ``document`` or ``picture``; returns the format of a picture. Raises Unreadable."""
    return str(_read(kind, path, time_limit_s, memory_bytes).get("format", ""))


@contextmanager
def without_notes(
    presentation: Path, *, time_limit_s: int = TIME_LIMIT_S, memory_bytes: int = MEMORY_LIMIT_BYTES
) -> Iterator[Path]:
    """The presentation with no speaker notes left in it: itself, or a copy that is there as long as the block runs.

    Raises Unreadable.
    """
    with tempfile.NamedTemporaryFile(prefix="studyhub-upload-", suffix=".pptx") as copy:
        _read("presentation", presentation, time_limit_s, memory_bytes, copy.name)
        target = Path(copy.name)
        yield target if target.stat().st_size else presentation


def _read(kind: str, path: Path, time_limit_s: int, memory_bytes: int, *target: str) -> dict[str, Any]:
    search_path = os.pathsep.join([str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "studyhub.content.document_worker", kind, str(path)]
    limits = [str(MAX_PAGES), str(memory_bytes), str(time_limit_s)]
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603
            [*command, *limits, *target],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": search_path, "PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"},
            timeout=time_limit_s + 1,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(DocumentFault.TOO_HEAVY) from None
    if done.returncode or not done.stdout:
        raise Unreadable(DocumentFault.TOO_HEAVY)
    found: dict[str, Any] = json.loads(done.stdout)
    if "fault" in found:
        raise Unreadable(DocumentFault(found["fault"]))
    return found
