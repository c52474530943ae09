"""What the forms of the questions' studio send, read once at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import request

from studyhub.domain.question_editing import Fields, TypedQuestion, typed_from, typed_of
from studyhub.reads.question_list import QuestionFilter
from studyhub.reads.question_studio import QuestionEditor

_NEVER_KEPT = frozenset(
    {
        "csrf_token", "step", "base_revision", "draft_version", "draft", "for",
        "figure", "figure_alt", "topic_query", "teaches_query",
    }
)  # fmt: skip


def question_filter(arguments: Mapping[str, str]) -> QuestionFilter:
    """Anything may stand in an address: what nobody knows finds nothing or narrows nothing."""
    names = ("text", "topic", "status", "kind", "level", "author", "origin", "reports", "sort")
    page = arguments.get("page", "")
    return QuestionFilter(
        **{name: arguments.get(name, "")[:120].strip() for name in names},
        page=min(int(page), 10_000) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def sent_fields() -> Fields:
    return request.form.to_dict(flat=False)


def kept_fields() -> dict[str, str | list[str]]:
    """What a draft keeps of the form."""
    return {name: list(values) for name, values in sent_fields().items() if name not in _NEVER_KEPT}


def sent_typed() -> TypedQuestion:
    return typed_from(sent_fields())


def opened_typed(page: QuestionEditor, today: date) -> TypedQuestion:
    """What the form shows when it is opened: the draft, or what is saved, or nothing but the month."""
    if page.draft is not None:
        return typed_from(page.draft.fields)
    return typed_of(page.question) if page.question is not None else TypedQuestion(as_of=f"{today:%Y-%m}")


def sent_number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
