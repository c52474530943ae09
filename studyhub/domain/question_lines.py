"""A question as lines of plain text, field by field: what two revisions are compared by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from studyhub.domain.question_editing import as_people
from studyhub.domain.questions import (
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    Scenario,
    SimpleBody,
    SingleChoice,
    TrueFalse,
)


def parts_as_text(question: Question) -> dict[str, str]:
    """The question's fields as lines of text by name, for showing what differs; the signs need no words."""
    return {
        "kind": question.kind.value,
        "stem": question.stem,
        "rows": "\n".join(_answer_lines(question)),
        "explanation": question.explanation,
        "topics": "\n".join(question.topics),
        "level": question.level.value if question.level else "",
        "attributes": "\n".join(attribute.value for attribute in question.attributes),
        "terms": "\n".join(question.terms),
        "teaches": question.teaches or "",
        "facility": as_people(question.expected_facility),
        "as_of": question.as_of or "",
        "sources": "\n".join(question.sources),
        "keep_order": "○" if question.keep_order else "",
        "source_line": question.source_line or "",
    }


def _answer_lines(question: Question) -> Iterable[str]:
    body = question.body
    if not isinstance(body, Scenario):
        yield from _body_lines(body)
        return
    yield from body.text.splitlines()
    for number, part in enumerate(body.parts, start=1):
        yield f"({number}) {part.stem}"
        yield from _body_lines(part.body)
        yield from part.explanation.splitlines()


def _body_lines(body: SimpleBody) -> Iterable[str]:
    match body:
        case SingleChoice(choices) | MultipleChoice(choices):
            for choice in choices:
                yield _with_reason(f"{'○' if choice.correct else '×'} {choice.text}", choice.reason)
        case TrueFalse(answer, reason_true, reason_false):
            yield _with_reason(f"{'○' if answer else '×'} true", reason_true)
            yield _with_reason(f"{'×' if answer else '○'} false", reason_false)
        case Numeric(value, tolerance, unit):
            yield f"{value}{unit}" + (f" ±{tolerance}" if tolerance else "")
        case Ordering(items):
            yield from (f"{place}. {item}" for place, item in enumerate(items, start=1))
        case Matching(pairs):
            for pair in pairs:
                yield _with_reason(f"{pair.left} — {pair.right}", pair.reason)
        case _:
            assert_never(body)


def _with_reason(text: str, reason: str) -> str:
    return " ".join(f"{text} ／ {reason}".split()) if reason else " ".join(text.split())
