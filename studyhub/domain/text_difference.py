"""What differs between two texts, line by line, and joining what two people wrote from the same text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise, zip_longest

CONTEXT_LINES = 3
_LONGEST_COMPARED = 2_000
"""Characters of a line whose changed words are looked for; in a longer one the whole line counts as changed."""
_ALIKE = 0.3
"""Below this share of common characters, marking words would only confuse."""


class Sign(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    SKIPPED = "skipped"
    """Stands for lines that are the same and far from any change."""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """``number`` counts from 1 in the text the line stands in (the newer one for lines that are the same)."""

    sign: Sign
    number: int
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def line_difference(old: str, new: str) -> tuple[Line, ...]:
    """Empty when the texts are equal."""
    before, after = old.splitlines(), new.splitlines()
    if before == after:
        return ()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return tuple(_lines(before, after, matcher))


def _lines(before: Sequence[str], after: Sequence[str], matcher: SequenceMatcher[str]) -> Iterator[Line]:
    shown = 0
    for group in matcher.get_grouped_opcodes(CONTEXT_LINES):
        start = group[0][3]
        if start > shown:
            yield Line(Sign.SKIPPED, start, ())
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                for number in range(new_from, new_to):
                    yield Line(Sign.SAME, number + 1, (Piece(after[number], changed=False),))
            else:
                yield from _changed(before[old_from:old_to], after[new_from:new_to], old_from, new_from)
        shown = group[-1][4]
    if shown < len(after):
        yield Line(Sign.SKIPPED, len(after), ())


def _changed(removed: Sequence[str], added: Sequence[str], old_from: int, new_from: int) -> Iterator[Line]:
    pairs = [_pieces(old or "", new or "") for old, new in zip_longest(removed, added)]
    for number, (old_pieces, _) in zip(range(len(removed)), pairs, strict=False):
        yield Line(Sign.REMOVED, old_from + number + 1, old_pieces)
    for number, (_, new_pieces) in zip(range(len(added)), pairs, strict=False):
        yield Line(Sign.ADDED, new_from + number + 1, new_pieces)


def _pieces(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    whole = ((Piece(old, changed=True),), (Piece(new, changed=True),))
    if not old or not new or max(len(old), len(new)) > _LONGEST_COMPARED:
        return whole
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.quick_ratio() < _ALIKE:
        return whole
    steps = matcher.get_opcodes()
    return (
        tuple(Piece(old[a:b], changed=tag != "equal") for tag, a, b, _, _ in steps if b > a),
        tuple(Piece(new[c:d], changed=tag != "equal") for tag, _, _, c, d in steps if d > c),
    )


@dataclass(frozen=True, slots=True)
class _Edit:
    """Lines ``start`` to ``end`` of the base became ``lines``."""

    start: int
    end: int
    lines: tuple[str, ...]


def merged(base: str, mine: str, theirs: str) -> str | None:
    """Both changes of the base in one text; None where they touch the same lines."""
    lines = base.split("\n")
    edits = sorted({*_edits(lines, mine), *_edits(lines, theirs)}, key=lambda edit: (edit.start, edit.end))
    for one, next_ in pairwise(edits):
        # Two edits that meet at a line would stand in an order that nobody chose.
        if next_.start <= one.end:
            return None
    joined: list[str] = []
    place = 0
    for edit in edits:
        joined += [*lines[place : edit.start], *edit.lines]
        place = edit.end
    return "\n".join([*joined, *lines[place:]])


def _edits(base: Sequence[str], text: str) -> Iterator[_Edit]:
    lines = text.split("\n")
    matcher = SequenceMatcher(None, base, lines, autojunk=False)
    for tag, start, end, new_from, new_to in matcher.get_opcodes():
        if tag != "equal":
            yield _Edit(start, end, tuple(lines[new_from:new_to]))
