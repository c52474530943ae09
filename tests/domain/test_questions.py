import json
from dataclasses import replace
from random import Random

import pytest

from studyhub.domain.presentation import reads_as_a_series, shuffle
from studyhub.domain.questions import (
    Body,
    Choice,
    QuestionStatus,
    SingleChoice,
    content_hash,
    from_data,
    to_data,
)
from tests.domain.question_samples import BODIES, MATCHING, ORDERING, SCENARIO, SINGLE, TRUE_FALSE, question


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_a_stored_revision_is_read_back_as_the_same_question(body: Body) -> None:
    asked = question(body)
    assert from_data(json.loads(json.dumps(to_data(asked)))) == asked


def test_a_changed_status_is_no_new_revision_but_a_changed_word_is() -> None:
    asked = question(SINGLE)
    assert content_hash(replace(asked, status=QuestionStatus.RETIRED)) == content_hash(asked)
    assert content_hash(replace(asked, stem="別の問い")) != content_hash(asked)


def single_of(*texts: str) -> SingleChoice:
    return SingleChoice(tuple(Choice(text, number == 0) for number, text in enumerate(texts)))


@pytest.mark.parametrize(
    "texts",
    [
        ("1", "2", "4", "8"),
        ("10日", "12日", "15日", "20日"),
        ("約1,200万円", "約900万円", "約60万円", "約5万円"),
        ("0.9", "0.99", "1/3", "99.9%"),
        ("2時間30分", "3時間", "4時間10分", "5時間"),
        ("１０", "２０", "３０", "４０"),
        ("a，b", "a，c", "b，c", "c，d"),
        ("a", "a, b", "a, b, c", "b"),
        ("ア，イ", "ア，ウ", "イ，エ", "ウ，エ"),
        ("①，②", "①，③", "②，③", "②，④"),
        ("a→b→c", "b→a→c", "c→a→b", "c→b→a"),
        ("A", "B", "C", "D"),
    ],
)
def test_numbers_and_combinations_read_as_a_series(texts: tuple[str, ...]) -> None:
    assert reads_as_a_series(texts)
    assert shuffle(question(single_of(*texts)), Random(1)) == (0, 1, 2, 3)


@pytest.mark.parametrize(
    "texts",
    [
        ("機密性", "可用性", "完全性", "真正性"),
        ("10日", "12日", "15日", "決められない"),
        ("SaaS", "PaaS", "IaaS", "DaaS"),
        ("5年間は保存しなければならない。", "3年で捨ててよい。", "1年", "2年"),
    ],
)
def test_words_and_sentences_are_no_series(texts: tuple[str, ...]) -> None:
    assert not reads_as_a_series(texts)


def test_every_position_is_shown_equally_often() -> None:
    rng = Random(7)
    firsts = [shuffle(question(SINGLE), rng)[0] for _ in range(4000)]
    assert all(900 < firsts.count(index) < 1100 for index in range(4))


def test_the_author_can_forbid_shuffling() -> None:
    orders = {shuffle(question(SINGLE, keep_order=True), Random(seed)) for seed in range(20)}
    assert orders == {(0, 1, 2, 3)}


def test_true_stands_before_false() -> None:
    assert shuffle(question(TRUE_FALSE), Random(3)) == (0, 1)


def test_an_ordering_task_is_never_shown_solved() -> None:
    for seed in range(200):
        order = shuffle(question(ORDERING), Random(seed))
        assert order != (0, 1, 2, 3)
        assert sorted(order) == [0, 1, 2, 3]


def test_the_parts_of_a_scenario_are_shuffled_one_by_one() -> None:
    assert shuffle(question(SCENARIO), Random(1)) == ()
    assert sorted(shuffle(SCENARIO.parts[0], Random(1))) == [0, 1, 2, 3]
    assert sorted(shuffle(question(MATCHING), Random(1))) == [0, 1, 2]
