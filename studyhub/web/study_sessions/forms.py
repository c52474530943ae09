"""What the pages of study sessions send, read once at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Request

from studyhub.domain.errors import Invalid
from studyhub.reads.study_session_library import LibraryFilter
from studyhub.services.reading import MarkReading

MAX_SECTIONS = 200
MAX_SLIDE = 100_000


def library_filter(arguments: Mapping[str, str]) -> LibraryFilter:
    """Anything may stand in an address: a key nobody knows finds nothing."""
    names = ("course", "topic", "lecturer", "when", "kind")
    return LibraryFilter(**{name: arguments.get(name, "")[:120].strip() for name in names})


def mark_reading(request: Request, key: str) -> MarkReading:
    """From a form, or from JSON with the same names. Raises Invalid."""
    if request.is_json:
        sent: Any = request.get_json(silent=True)
        if not isinstance(sent, dict):
            raise Invalid("送られた内容を読み取れませんでした。")
        read, anchor, slide = sent.get("read", []), sent.get("position"), sent.get("slide")
    else:
        read, anchor, slide = (
            request.form.getlist("read"),
            request.form.get("position"),
            request.form.get("slide"),
        )
    if (
        not isinstance(read, list)
        or len(read) > MAX_SECTIONS
        or not all(isinstance(each, str) for each in read)
    ):
        raise Invalid("送られた内容を読み取れませんでした。", field="read")
    position = str(anchor) if anchor else None
    return MarkReading(study_session=key, read=tuple(read), anchor=position, slide=_number(slide))


def _number(text: object) -> int | None:
    if text in (None, ""):
        return None
    if not str(text).isascii() or not str(text).isdigit() or not 1 <= int(str(text)) <= MAX_SLIDE:
        raise Invalid("スライドの番号を読み取れませんでした。", field="slide")
    return int(str(text))
