"""The project's own content, read once for all tests of a worker."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from studyhub.content.loader import Content, load
from studyhub.domain.questions import Question

ROOT = Path(__file__).resolve().parents[2]


@cache
def own_content() -> Content:
    return load(ROOT)


def own_questions() -> list[Question]:
    return [loaded.question for loaded in own_content().questions]
