"""A correction: a key that was wrong is changed, or a question is struck, after officers answered it.

Options stay what they were; only which of them are right changes. So a response given under the old key has a mark
under the new one, and the two marks can stand beside each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from studyhub.domain.errors import Invalid
from studyhub.domain.grading import (
    AnsweredParts,
    ChosenMany,
    ChosenOne,
    Mark,
    MatchedAs,
    OrderedAs,
    Response,
    SimpleResponse,
    TypedNumber,
    grade,
)
from studyhub.domain.questions import (
    Choice,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Pair,
    Question,
    Scenario,
    SimpleBody,
    SingleChoice,
    TrueFalse,
    kind_of,
)


class CorrectionKind(StrEnum):
    KEY = "key"
    STRIKE = "strike"


class MarkWord(StrEnum):
    """What a response earned, as a person is told."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    STRUCK = "struck"
    """It counts for nothing any more."""


def mark_word(credit: float, *, correct: bool, counts: bool = True) -> MarkWord:
    if not counts:
        return MarkWord.STRUCK
    if correct:
        return MarkWord.RIGHT
    return MarkWord.PARTLY if credit > 0 else MarkWord.WRONG


@dataclass(frozen=True, slots=True)
class RightChoices:
    """Indices of the authored choices; for true or false 0 is true and 1 is false."""

    indices: frozenset[int]


@dataclass(frozen=True, slots=True)
class RightNumber:
    value: Decimal
    tolerance: Decimal


@dataclass(frozen=True, slots=True)
class RightOrder:
    """Authored indices of the items in the right order."""

    indices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RightMatches:
    """For each left-hand side in authored order, the index of the pair whose right-hand side belongs to it."""

    indices: tuple[int, ...]


Key = RightChoices | RightNumber | RightOrder | RightMatches


def key_of(body: SimpleBody) -> Key:
    match body:
        case SingleChoice(choices) | MultipleChoice(choices):
            return RightChoices(frozenset(i for i, choice in enumerate(choices) if choice.correct))
        case TrueFalse(answer):
            return RightChoices(frozenset({0 if answer else 1}))
        case Numeric(value, tolerance):
            return RightNumber(value, tolerance)
        case Ordering(items):
            return RightOrder(tuple(range(len(items))))
        case Matching(pairs):
            return RightMatches(tuple(range(len(pairs))))
        case _:
            assert_never(body)


def bodies(question: Question) -> tuple[SimpleBody, ...]:
    """The parts that have a key each: one, but for a scenario."""
    body = question.body
    return tuple(part.body for part in body.parts) if isinstance(body, Scenario) else (body,)


def with_keys(question: Question, keys: Sequence[Key]) -> Question:
    """The question with the keys of its ``bodies``. Raises Invalid for a key that the kind cannot have, or when
    nothing changes."""
    new = [_with_key(body, key) for body, key in zip(bodies(question), keys, strict=True)]
    if all(one == other for one, other in zip(new, bodies(question), strict=True)):
        raise Invalid("正解が変わっていません。新しい正解を選んでください。", field="key")
    body = question.body
    if not isinstance(body, Scenario):
        return replace(question, body=new[0])
    parts = tuple(replace(part, body=each) for part, each in zip(body.parts, new, strict=True))
    return replace(question, body=replace(body, parts=parts))


def _with_key(body: SimpleBody, key: Key) -> SimpleBody:
    match body, key:
        case ((SingleChoice(choices) | MultipleChoice(choices)), RightChoices(indices)):
            return replace(body, choices=_choices(choices, indices, many=isinstance(body, MultipleChoice)))
        case TrueFalse(), RightChoices(indices) if indices in ({0}, {1}):
            return replace(body, answer=0 in indices)
        case Numeric(), RightNumber(value, tolerance) if tolerance >= 0:
            return replace(body, value=value, tolerance=tolerance)
        case Ordering(items), RightOrder(indices):
            return Ordering(tuple(items[i] for i in _permutation(indices, len(items))))
        case Matching(pairs), RightMatches(indices):
            _permutation(indices, len(pairs))
            rights = [pairs[i].right for i in indices]
            return Matching(
                tuple(Pair(p.left, right, p.reason) for p, right in zip(pairs, rights, strict=True))
            )
        case _:
            raise Invalid("新しい正解を選んでください。", field="key")


def _choices(choices: tuple[Choice, ...], right: frozenset[int], *, many: bool) -> tuple[Choice, ...]:
    if not right or not right <= set(range(len(choices))) or (len(right) > 1 and not many):
        raise Invalid("新しい正解を選んでください。", field="key")
    return tuple(replace(choice, correct=i in right) for i, choice in enumerate(choices))


def _permutation(indices: tuple[int, ...], count: int) -> tuple[int, ...]:
    if sorted(indices) != list(range(count)):
        raise Invalid("同じものを二度選んでいます。すべてに違うものを選んでください。", field="key")
    return indices


@dataclass(frozen=True, slots=True)
class OptionMap:
    """Where the options of one revision stand in another: ``lefts`` for choices, items and left-hand sides,
    ``rights`` for right-hand sides."""

    lefts: tuple[int, ...] = ()
    rights: tuple[int, ...] = ()

    def order(self, shown: Sequence[int]) -> list[int]:
        """The order in which options were shown, in the other revision's indices."""
        return [(self.rights or self.lefts)[index] for index in shown]

    def response(self, given: SimpleResponse) -> SimpleResponse:
        match given:
            case ChosenOne(index):
                return ChosenOne(self.lefts[index])
            case ChosenMany(indices):
                return ChosenMany(frozenset(self.lefts[index] for index in indices))
            case TypedNumber():
                return given
            case OrderedAs(indices):
                return OrderedAs(tuple(self.lefts[index] for index in indices))
            case MatchedAs(indices):
                moved = {self.lefts[left]: self.rights[right] for left, right in enumerate(indices)}
                return MatchedAs(tuple(moved[left] for left in range(len(indices))))
            case _:
                assert_never(given)


def option_map(old: SimpleBody, new: SimpleBody) -> OptionMap | None:
    """None when the two do not ask about the same options."""
    if kind_of(old) is not kind_of(new):
        return None
    match old, new:
        case (
            (SingleChoice(mine), SingleChoice(others))
            | (MultipleChoice(mine), MultipleChoice(others))
        ):  # fmt: skip
            return _lefts(_places([c.text for c in mine], [c.text for c in others]))
        case TrueFalse(), TrueFalse():
            return OptionMap((0, 1))
        case Numeric(), Numeric():
            return OptionMap() if old.unit == new.unit else None
        case Ordering(items), Ordering(other_items):
            return _lefts(_places(items, other_items))
        case Matching(pairs), Matching(other_pairs):
            lefts = _places([p.left for p in pairs], [p.left for p in other_pairs])
            rights = _places([p.right for p in pairs], [p.right for p in other_pairs])
            return OptionMap(lefts, rights) if lefts and rights else None
        case _:
            raise AssertionError(old)


def option_maps(old: Question, new: Question) -> tuple[OptionMap, ...] | None:
    """One for each of the ``bodies``; None when the two are not about the same options."""
    mine, others = bodies(old), bodies(new)
    if len(mine) != len(others) or isinstance(old.body, Scenario) != isinstance(new.body, Scenario):
        return None
    maps = [option_map(one, other) for one, other in zip(mine, others, strict=True)]
    found = tuple(each for each in maps if each is not None)
    return found if len(found) == len(maps) else None


def _lefts(places: tuple[int, ...]) -> OptionMap | None:
    return OptionMap(places) if places else None


def _places(mine: Sequence[str], others: Sequence[str]) -> tuple[int, ...]:
    """For each text of ``mine`` its place among ``others``, or nothing at all when they are too different.

    Equal texts belong together; of what is left, one that was reworded belongs to the one that is left over, and
    several when they stand in the same places and are less than half.
    """
    if len(mine) != len(others):
        return ()
    free = list(range(len(others)))
    found: dict[int, int] = {}
    for place, text in enumerate(mine):
        same = next((other for other in free if _folded(others[other]) == _folded(text)), None)
        if same is not None:
            found[place] = same
            free.remove(same)
    left = [place for place in range(len(mine)) if place not in found]
    if len(left) > 1 and (left != free or 2 * len(left) >= len(mine)):
        return ()
    found.update(zip(left, free, strict=True))
    return tuple(found[place] for place in range(len(mine)))


def _folded(text: str) -> str:
    return " ".join(text.split())


def moved(maps: Sequence[OptionMap], response: Response) -> Response:
    if isinstance(response, AnsweredParts):
        pairs = zip(maps, response.parts, strict=True)
        return AnsweredParts(tuple(each.response(part) for each, part in pairs))
    return maps[0].response(response)


def mark_anew(old: Question, new: Question, response: Response) -> Mark:
    """What a response to ``old`` earns under the key of ``new``. Raises ValueError where the two do not fit."""
    maps = option_maps(old, new)
    if maps is None:
        raise ValueError(f"the revisions of {old.id} have different options")
    return grade(new, moved(maps, response))


def same_keys(one: Question, other: Question) -> bool:
    """Whether what is wholly right for the one is wholly right for the other, and they have the same options."""
    maps = option_maps(one, other)
    return maps is not None and grade(other, moved(maps, perfect_response(one))).correct


def perfect_response(question: Question) -> Response:
    perfect = tuple(_perfect(body) for body in bodies(question))
    return AnsweredParts(perfect) if isinstance(question.body, Scenario) else perfect[0]


def _perfect(body: SimpleBody) -> SimpleResponse:
    match body, key_of(body):
        case MultipleChoice(), RightChoices(indices):
            return ChosenMany(indices)
        case _, RightChoices(indices):
            return ChosenOne(min(indices))
        case _, RightNumber(value):
            return TypedNumber(str(value), value)
        case _, RightOrder(order):
            return OrderedAs(order)
        case _, RightMatches(matches):
            return MatchedAs(matches)
        case _:
            raise AssertionError(body)


@dataclass(frozen=True, slots=True)
class Revision:
    id: int
    number: int
    question: Question


@dataclass(frozen=True, slots=True)
class PastCorrection:
    kind: CorrectionKind
    old: Revision
    new: Revision | None
    """None for a strike."""


def touched_by_strike(revisions: Iterable[Revision], newest: Revision) -> tuple[Revision, ...]:
    """What was asked until then, in whatever words."""
    return tuple(each for each in revisions if each.number <= newest.number)


def touched_by_key(
    revisions: Sequence[Revision], past: Iterable[PastCorrection], old: Revision, new: Question, number: int
) -> tuple[Revision, ...]:
    """The revisions whose responses are marked by the key of ``new``, which is revision ``number`` to be.

    Those about the same options that ask in the same words, or whose key counted as the same as that of ``old``:
    after ``past`` corrections, in their order, it may be another than the one they were written with.
    """
    counting = {each.id: each.question for each in revisions}
    for correction in past:
        if correction.new is not None:
            theirs = _touched(
                revisions, counting, correction.old, correction.new.question, correction.new.number
            )
            counting.update((each.id, correction.new.question) for each in theirs)
    return _touched(revisions, counting, old, new, number)


def _touched(
    revisions: Sequence[Revision], counting: dict[int, Question], old: Revision, new: Question, number: int
) -> tuple[Revision, ...]:
    wrong = counting.get(old.id, old.question)

    def is_touched(each: Revision) -> bool:
        if each.number >= number or option_maps(each.question, new) is None:
            return False
        asks_the_same = _asked(each.question) == _asked(old.question)
        return each.id == old.id or asks_the_same or same_keys(counting[each.id], wrong)

    return tuple(each for each in revisions if is_touched(each))


def _asked(question: Question) -> list[str]:
    body = question.body
    stems = [body.text, *(part.stem for part in body.parts)] if isinstance(body, Scenario) else []
    return [_folded(text) for text in (question.stem, *stems)]
