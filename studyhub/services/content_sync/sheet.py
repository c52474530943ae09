"""The texts of a run, rendered together in a child process.

A first walk lays every text on the sheet and keeps its number; after rendering, HTML takes the place of the numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studyhub.content import rendering
from studyhub.content.markdown_html import Rendered
from studyhub.formats.report import Finding, Report, Severity
from studyhub.services.content_sync.outcome import FaultyContent, Progress

CHUNK = 250
"""Texts between two signs of progress."""

Address = Callable[[str], str | None]
"""URL of a file named relative to the text."""

_EMPTY = -1
_NOTHING = Rendered((), (), "")


def no_address(_name: str) -> None:
    """For texts that may name no file."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands, for what is to be said about it."""

    file: str
    line: int
    item: str
    address: Address = no_address


class Sheet:
    def __init__(self) -> None:
        self._texts: list[rendering.Text] = []
        self._places: list[Place] = []
        self._rendered: list[Rendered] = []

    def lay(
        self,
        markdown: str,
        place: Place,
        *,
        inline: bool = False,
        keep_ids: bool = False,
        keep_lines: bool = False,
    ) -> int:
        """The number of the text."""
        if not markdown.strip():
            return _EMPTY
        self._texts.append(rendering.Text(markdown, place.address, keep_ids, inline, keep_lines))
        self._places.append(place)
        return len(self._texts) - 1

    def render(self, progress: Progress) -> None:
        """Raises FaultyContent with every text that could not be rendered."""
        with rendering.Renderer() as renderer:
            self.render_by(renderer, progress)

    def render_by(self, renderer: rendering.Renderer, progress: Progress) -> None:
        """With a child process that is kept for more than this sheet."""
        total = len(self._texts)
        for start in range(0, total, CHUNK):
            progress(start, total)
            results = renderer.render_many(self._texts[start : start + CHUNK])
            faults = [
                _fault(place, result)
                for place, result in zip(self._places[start:], results, strict=False)
                if isinstance(result, rendering.NotRendered)
            ]
            if faults:
                raise FaultyContent(Report(tuple(faults)))
            self._rendered.extend(result for result in results if isinstance(result, Rendered))
        progress(total, total)

    def rendered(self, number: int) -> Rendered:
        return _NOTHING if number == _EMPTY else self._rendered[number]

    def fill(self, shape: Any) -> Any:
        """The same lists and mappings, with HTML for numbers."""
        if isinstance(shape, int):
            return self.rendered(shape).html
        if isinstance(shape, list):
            return [self.fill(inner) for inner in shape]
        return {name: self.fill(inner) for name, inner in shape.items()}


def _fault(place: Place, result: rendering.NotRendered) -> Finding:
    params: dict[str, object] = {"reason": result.sentence}
    return Finding(Severity.ERROR, place.file, place.line, "not-rendered", place.item, params)
