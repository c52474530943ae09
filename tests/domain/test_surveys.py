"""What a survey may ask, what counts as an answer, and when results may be seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from studyhub.domain.errors import Invalid
from studyhub.domain.surveys import (
    MOST_ITEMS,
    OPEN_FOR,
    Item,
    ItemKind,
    SurveyMoment,
    SurveyState,
    checked_answers,
    default_items,
    item_result,
    require_sound,
    results,
    state_at,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SCALE = Item(ItemKind.SCALE, "満足しましたか", ("不満", "満足"), required=True)
CHOICE = Item(ItemKind.CHOICE, "使いますか", ("はい", "いいえ"))
TEXT = Item(ItemKind.TEXT, "自由にどうぞ")
ITEMS = {1: SCALE, 2: CHOICE, 3: TEXT}


@pytest.mark.parametrize("moment", SurveyMoment)
def test_the_usual_questions_are_sound(moment: SurveyMoment) -> None:
    require_sound(default_items(moment))


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (Item(ItemKind.TEXT, ""), "label-0"),
        (Item(ItemKind.TEXT, "あ" * 201), "label-0"),
        (Item(ItemKind.SCALE, "満足", ("不満", "")), "options-0"),
        (Item(ItemKind.CHOICE, "どれ", ("一つだけ",)), "options-0"),
        (Item(ItemKind.CHOICE, "どれ", tuple(f"{n}" for n in range(11))), "options-0"),
        (Item(ItemKind.CHOICE, "どれ", ("同じ", "同じ")), "options-0"),
    ],
)
def test_an_unsound_question_is_named_by_its_field(item: Item, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        require_sound([item])
    assert refused.value.field == field


@pytest.mark.parametrize("items", [[], [TEXT] * (MOST_ITEMS + 1)])
def test_a_survey_has_one_question_at_least_and_twenty_at_most(items: list[Item]) -> None:
    with pytest.raises(Invalid):
        require_sound(items)


def test_answers_are_read_by_their_kind_and_what_was_passed_over_is_left_out() -> None:
    assert checked_answers(ITEMS, {1: "5", 2: "0", 3: "  "}) == {1: 5, 2: 0}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({2: "0"}, "item-1"),
        ({1: "6"}, "item-1"),
        ({1: "0"}, "item-1"),
        ({1: "3", 2: "2"}, "item-2"),
        ({1: "3", 2: "-1"}, "item-2"),
        ({1: "３"}, "item-1"),
        ({1: "3", 3: "あ" * 2001}, "item-3"),
    ],
)
def test_a_wrong_answer_is_named_by_its_question(given: dict[int, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_answers(ITEMS, given)
    assert refused.value.field == field


def test_an_empty_sheet_is_no_sheet() -> None:
    with pytest.raises(Invalid):
        checked_answers({3: TEXT}, {3: " "})


def test_four_sheets_show_nothing_and_five_show_all() -> None:
    sheets = [{1: 4}] * 5
    assert results(ITEMS, sheets[:4]) is None
    found = results(ITEMS, sheets)
    assert found is not None
    assert found[0].answers == 5


def test_a_question_that_four_of_many_answered_shows_not_even_how_many() -> None:
    sheets: list[dict[int, int | str]] = [{1: 4} for _ in range(20)]
    for sheet in sheets[:4]:
        sheet[3] = "言いにくいこと"
    found = results(ITEMS, sheets)
    assert found is not None
    assert found[2].answers is None
    assert found[2].texts == ()


def test_counts_shares_and_the_mean_of_a_scale() -> None:
    result = item_result(SCALE, [5, 5, 4, 3, 1])
    assert [(count.value, count.people) for count in result.counts] == [
        (1, 1),
        (2, 0),
        (3, 1),
        (4, 1),
        (5, 2),
    ]
    assert result.counts[4].share == pytest.approx(0.4)
    assert result.mean == pytest.approx(3.6)


def test_texts_stand_in_an_order_that_does_not_depend_on_who_came_first() -> None:
    texts = [f"意見{n}" for n in range(8)]
    shown = item_result(TEXT, texts).texts
    assert shown == item_result(TEXT, texts[::-1]).texts
    assert sorted(shown) == texts
    assert list(shown) != texts


def test_a_survey_whose_time_is_over_is_closed_before_anybody_closes_it() -> None:
    last = OPEN_FOR - timedelta(seconds=1)
    assert state_at(SurveyState.OPEN, NOW, NOW + last) is SurveyState.OPEN
    assert state_at(SurveyState.OPEN, NOW, NOW + OPEN_FOR) is SurveyState.CLOSED
    assert state_at(SurveyState.DRAFT, None, NOW) is SurveyState.DRAFT
