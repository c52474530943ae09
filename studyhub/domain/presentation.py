"""In which order the choices of a question are shown."""

import re
import unicodedata
from random import Random
from typing import assert_never

from studyhub.domain.questions import (
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Part,
    Question,
    Scenario,
    SingleChoice,
    TrueFalse,
)

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_QUANTITY = re.compile(
    r"(?:約|およそ)?\s*[¥$]?\s*[-+\u2212±]?" + _NUMBER + r"\D{0,8}(?:" + _NUMBER + r"\D{0,4})*",
)
_LABEL = r"(?:[a-zA-Z]|[ア-ン]|[\u2460-\u2473]|\(\w{1,2}\))"
_JOINED = r"(?:\s*(?:[,、・→と&-]|and)\s*|\s+)"
_COMBINATION = re.compile(rf"{_LABEL}(?:{_JOINED}{_LABEL})*")


def shuffle(question: Question | Part, rng: Random) -> tuple[int, ...]:
    """Authored indices in the order in which they are to be shown.

    For matching it is the order of the right-hand sides. Kinds without choices give an empty tuple, and so
    does a scenario, whose parts are shuffled one by one. The order stays as authored where the author
    asked for it, for true or false, and where the choices read as a series (see `reads_as_a_series`).
    """
    body = question.body
    match body:
        case SingleChoice(choices) | MultipleChoice(choices):
            authored = tuple(range(len(choices)))
            keep = question.keep_order or reads_as_a_series(tuple(choice.text for choice in choices))
            return authored if keep else _shuffled(len(choices), rng)
        case TrueFalse():
            return (0, 1)
        case Numeric():
            return ()
        case Ordering(items):
            return _never_sorted(len(items), rng)
        case Matching(pairs):
            return _shuffled(len(pairs), rng)
        case Scenario():
            return ()
        case _:
            assert_never(body)


def reads_as_a_series(texts: tuple[str, ...]) -> bool:
    """True for choices that are all quantities (10日, 12.5 %) or all combinations of labels (a, b)."""
    plain = [_fold(text) for text in texts]
    return all(_QUANTITY.fullmatch(text) for text in plain) or all(_is_combination(text) for text in plain)


def _is_combination(text: str) -> bool:
    return _COMBINATION.fullmatch(text) is not None


def _fold(text: str) -> str:
    """NFKC but for circled digits, which must stay labels instead of becoming numbers."""
    return "".join(c if "\u2460" <= c <= "\u2473" else unicodedata.normalize("NFKC", c) for c in text).strip()


def _shuffled(count: int, rng: Random) -> tuple[int, ...]:
    order = list(range(count))
    rng.shuffle(order)
    return tuple(order)


def _never_sorted(count: int, rng: Random) -> tuple[int, ...]:
    """An ordering task shown in its solution's order would be answered by not touching it."""
    order = _shuffled(count, rng)
    if count > 1 and order == tuple(range(count)):
        return (*order[1:], order[0])
    return order
