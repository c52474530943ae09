"""What the pages of study sessions send, read once at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Request

from studyhub.domain.errors import Invalid
from studyhub.reads.study_session_library import LibraryFilter
from studyhub.services.reading import MarkReading
from studyhub.web.incoming import json_fields

MAX_SECTIONS = 200
MAX_SLIDE = 100_000
LONGEST_ANCHOR = 200
"""Of a heading; it becomes part of the address that is answered."""


def library_filter(arguments: Mapping[str, str]) -> LibraryFilter:
    """Anything may stand in an address: a key nobody knows finds nothing."""
    names = ("course", "topic", "lecturer", "when", "kind")
    return LibraryFilter(**{name: arguments.get(name, "")[:120].strip() for name in names})


def mark_reading(request: Request, key: str) -> MarkReading:
    """From a form, or from JSON with the same names. Raises Invalid."""
    if request.is_json:
        sent = json_fields()
        read: Any
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
    position = str(anchor or "")
    if len(position) > LONGEST_ANCHOR:
        raise Invalid("送られた内容を読み取れませんでした。", field="position")
    return MarkReading(study_session=key, read=tuple(read), anchor=position or None, slide=_number(slide))


def _number(text: object) -> int | None:
    if text in (None, ""):
        return None
    digits = str(text)
    # Their number first: Python refuses to read thousands of them.
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 6 and 1 <= int(digits) <= MAX_SLIDE):
        raise Invalid("スライドの番号を読み取れませんでした。", field="slide")
    return int(digits)
