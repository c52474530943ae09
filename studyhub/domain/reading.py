"""Reading a study session's notes: its sections, how long they take, how much of them is read."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import ceil

CHARACTERS_A_MINUTE = 500
"""An assumption for Japanese prose read to be understood; shown as 「約」."""

SECTION_LEVEL = 2
WHOLE = "whole-notes"
"""The anchor of notes that have no section: they are read as one."""

Piece = tuple[str, str]
"""``("html", sanitised HTML)`` or ``("question", question key)``."""


@dataclass(frozen=True, slots=True)
class Heading:
    anchor: str
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Section:
    """`anchors` are those read together with this section: its own and those of sections written inside its blocks."""

    anchor: str
    title: str
    anchors: tuple[str, ...]
    pieces: tuple[Piece, ...]
    characters: int


@dataclass(frozen=True, slots=True)
class Notes:
    introduction: tuple[Piece, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class ReadingProgress:
    """Counts sections."""

    read: int
    total: int

    @property
    def share(self) -> float:
        return self.read / self.total

    @property
    def is_finished(self) -> bool:
        return self.read == self.total


def section_anchors(toc: Iterable[Heading]) -> tuple[str, ...]:
    """What reading progress counts; never empty."""
    return tuple(heading.anchor for heading in toc if heading.level == SECTION_LEVEL) or (WHOLE,)


def reading_progress(anchors: Sequence[str], read: Collection[str]) -> ReadingProgress:
    """Marks of sections that were since removed do not count."""
    return ReadingProgress(sum(anchor in read for anchor in anchors), len(anchors))


def minutes_to_read(characters: int) -> int:
    return max(1, ceil(characters / CHARACTERS_A_MINUTE))


def arrange(pieces: Iterable[Piece], toc: Sequence[Heading]) -> Notes:
    """Cuts the notes before each section heading that stands in no other block."""
    groups: list[tuple[str, list[Piece]]] = [("", [])]
    for kind, content in pieces:
        if kind != "html":
            groups[-1][1].append((kind, content))
            continue
        for anchor, text in _cut(content):
            if anchor:
                groups.append((anchor, []))
            if text.strip():
                groups[-1][1].append(("html", text))
    if len(groups) == 1:
        whole = Section(WHOLE, "", section_anchors(toc), tuple(groups[0][1]), _characters(groups[0][1]))
        return Notes((), (whole,))
    covered = _covered([anchor for anchor, _ in groups[1:]], toc)
    titles = {heading.anchor: heading.text for heading in toc}
    return Notes(
        tuple(groups[0][1]),
        tuple(
            Section(anchor, titles.get(anchor, ""), covered[anchor], tuple(inside), _characters(inside))
            for anchor, inside in groups[1:]
        ),
    )


_TAG = re.compile(r'<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)(?P<attributes>(?:[^>"]|"[^"]*")*)>')
_ID = re.compile(r'\bid="([^"]*)"')
_NEVER_CLOSED = frozenset({"br", "hr", "img", "input"})


def _cut(text: str) -> list[tuple[str, str]]:
    """Pairs of the anchor of the section that begins (empty for what goes on) and its HTML, which is well-formed."""
    cuts: list[tuple[int, str]] = [(0, "")]
    depth = 0
    for tag in _TAG.finditer(text):
        if tag["name"] in _NEVER_CLOSED:
            continue
        if tag["end"]:
            depth -= 1
            continue
        anchor = _ID.search(tag["attributes"])
        if depth == 0 and tag["name"] == "h2" and anchor is not None:
            cuts.append((tag.start(), html.unescape(anchor[1])))
        depth += 1
    ends = [start for start, _ in cuts[1:]] + [len(text)]
    return [(anchor, text[start:end]) for (start, anchor), end in zip(cuts, ends, strict=True)]


def _covered(sections: Sequence[str], toc: Sequence[Heading]) -> dict[str, tuple[str, ...]]:
    """Each section's own anchor and those of the section headings inside it; what precedes all goes to the first."""
    covered: dict[str, list[str]] = {anchor: [] for anchor in sections}
    current = sections[0]
    for anchor in section_anchors(toc):
        current = anchor if anchor in covered else current
        covered[current].append(anchor)
    return {anchor: tuple(anchors) for anchor, anchors in covered.items()}


def _characters(pieces: Iterable[Piece]) -> int:
    texts = (_TAG.sub("", content) for kind, content in pieces if kind == "html")
    return sum(len("".join(html.unescape(text).split())) for text in texts)
