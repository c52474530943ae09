"""Markdown to sanitised HTML in a child process with limits of time and memory.

The Markdown library takes quadratic time on some inputs; no text of an author may hold up the site.
"""

import json
import os
import selectors
import subprocess  # nosec B404
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from studyhub.content import markdown_scan
from studyhub.content.markdown_html import Heading, Rendered

MAX_TEXT_BYTES = 200_000
TIME_LIMIT_S = 5.0
MEMORY_LIMIT_BYTES = 512 * 1024 * 1024
BATCH_BYTES = 40_000
"""Small texts travel together: a message to the child costs more than rendering a sentence."""
START_LIMIT_S = 30.0

_PACKAGE_PARENT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Text:
    """`address` gives the URL of a file named relative to the text, or None when there is none.

    `keep_ids` is for texts that stand once on a page; `inline` for those that stand inside a label; `keep_lines` for
    those whose lines mean something: the statements a to d of a question.
    """

    markdown: str
    address: Callable[[str], str | None] = lambda name: None
    keep_ids: bool = False
    inline: bool = False
    keep_lines: bool = False


@dataclass(frozen=True, slots=True)
class NotRendered:
    """`message` is a Japanese sentence, the msgid of its translation, to be filled with `params`."""

    message: str
    params: dict[str, object]

    @property
    def sentence(self) -> str:
        return self.message % self.params


def N_(sentence: str) -> str:  # noqa: N802 - known to the collector of the catalogue by this name
    """As it is: its translation is looked up when it is shown."""
    return sentence


TOO_LARGE = N_("文章が大きすぎます（上限 %(limit)s バイト）。")
TOO_SLOW = N_(
    "文章の変換が%(limit)s秒以内に終わりませんでした。記号が極端に続く所や、とても大きな表がないか確かめてください。"
)
TOO_MUCH = N_(
    "文章が、表示するには大きすぎます。大きな表は、行か列を減らすか、CSV や XLSX の配付資料にしてください。"
)
BROKEN = N_("文章を表示の形にできませんでした。記号や表の書き方を確かめてください。")


class Renderer:
    """Owns one child process, started at the first text and replaced when a text exceeds a limit.

    Safe to use from several threads; their batches take turns. Use as a context manager or call `close`.
    """

    def __init__(self, time_limit_s: float = TIME_LIMIT_S, memory_bytes: int = MEMORY_LIMIT_BYTES) -> None:
        self._time_limit_s = time_limit_s
        self._memory_bytes = memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> "Renderer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def render(self, text: Text) -> Rendered | NotRendered:
        return self.render_many([text])[0]

    def render_many(self, texts: Sequence[Text]) -> list[Rendered | NotRendered]:
        """In the order of the texts. A text that fails does not touch the others."""
        with self._lock:
            return [result for batch in _batches(texts) for result in self._render_batch(batch)]

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _render_batch(self, texts: Sequence[Text]) -> list[Rendered | NotRendered]:
        if len(texts) == 1 and _size(texts[0]) > MAX_TEXT_BYTES:
            return [NotRendered(TOO_LARGE, {"limit": MAX_TEXT_BYTES})]
        try:
            replies = self._exchange(texts)
        except (TimeoutError, EOFError, BrokenPipeError) as error:
            self._stop()
            if len(texts) > 1:
                return [result for text in texts for result in self._render_batch([text])]
            return [self._failure(error)]
        return [_result(reply) for reply in replies]

    def _failure(self, error: Exception) -> NotRendered:
        if isinstance(error, TimeoutError):
            return NotRendered(TOO_SLOW, {"limit": f"{self._time_limit_s:g}"})
        return NotRendered(TOO_MUCH, {})

    def _exchange(self, texts: Sequence[Text]) -> list[dict[str, Any]]:
        process = self._running()
        message = json.dumps([_message(text) for text in texts]) + "\n"
        replies: list[dict[str, Any]] = json.loads(_ask(process, message, self._time_limit_s))
        return replies

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._stop()
        module = "studyhub.content.markdown_worker"
        search_path = os.pathsep.join([str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")])
        self._process = subprocess.Popen(  # noqa: S603  # nosec B603
            [sys.executable, "-m", module, str(self._memory_bytes), str(self._time_limit_s)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": search_path, "PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"},
        )
        # Waiting for the start keeps the loading of libraries out of the first text's time.
        _ask(self._process, "[]\n", START_LIMIT_S)
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close_quietly(stream)


def _close_quietly(stream: Any) -> None:
    """Closing flushes, and what was still to be sent to a dead worker is of no use any more."""
    try:
        stream.close()
    except BrokenPipeError:
        return


def _batches(texts: Sequence[Text]) -> Iterator[list[Text]]:
    batch: list[Text] = []
    size = 0
    for text in texts:
        length = _size(text)
        if batch and size + length > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += length
    if batch:
        yield batch


def _size(text: Text) -> int:
    return len(text.markdown.encode("utf-8", "replace"))


def _message(text: Text) -> dict[str, Any]:
    addresses = {name: text.address(name) for name in markdown_scan.relative_addresses(text.markdown)}
    return {
        "text": text.markdown,
        "addresses": {name: url for name, url in addresses.items() if url is not None},
        "keep_ids": text.keep_ids,
        "inline": text.inline,
        "keep_lines": text.keep_lines,
    }


def _result(reply: dict[str, Any]) -> Rendered | NotRendered:
    if "fault" in reply:
        return NotRendered(TOO_MUCH if reply["fault"] == "output" else BROKEN, {})
    segments = tuple((kind, content) for kind, content in reply["segments"])
    headings = tuple(Heading(**heading) for heading in reply["toc"])
    return Rendered(segments, headings, reply["plain"])


def _ask(process: subprocess.Popen[bytes], message: str, time_limit_s: float) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError
    process.stdin.write(message.encode())
    process.stdin.flush()
    return _read_line(process.stdout.fileno(), time_limit_s)


def _read_line(descriptor: int, time_limit_s: float) -> bytes:
    """Raises TimeoutError, or EOFError when the worker has ended."""
    deadline = time.monotonic() + time_limit_s
    received = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while not received.endswith(b"\n"):
            if not selector.select(deadline - time.monotonic()) or time.monotonic() > deadline:
                raise TimeoutError
            chunk = os.read(descriptor, 65_536)
            if not chunk:
                raise EOFError
            received += chunk
    return bytes(received)
