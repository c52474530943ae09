import json
from decimal import Decimal

import pytest

from studyhub.domain.errors import Invalid
from studyhub.domain.grading import (
    AnsweredParts,
    ChosenMany,
    ChosenOne,
    Mark,
    MatchedAs,
    OrderedAs,
    Response,
    TypedNumber,
    grade,
    parse_response,
    response_from_data,
    response_to_data,
    typed_number,
)
from tests.domain.question_samples import (
    MATCHING,
    MULTIPLE,
    NUMERIC,
    ORDERING,
    SCENARIO,
    SINGLE,
    TRUE_FALSE,
    question,
)

RIGHT = Mark(1.0, True)
WRONG = Mark(0.0, False)


def test_the_key_is_right_and_every_other_choice_wrong() -> None:
    marks = [grade(question(SINGLE), ChosenOne(index)) for index in range(4)]
    assert marks == [WRONG, RIGHT, WRONG, WRONG]


def test_true_or_false_is_marked_by_its_answer() -> None:
    assert grade(question(TRUE_FALSE), ChosenOne(0)) == WRONG
    assert grade(question(TRUE_FALSE), ChosenOne(1)) == RIGHT


def test_choosing_everything_earns_less_than_choosing_right() -> None:
    asked = question(MULTIPLE)
    assert grade(asked, ChosenMany(frozenset({0, 2}))) == RIGHT
    assert grade(asked, ChosenMany(frozenset({0}))) == Mark(0.5, False)
    assert grade(asked, ChosenMany(frozenset({0, 1, 2}))) == Mark(0.5, False)
    assert grade(asked, ChosenMany(frozenset({1}))) == WRONG


def test_a_number_within_the_tolerance_is_right_to_the_last_digit() -> None:
    asked = question(NUMERIC)
    assert grade(asked, typed_number("12.6", "日")) == RIGHT
    assert grade(asked, typed_number("12.4")) == RIGHT
    assert grade(asked, typed_number("12.60000001")) == WRONG


def test_ordering_and_matching_earn_the_share_in_place() -> None:
    assert grade(question(ORDERING), OrderedAs((0, 1, 2, 3))) == RIGHT
    assert grade(question(ORDERING), OrderedAs((0, 1, 3, 2))) == Mark(0.5, False)
    assert grade(question(MATCHING), MatchedAs((0, 1, 2))) == RIGHT


def test_equal_right_hand_sides_are_interchangeable() -> None:
    assert grade(question(MATCHING), MatchedAs((0, 2, 1))) == RIGHT


def test_a_scenario_is_right_when_all_its_parts_are() -> None:
    right, wrong = ChosenOne(1), ChosenOne(0)
    number = TypedNumber("12.5", Decimal("12.5"))
    assert grade(question(SCENARIO), AnsweredParts((right, number))) == RIGHT
    assert grade(question(SCENARIO), AnsweredParts((wrong, number))) == Mark(0.5, False)


@pytest.mark.parametrize(
    "response",
    [
        ChosenMany(frozenset({1})),
        ChosenOne(4),
        ChosenOne(-1),
        AnsweredParts((ChosenOne(1),)),
        OrderedAs((0,)),
    ],
)
def test_a_response_that_does_not_fit_the_question_is_refused(response: Response) -> None:
    with pytest.raises(Invalid):
        grade(question(SINGLE), response)


def test_an_order_that_names_an_item_twice_is_refused() -> None:
    with pytest.raises(Invalid):
        grade(question(ORDERING), OrderedAs((0, 0, 1, 2)))


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("12.5", "", "12.5"),
        ("１２．５", "日", "12.5"),
        ("12.5日", "日", "12.5"),
        (" １,２００ 万円", "万円", "1200"),
        ("¥1,200", "円", "1200"),
        ("−3", "", "-3"),
        ("99.9％", "%", "99.9"),
        (".5", "", "0.5"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, unit: str, value: str) -> None:
    assert typed_number(typed, unit).value == Decimal(value)


@pytest.mark.parametrize("typed", ["", "  ", "十二", "1e5", "NaN", "Infinity", "12時間", "1.2.3", "9" * 41])
def test_what_is_no_number_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(Invalid, match="。"):
        typed_number(typed, "日")


def test_a_form_is_read_for_every_kind() -> None:
    assert parse_response(question(SINGLE), {"choice": "1"}) == ChosenOne(1)
    assert parse_response(question(TRUE_FALSE), {"choice": ["1"]}) == ChosenOne(1)
    assert parse_response(question(MULTIPLE), {"choice": ["2", "0"]}) == ChosenMany(frozenset({0, 2}))
    assert parse_response(question(NUMERIC), {"number": "１２日"}) == TypedNumber("１２日", Decimal(12))
    ranks = {"position-0": "2", "position-1": "１", "position-2": "3", "position-3": "4"}
    assert parse_response(question(ORDERING), ranks) == OrderedAs((1, 0, 2, 3))
    matches = {"match-0": "0", "match-1": "2", "match-2": "1"}
    assert parse_response(question(MATCHING), matches) == MatchedAs((0, 2, 1))
    parts = {"part-0-choice": "1", "part-1-number": "12.5"}
    assert grade(question(SCENARIO), parse_response(question(SCENARIO), parts)) == RIGHT


def test_shown_places_are_turned_into_authored_indices() -> None:
    order = (3, 1, 0, 2)
    assert parse_response(question(SINGLE), {"choice": "0"}, order) == ChosenOne(3)
    ranks = {"position-0": "4", "position-1": "2", "position-2": "1", "position-3": "3"}
    assert parse_response(question(ORDERING), ranks, order) == OrderedAs((0, 1, 2, 3))


@pytest.mark.parametrize("choice", ["", "4", "-1", "x", "１", "0001", "1; DROP TABLE"])
def test_a_choice_that_does_not_exist_is_refused(choice: str) -> None:
    with pytest.raises(Invalid):
        parse_response(question(SINGLE), {"choice": choice})


def test_an_empty_form_is_refused_for_every_kind() -> None:
    for body in (SINGLE, MULTIPLE, TRUE_FALSE, NUMERIC, ORDERING, MATCHING, SCENARIO):
        with pytest.raises(Invalid):
            parse_response(question(body), {})


def test_the_same_rank_twice_is_refused() -> None:
    ranks = {f"position-{number}": "1" for number in range(4)}
    with pytest.raises(Invalid, match="同じ順番"):
        parse_response(question(ORDERING), ranks)


@pytest.mark.parametrize(
    "response",
    [
        ChosenOne(2),
        ChosenMany(frozenset({0, 2})),
        TypedNumber("１２日", Decimal(12)),
        OrderedAs((1, 0)),
        MatchedAs((0, 0, 1)),
        AnsweredParts((ChosenOne(1), TypedNumber("5", Decimal(5)))),
    ],
)
def test_a_logged_response_is_read_back_as_given(response: Response) -> None:
    assert response_from_data(json.loads(json.dumps(response_to_data(response)))) == response
