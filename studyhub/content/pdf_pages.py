"""PDF pages to images with their text, in a child process with limits of time, memory and pages."""

from __future__ import annotations

import json
import os
import selectors
import subprocess  # nosec B404
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

MAX_PAGES = 300
TIME_LIMIT_S = 180
MEMORY_LIMIT_BYTES = 1536 * 1024 * 1024

_PACKAGE_PARENT = Path(__file__).resolve().parents[2]


class PdfFault(StrEnum):
    BROKEN = "broken"
    LOCKED = "locked"
    """Asks for a password."""
    TOO_MANY_PAGES = "too_many_pages"
    TOO_HEAVY = "too_heavy"
    """Takes more time or memory than it may."""
    NO_PDF = "no_pdf"


class NotRendered(Exception):
    def __init__(self, fault: PdfFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class PageImage:
    """`number` counts from 1; `total` is how many pages the file has. The image is WebP, its size in pixels."""

    number: int
    total: int
    image: bytes
    width: int
    height: int
    text: str


def render_pages(
    pdf: Path, *, time_limit_s: int = TIME_LIMIT_S, memory_bytes: int = MEMORY_LIMIT_BYTES
) -> Generator[PageImage, None, None]:
    """Page by page, as they are ready. Raises NotRendered, possibly after some pages; to stop, close the iterator."""
    deadline = time.monotonic() + time_limit_s
    with (
        tempfile.TemporaryDirectory(prefix="studyhub-pages-") as made,
        _child(pdf, made, memory_bytes, time_limit_s) as child,
    ):
        messages = _messages(child, deadline)
        total = _next(messages)["total"]
        for number in range(1, total + 1):
            page = _next(messages)
            path = Path(made) / f"{number}.webp"
            yield PageImage(number, total, path.read_bytes(), page["width"], page["height"], page["text"])
            path.unlink()


@contextmanager
def _child(pdf: Path, folder: str, memory_bytes: int, seconds: int) -> Iterator[subprocess.Popen[bytes]]:
    limits = [str(MAX_PAGES), str(memory_bytes), str(seconds)]
    search_path = os.pathsep.join([str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")])
    child = subprocess.Popen(  # noqa: S603  # nosec B603
        [sys.executable, "-m", "studyhub.content.pdf_pages_worker", str(pdf), folder, *limits],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": search_path, "PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"},
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def _next(messages: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """A child that ends early was ended by one of its limits, or by what it was given to read."""
    message = next(messages, None)
    if message is None:
        raise NotRendered(PdfFault.TOO_HEAVY)
    if "fault" in message:
        raise NotRendered(PdfFault(message["fault"]))
    return message


def _messages(child: subprocess.Popen[bytes], deadline: float) -> Iterator[dict[str, Any]]:
    """Until the child closes its output. Raises NotRendered after the deadline."""
    assert child.stdout is not None
    waiting = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise NotRendered(PdfFault.TOO_HEAVY)
            chunk = os.read(child.stdout.fileno(), 65_536)
            if not chunk:
                return
            waiting += chunk
            *lines, waiting = waiting.split(b"\n")
            yield from (json.loads(line) for line in lines)
