"""Keys that change under responses that were given: which options are which, and whose mark is another one now."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.domain.corrections import (
    CorrectionKind,
    Key,
    MarkWord,
    OptionMap,
    PastCorrection,
    Revision,
    RightChoices,
    RightMatches,
    RightNumber,
    RightOrder,
    bodies,
    key_of,
    mark_anew,
    mark_word,
    option_map,
    option_maps,
    perfect_response,
    same_keys,
    touched_by_key,
    touched_by_strike,
    with_keys,
)
from studyhub.domain.errors import Invalid
from studyhub.domain.grading import AnsweredParts, ChosenOne, OrderedAs, TypedNumber, grade
from studyhub.domain.questions import Body, Choice, Matching, Ordering, Pair, SingleChoice
from tests.domain.question_samples import (
    BODIES,
    MATCHING,
    MULTIPLE,
    NUMERIC,
    ORDERING,
    SCENARIO,
    SINGLE,
    TRUE_FALSE,
    question,
)

NEW_KEYS: list[tuple[Body, list[Key]]] = [
    (SINGLE, [RightChoices(frozenset({2}))]),
    (MULTIPLE, [RightChoices(frozenset({1}))]),
    (TRUE_FALSE, [RightChoices(frozenset({0}))]),
    (NUMERIC, [RightNumber(Decimal(13), Decimal(0))]),
    (ORDERING, [RightOrder((3, 1, 0, 2))]),
    (MATCHING, [RightMatches((2, 1, 0))]),
    (SCENARIO, [RightChoices(frozenset({0})), RightNumber(Decimal(3), Decimal(1))]),
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_what_is_right_for_a_question_is_its_perfect_response(body: Body) -> None:
    asked = question(body)
    assert grade(asked, perfect_response(asked)).correct
    assert same_keys(asked, asked)


@pytest.mark.parametrize(("body", "keys"), NEW_KEYS, ids=lambda value: type(value).__name__)
def test_under_a_new_key_the_old_perfect_response_is_wrong_and_the_new_one_right(
    body: Body, keys: list[Key]
) -> None:
    old = question(body)
    new = with_keys(old, keys)
    assert not mark_anew(old, new, perfect_response(old)).correct
    assert mark_anew(new, new, perfect_response(new)).correct
    assert not same_keys(old, new)
    assert option_maps(old, new) is not None


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (SINGLE, RightChoices(frozenset())),
        (SINGLE, RightChoices(frozenset({0, 1}))),
        (SINGLE, RightChoices(frozenset({9}))),
        (SINGLE, RightNumber(Decimal(1), Decimal(0))),
        (TRUE_FALSE, RightChoices(frozenset({0, 1}))),
        (NUMERIC, RightNumber(Decimal(1), Decimal(-1))),
        (ORDERING, RightOrder((0, 0, 1, 2))),
        (MATCHING, RightMatches((0, 1))),
        (SINGLE, key_of(SINGLE)),
    ],
)
def test_a_key_that_the_kind_cannot_have_or_that_is_the_same_is_refused(body: Body, key: Key) -> None:
    with pytest.raises(Invalid):
        with_keys(question(body), [key])


@given(st.permutations(range(4)), st.permutations(range(4)))
def test_an_order_given_is_marked_by_any_other_order_as_if_it_had_been_asked_so(
    right: list[int], told: list[int]
) -> None:
    old = question(ORDERING)
    response = OrderedAs(tuple(told))
    if right == [0, 1, 2, 3]:
        return
    new = with_keys(old, [RightOrder(tuple(right))])
    in_place = sum(one == other for one, other in zip(right, told, strict=True))
    assert mark_anew(old, new, response).share == in_place / 4


def test_parts_of_a_scenario_keep_their_own_marks() -> None:
    old = question(SCENARIO)
    new = with_keys(old, [RightChoices(frozenset({3})), key_of(NUMERIC)])
    mark = mark_anew(old, new, AnsweredParts((ChosenOne(3), TypedNumber("0", Decimal(0)))))
    assert (mark.share, mark.correct) == (0.5, False)


def _choices(*texts: str, right: int = 0) -> SingleChoice:
    return SingleChoice(tuple(Choice(text, place == right) for place, text in enumerate(texts)))


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (_choices("甲", "乙", "丙", "丁"), (0, 1, 2, 3)),
        (_choices("丁", "丙", "乙", "甲"), (3, 2, 1, 0)),
        (_choices("乙", "甲 ", "丙", "丁"), (1, 0, 2, 3)),
        (_choices("乙", "甲", "丙", "丁（直した）"), (1, 0, 2, 3)),
        (_choices("甲（直した）", "乙（直した）", "丙", "丁"), None),
        (_choices("甲", "乙", "丙"), None),
        (_choices("い", "ろ", "は", "に"), None),
    ],
)
def test_options_are_found_again_by_their_words(new: SingleChoice, expected: tuple[int, ...] | None) -> None:
    found = option_map(_choices("甲", "乙", "丙", "丁"), new)
    assert found == (OptionMap(expected) if expected else None)


def test_other_kinds_and_units_are_other_questions() -> None:
    assert option_map(SINGLE, MULTIPLE) is None
    assert option_map(NUMERIC, replace(NUMERIC, unit="時間")) is None
    assert option_maps(question(SCENARIO), question(SINGLE)) is None
    with pytest.raises(ValueError, match="different options"):
        mark_anew(question(SINGLE), question(NUMERIC), ChosenOne(0))


def test_two_equal_right_hand_sides_are_the_same_answer() -> None:
    old = Matching((Pair("a", "x"), Pair("b", "y"), Pair("c", "y")))
    new = Matching((Pair("a", "y"), Pair("b", "x"), Pair("c", "y")))
    found = option_map(old, new)
    assert found == OptionMap((0, 1, 2), (1, 0, 2))


def test_an_order_shown_keeps_its_places_under_the_new_indices() -> None:
    found = option_map(ORDERING, Ordering(("設計", "企画", "試験", "運用")))
    assert found is not None
    assert found.order([3, 0, 1, 2]) == [3, 1, 0, 2]


def _revision(number: int, right: int, stem: str = "適切なものはどれか。") -> Revision:
    body = _choices("甲", "乙", "丙", "丁", right=right)
    return Revision(number * 10, number, replace(question(body), stem=stem))


def test_a_new_key_reaches_every_revision_that_asks_the_same() -> None:
    rewritten = Revision(10, 1, question(NUMERIC))
    typo, opposite, newest = (
        _revision(2, 0, "適切なものは"),
        _revision(3, 3, "適切でないものはどれか。"),
        _revision(4, 0),
    )
    revisions = [rewritten, typo, opposite, newest]
    new = with_keys(newest.question, [RightChoices(frozenset({1}))])
    assert touched_by_key(revisions, [], newest, new, 5) == (typo, newest)


def test_a_second_correction_reaches_what_the_first_one_reached() -> None:
    typo, wrong, better = _revision(1, 0, "適切なものは"), _revision(2, 0), _revision(3, 1)
    past = [PastCorrection(CorrectionKind.KEY, wrong, better)]
    new = with_keys(better.question, [RightChoices(frozenset({2}))])
    assert touched_by_key([typo, wrong, better], past, better, new, 4) == (typo, wrong, better)


def test_a_strike_takes_all_that_was_asked_until_then() -> None:
    revisions = [_revision(1, 0), _revision(2, 1), _revision(3, 2)]
    assert touched_by_strike(revisions, revisions[1]) == tuple(revisions[:2])


def test_marks_have_words() -> None:
    assert mark_word(1.0, correct=True) is MarkWord.RIGHT
    assert mark_word(0.5, correct=False) is MarkWord.PARTLY
    assert mark_word(0.0, correct=False) is MarkWord.WRONG
    assert mark_word(1.0, correct=True, counts=False) is MarkWord.STRUCK


def test_a_scenario_has_a_key_for_each_part() -> None:
    assert len(bodies(question(SCENARIO))) == 2
