"""Markdown to sanitised HTML, in this process. Time is not bounded here: see `rendering`."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from markdown import Markdown

from studyhub.content.markdown_extensions import StudyHubMarkdown
from studyhub.content.sanitising import plain_text, sanitise

Segment = tuple[Literal["html", "question"], str]

_SECRET = secrets.token_hex(16)
_CUT = re.compile(rf"<p>{_SECRET}:([a-z0-9.-]+)</p>")
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!<p[ >]|</p>).)*)</p>\s*", re.DOTALL)
_EXTENSIONS = (
    "tables",
    "admonition",
    "footnotes",
    "def_list",
    "attr_list",
    "toc",
    "sane_lists",
    "pymdownx.tasklist",
    "pymdownx.superfences",
    "pymdownx.highlight",
)
_SETTINGS: dict[str, dict[str, Any]] = {
    "tables": {"use_align_attribute": True},
    "pymdownx.highlight": {"use_pygments": False},
    "footnotes": {"BACKLINK_TITLE": "本文の脚注{}へ戻る"},
}


@dataclass(frozen=True, slots=True)
class Heading:
    anchor: str
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """`segments` in order: ("html", safe HTML) or ("question", id)."""

    segments: tuple[Segment, ...]
    toc: tuple[Heading, ...]
    plain: str

    @property
    def html(self) -> str:
        """Without the check questions."""
        return "".join(text for kind, text in self.segments if kind == "html")


class _Converter:
    """Building the library's object takes longer than a sentence, so it is used again after a reset."""

    def __init__(self, keep_lines: bool) -> None:
        self._own = StudyHubMarkdown(_SECRET)
        lines = ["nl2br"] if keep_lines else []
        self._markdown = Markdown(extensions=[*_EXTENSIONS, *lines, self._own], extension_configs=_SETTINGS)

    def convert(self, text: str, addresses: Mapping[str, str]) -> tuple[str, list[dict[str, Any]]]:
        self._markdown.reset()
        self._own.addresses.clear()
        self._own.addresses.update(addresses)
        return self._markdown.convert(text), getattr(self._markdown, "toc_tokens", [])


@cache
def _converter(keep_lines: bool) -> _Converter:
    return _Converter(keep_lines)


def render(
    text: str, addresses: Mapping[str, str], keep_ids: bool, inline: bool, keep_lines: bool = False
) -> Rendered:
    """`inline` leaves out the paragraph around a text that is only one, so that it can stand in a label;
    `keep_lines` breaks a line where the text does."""
    try:
        unsafe, toc = _converter(keep_lines).convert(text, addresses)
    except BaseException:
        _converter.cache_clear()  # its state is unknown now
        raise
    pieces = _CUT.split(unsafe)
    segments: list[Segment] = []
    for number, piece in enumerate(pieces):
        if number % 2:
            segments.append(("question", piece))
        elif piece.strip():
            segments.append(("html", sanitise(piece, keep_ids)))
    if inline and len(segments) == 1:
        segments = [(segments[0][0], _unwrapped(segments[0][1]))]
    plain = "\n".join(plain_text(content) for kind, content in segments if kind == "html")
    return Rendered(tuple(segments), tuple(_headings(toc)), plain)


def _unwrapped(html: str) -> str:
    matched = _ONE_PARAGRAPH.fullmatch(html)
    return matched[1] if matched else html


def _headings(tokens: list[dict[str, Any]]) -> list[Heading]:
    found: list[Heading] = []
    for token in tokens:
        found.append(Heading(token["id"], plain_text(token["html"]), token["level"]))
        found.extend(_headings(token["children"]))
    return found
