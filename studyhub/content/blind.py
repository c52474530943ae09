"""Questions as somebody answers them who must not see the key, and whether what was answered is the key.

Choices are numbered from 1 in the order in which they are written here; items of an ordering question and right-hand
sides of a matching one are shuffled by the question's id, so that asking twice shows the same.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any, assert_never

from studyhub.content.loader import LoadedQuestion
from studyhub.content.reviews import asked_hash
from studyhub.domain.presentation import shuffle
from studyhub.domain.questions import (
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    Scenario,
    SingleChoice,
    TrueFalse,
)


def sheet(loaded: LoadedQuestion) -> dict[str, Any]:
    """What is shown: nothing of the key, the reasons or the explanation. A scenario is not asked this way."""
    question = loaded.question
    shown: dict[str, Any] = {
        "id": question.id,
        "asked": asked_hash(loaded),
        "kind": question.kind.value,
        "stem": question.stem,
    }
    if loaded.figures:
        shown["figures"] = [str(figure.path) for figure in loaded.figures]
    return shown | _choices(question)


def _choices(question: Question) -> dict[str, Any]:
    order = shuffle(question, Random(question.id))  # noqa: S311  # nosec B311 - an order to read in, not a secret
    match question.body:
        case SingleChoice(choices) | MultipleChoice(choices):
            return {"choices": _numbered([choice.text for choice in choices])}
        case TrueFalse():
            return {"choices": {"1": "○（正しい）", "2": "×（誤り）"}}
        case Numeric(_, _, unit):
            return {"unit": unit}
        case Ordering(items):
            return {"choices": _numbered([items[index] for index in order])}
        case Matching(pairs):
            lefts = [pair.left for pair in pairs]
            return {"left": lefts, "choices": _numbered(list(dict.fromkeys(pairs[i].right for i in order)))}
        case Scenario():
            return {}
        case body:
            assert_never(body)


def _numbered(texts: list[str]) -> dict[str, str]:
    return {str(number): text for number, text in enumerate(texts, start=1)}


def is_key(question: Question, answer: str) -> bool:
    """``answer`` as a person writes it: a choice's number, several with commas, a number with or without its unit.

    An ordering question is answered by the numbers in the right order, a matching one by a number for each left side.
    """
    text = unicodedata.normalize("NFKC", answer).strip()
    match question.body:
        case SingleChoice(choices):
            return _numbers(text) == [next(n for n, c in enumerate(choices, start=1) if c.correct)]
        case MultipleChoice(choices):
            return sorted(_numbers(text)) == [n for n, c in enumerate(choices, start=1) if c.correct]
        case TrueFalse(right):
            return _numbers(text) == [1 if right else 2]
        case Numeric(value, tolerance):
            given = _quantity(text)
            return given is not None and abs(given - value) <= tolerance
        case Ordering(items):
            shown = list(_choices(question)["choices"].values())
            return [shown[n - 1] for n in _numbers(text) if n <= len(shown)] == list(items)
        case Matching(pairs):
            shown = list(_choices(question)["choices"].values())
            return [shown[n - 1] for n in _numbers(text) if n <= len(shown)] == [p.right for p in pairs]
        case Scenario():
            return False
        case body:
            assert_never(body)


def _numbers(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"\d+", text)]


def _quantity(text: str) -> Decimal | None:
    found = re.search(r"[-+]?\d[\d,]*(?:\.\d+)?", text)
    try:
        return Decimal(found[0].replace(",", "")) if found else None
    except InvalidOperation:
        return None
