"""The team's address: what it asks for, and the same with something changed, for links and forms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict

from studyhub.domain.team import Order, Since
from studyhub.reads.team import TeamAsked

_LONGEST = 120


def asked_from(values: MultiDict[str, str]) -> TeamAsked:
    """Whatever cannot be understood is as if it were not there; a topic of another syllabus too."""
    lens, topic = _word(values, "lens"), _word(values, "topic")
    return TeamAsked(
        unit=_word(values, "unit"),
        lens=lens,
        topic=topic if not lens or topic.startswith(f"{lens}:") else "",
        level=values.get("level", type=int),
        title=_word(values, "title"),
        exam=_word(values, "exam"),
        since=values.get("since", Since.ALL, type=Since),
        order=values.get("order", Order.NEED, type=Order),
        page=values.get("page", 1, type=int),
    )


def query_of(asked: TeamAsked, **changes: Any) -> dict[str, Any]:
    """What stands in the address; the first page again unless one is named."""
    there = replace(asked, **{"page": 1, **changes})
    found = {
        "unit": there.unit,
        "lens": there.lens,
        "topic": there.topic,
        "level": there.level,
        "title": there.title,
        "exam": there.exam,
        "since": "" if there.since is Since.ALL else there.since.value,
        "order": "" if there.order is Order.NEED else there.order.value,
        "page": None if there.page == 1 else there.page,
    }
    return {name: value for name, value in found.items() if value not in ("", None)}


def _word(values: MultiDict[str, str], name: str) -> str:
    return values.get(name, "")[:_LONGEST]
