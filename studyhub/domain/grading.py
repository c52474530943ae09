"""An officer's response, read from a form and marked against the question it answers."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, assert_never

from studyhub.domain.errors import Invalid
from studyhub.domain.questions import (
    Choice,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Part,
    Question,
    Scenario,
    SimpleBody,
    SingleChoice,
    TrueFalse,
)

MAX_TYPED_CHARACTERS = 40
TRUE_INDEX, FALSE_INDEX = 0, 1

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")


@dataclass(frozen=True, slots=True)
class ChosenOne:
    """Index of the authored choice; for true or false 0 is true and 1 is false."""

    index: int


@dataclass(frozen=True, slots=True)
class ChosenMany:
    indices: frozenset[int]


@dataclass(frozen=True, slots=True)
class TypedNumber:
    text: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class OrderedAs:
    """Authored indices of the items in the order the officer gave them."""

    indices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MatchedAs:
    """For each pair in authored order, the index of the pair whose right-hand side was chosen."""

    indices: tuple[int, ...]


SimpleResponse = ChosenOne | ChosenMany | TypedNumber | OrderedAs | MatchedAs


@dataclass(frozen=True, slots=True)
class AnsweredParts:
    """One response for each part of a scenario, in authored order."""

    parts: tuple[SimpleResponse, ...]


Response = SimpleResponse | AnsweredParts


@dataclass(frozen=True, slots=True)
class Mark:
    """`share` is the part of the full mark (0 to 1); `correct` only when it is all of it."""

    share: float
    correct: bool


def grade(question: Question, response: Response) -> Mark:
    """Raises Invalid when the response is of another kind than the question."""
    body = question.body
    if isinstance(body, Scenario):
        return _grade_scenario(body, response)
    if isinstance(response, AnsweredParts):
        raise _mismatch()
    return _mark(_share(body, response))


def _mark(share: float) -> Mark:
    return Mark(share=share, correct=share == 1)


def _mismatch() -> Invalid:
    return Invalid("この問題の種類に合わない回答です。")


def _grade_scenario(body: Scenario, response: Response) -> Mark:
    if not isinstance(response, AnsweredParts) or len(response.parts) != len(body.parts):
        raise _mismatch()
    pairs = zip(body.parts, response.parts, strict=True)
    shares = [_share(part.body, given) for part, given in pairs]
    if all(share == 1 for share in shares):
        return _mark(1.0)
    return _mark(sum(shares) / len(shares))


def _share(body: SimpleBody, response: SimpleResponse) -> float:
    match body, response:
        case SingleChoice(choices), ChosenOne(index):
            return float(choices[_within(index, len(choices))].correct)
        case TrueFalse(answer), ChosenOne(index):
            return float((_within(index, 2) == TRUE_INDEX) is answer)
        case MultipleChoice(choices), ChosenMany(indices):
            return _share_of_many(choices, indices)
        case Numeric(value, tolerance), TypedNumber(_, typed):
            return float(abs(typed - value) <= tolerance)
        case Ordering(items), OrderedAs(indices):
            return _share_in_place(items, _permutation(indices, len(items)))
        case Matching(pairs), MatchedAs(indices):
            # Two pairs may share a right-hand side: either of them is then right.
            rights = tuple(pair.right for pair in pairs)
            return _share_in_place(rights, tuple(_within(index, len(pairs)) for index in indices))
        case _:
            raise _mismatch()


def _share_of_many(choices: tuple[Choice, ...], indices: frozenset[int]) -> float:
    """Each wrong pick cancels a right one, so that choosing everything earns nothing by itself."""
    picked = [choices[_within(index, len(choices))].correct for index in indices]
    wanted = sum(choice.correct for choice in choices)
    wrong = picked.count(False)
    return max(0, picked.count(True) - wrong) / wanted if wanted else float(not picked)


def _share_in_place(texts: tuple[str, ...], indices: tuple[int, ...]) -> float:
    if len(indices) != len(texts):
        raise _mismatch()
    in_place = sum(texts[index] == text for index, text in zip(indices, texts, strict=True))
    return in_place / len(texts)


def _within(index: int, count: int) -> int:
    if not 0 <= index < count:
        raise Invalid("その番号の選択肢はありません。")
    return index


def _permutation(indices: tuple[int, ...], count: int) -> tuple[int, ...]:
    if sorted(indices) != list(range(count)):
        raise Invalid("同じ順番が二つ以上あります。すべての項目に違う順番を付けてください。")
    return indices


Form = Mapping[str, str | Sequence[str]]


def parse_response(question: Question, form: Form, order: Sequence[int] | None = None) -> Response:
    """Reads a submitted form; raises Invalid with a sentence for the officer.

    Fields: `choice` (an index; several for multiple choice), `number`, `position-<i>` (1 for the first,
    for item i), `match-<i>` (index of a right-hand side, for pair i). Those of the parts of a scenario are
    preceded by `part-<n>-`. Indices count the authored order, or, where the shown `order` is given, the
    places as shown, so that the page's source does not tell the solution of an ordering task.
    The parts of a scenario always count the authored order.
    """
    body = question.body
    if isinstance(body, Scenario):
        return AnsweredParts(
            tuple(_parse(part, form, f"part-{number}-", None) for number, part in enumerate(body.parts))
        )
    return _parse(question, form, "", order)


def _parse(question: Question | Part, form: Form, prefix: str, order: Sequence[int] | None) -> SimpleResponse:
    body = question.body
    match body:
        case SingleChoice(choices):
            return ChosenOne(_one_choice(form, prefix, len(choices), order))
        case TrueFalse():
            return ChosenOne(_one_choice(form, prefix, 2, order))
        case MultipleChoice(choices):
            return ChosenMany(_many_choices(form, prefix, len(choices), order))
        case Numeric(_, _, unit):
            return typed_number(_first(form, f"{prefix}number"), unit)
        case Ordering(items):
            return OrderedAs(_positions(form, prefix, len(items), order))
        case Matching(pairs):
            return MatchedAs(_matches(form, prefix, len(pairs), order))
        case Scenario():
            raise _mismatch()
        case _:
            assert_never(body)


def _values(form: Form, name: str) -> list[str]:
    value = form.get(name, [])
    return [value] if isinstance(value, str) else list(value)


def _first(form: Form, name: str) -> str:
    values = _values(form, name)
    return values[0] if values else ""


def _one_choice(form: Form, prefix: str, count: int, order: Sequence[int] | None) -> int:
    chosen = _first(form, f"{prefix}choice")
    if not chosen:
        raise Invalid("選択肢を一つ選んでください。")
    return _index(chosen, count, order)


def _many_choices(form: Form, prefix: str, count: int, order: Sequence[int] | None) -> frozenset[int]:
    chosen = _values(form, f"{prefix}choice")
    if not chosen:
        raise Invalid("選択肢を一つ以上選んでください。")
    return frozenset(_index(text, count, order) for text in chosen)


def _index(text: str, count: int, order: Sequence[int] | None) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise Invalid("その番号の選択肢はありません。")
    shown = _within(int(text), count)
    return order[shown] if order else shown


def _positions(form: Form, prefix: str, count: int, order: Sequence[int] | None) -> tuple[int, ...]:
    placed: list[tuple[int, int]] = []
    for shown in range(count):
        text = unicodedata.normalize("NFKC", _first(form, f"{prefix}position-{shown}")).strip()
        if not text:
            raise Invalid("すべての項目に順番を付けてください。")
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= count):
            raise Invalid("順番は1から%(count)sまでの数字で答えてください。", count=count)
        placed.append((int(text), order[shown] if order else shown))
    if len({place for place, _ in placed}) != count:
        raise Invalid("同じ順番が二つ以上あります。すべての項目に違う順番を付けてください。")
    return tuple(item for _, item in sorted(placed))


def _matches(form: Form, prefix: str, count: int, order: Sequence[int] | None) -> tuple[int, ...]:
    chosen = [_first(form, f"{prefix}match-{number}") for number in range(count)]
    if not all(chosen):
        raise Invalid("すべての組合せを選んでください。")
    return tuple(_index(text, count, order) for text in chosen)


def typed_number(text: str, unit: str = "") -> TypedNumber:
    """Accepts full-width digits, thousands separators and the unit written behind (or ¥ before)."""
    plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-")
    plain = re.sub(r"[,\s]", "", plain)
    if not plain:
        raise Invalid("数を入力してください。")
    # What was typed is kept as it is, blanks and all.
    if len(text.strip()) > MAX_TYPED_CHARACTERS or len(plain) > MAX_TYPED_CHARACTERS:
        raise Invalid("数が長すぎます。%(count)s文字以内で入力してください。", count=MAX_TYPED_CHARACTERS)
    number = plain.removeprefix("¥")
    folded_unit = unicodedata.normalize("NFKC", unit).replace(" ", "")
    if folded_unit:
        number = number.removesuffix(folded_unit)
    if not _NUMBER.fullmatch(number):
        if unit:
            raise Invalid("「%(text)s」は数として読めません。単位は「%(unit)s」です。", text=text, unit=unit)
        raise Invalid("「%(text)s」は数として読めません。数字だけで入力してください。", text=text)
    return TypedNumber(text.strip(), Decimal(number))


def response_to_data(response: Response) -> dict[str, Any]:
    """Plain JSON-able values, as the response log keeps them."""
    match response:
        case ChosenOne(index):
            return {"chosen": index}
        case ChosenMany(indices):
            return {"chosen_many": sorted(indices)}
        case TypedNumber(text, value):
            return {"typed": text, "value": str(value)}
        case OrderedAs(indices):
            return {"ordered": list(indices)}
        case MatchedAs(indices):
            return {"matched": list(indices)}
        case AnsweredParts(parts):
            return {"parts": [response_to_data(part) for part in parts]}
        case _:
            assert_never(response)


def response_from_data(data: Mapping[str, Any]) -> Response:
    """The inverse of `response_to_data`; raises ValueError on anything it did not write."""
    if "parts" in data:
        return AnsweredParts(tuple(_simple_from_data(part) for part in data["parts"]))
    return _simple_from_data(data)


def _simple_from_data(data: Mapping[str, Any]) -> SimpleResponse:
    match data:
        case {"chosen": int(index)}:
            return ChosenOne(index)
        case {"chosen_many": list(indices)}:
            return ChosenMany(frozenset(indices))
        case {"typed": str(text), "value": str(value)}:
            return TypedNumber(text, Decimal(value))
        case {"ordered": list(indices)}:
            return OrderedAs(tuple(indices))
        case {"matched": list(indices)}:
            return MatchedAs(tuple(indices))
        case _:
            raise ValueError(f"not a stored response: {dict(data)!r}")
