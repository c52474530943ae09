"""The choice of practice questions."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.domain.mastery import Band
from studyhub.domain.practice import (
    EXPECTED_SECONDS,
    MOST_IN_A_ROW,
    MOST_QUESTIONS,
    Candidate,
    Length,
    Mode,
    Pick,
    Reason,
    TopicState,
    check_order,
    choose,
    shown_order,
)
from studyhub.domain.questions import Kind
from tests.domain.question_samples import BODIES, ORDERING, SCENARIO, SINGLE, question

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
STATES = {1: TopicState(10, Band.WEAK, 0.3), 2: TopicState(10, Band.FIRM, 0.9), 3: TopicState(20)}


def candidate(number: int, topic: int = 3, **seen: object) -> Candidate:
    return Candidate(number, number, topic, Kind.SINGLE_CHOICE, **seen)  # type: ignore[arg-type]


def answered(
    number: int, topic: int = 3, *, right: bool, days_ago: float = 3, unsure: bool = False
) -> Candidate:
    at = NOW - timedelta(days=days_ago)
    return candidate(number, topic, responses=1, last_correct=right, last_unsure=unsure, last_at=at)


def chosen(
    candidates: list[Candidate],
    mode: Mode,
    length: Length = Length(minutes=15),  # noqa: B008 (frozen)
    weights: dict[int, float] | None = None,
    seed: int = 1,
) -> tuple[Pick, ...]:
    return choose(candidates, STATES, weights or {}, mode, length, Random(seed), NOW)


def ids(picks: tuple[Pick, ...]) -> set[int]:
    return {pick.candidate.question_id for pick in picks}


def test_mistakes_are_what_was_wrong_or_right_by_luck_the_last_time() -> None:
    pool = [
        answered(1, right=False),
        answered(2, right=True),
        answered(3, right=True, unsure=True),
        candidate(4),
    ]
    picks = chosen(pool, Mode.MISTAKES)
    assert ids(picks) == {1, 3}
    assert {pick.reason for pick in picks} == {Reason.MISTAKE}


def test_unseen_are_those_without_an_answer() -> None:
    assert ids(chosen([answered(1, right=True), candidate(2)], Mode.UNSEEN)) == {2}


def test_weak_topics_are_those_with_a_weak_band() -> None:
    picks = chosen([candidate(1, 1), candidate(2, 2), candidate(3, 3)], Mode.WEAK)
    assert ids(picks) == {1}
    assert picks[0].reason is Reason.WEAK


def test_nothing_that_fits_is_an_empty_set() -> None:
    assert chosen([answered(1, right=True)], Mode.MISTAKES) == ()


@pytest.mark.parametrize(("minutes", "questions"), [(5, 4), (15, 12), (30, 24)])
def test_as_many_questions_as_fit_the_minutes(minutes: int, questions: int) -> None:
    pool = [candidate(n, topic) for n, topic in enumerate([1, 2, 3] * 20)]
    assert len(chosen(pool, Mode.RANDOM, Length(minutes=minutes))) == questions


def test_a_long_question_still_makes_a_set_of_one() -> None:
    scenario = Candidate(1, 1, 3, Kind.SCENARIO)
    assert len(chosen([scenario], Mode.RANDOM, Length(minutes=1))) == 1


def test_a_count_is_kept_and_bounded() -> None:
    pool = [candidate(n, n % 7) for n in range(200)]
    assert len(chosen(pool, Mode.RANDOM, Length(count=7))) == 7
    assert len(chosen(pool, Mode.RANDOM, Length(count=1000))) == MOST_QUESTIONS


def test_fields_come_in_the_proportion_of_the_exam() -> None:
    states = {1: TopicState(10), 2: TopicState(10), 3: TopicState(20), 4: TopicState(20)}
    pool = [candidate(n, n % 4 + 1) for n in range(400)]
    picks = choose(pool, states, {10: 75.0, 20: 25.0}, Mode.RANDOM, Length(count=40), Random(3), NOW)
    fields = Counter(states[pick.candidate.topic_id].field_id for pick in picks)
    assert fields == {10: 30, 20: 10}


def test_today_prefers_what_went_wrong_over_what_is_known() -> None:
    pool = [answered(n, n % 3 + 1, right=n >= 6, days_ago=2) for n in range(60)]
    assert ids(chosen(pool, Mode.TODAY)) >= set(range(6))


def test_what_was_explained_an_hour_ago_waits() -> None:
    pool = [
        answered(1, right=False, days_ago=1 / 24),
        *(answered(n, n % 3 + 1, right=False) for n in range(2, 9)),
    ]
    assert 1 not in ids(chosen(pool, Mode.TODAY, Length(count=5)))


def test_each_question_of_today_says_why() -> None:
    pool = [
        answered(1, 2, right=False),
        candidate(2, 1),
        candidate(3, 3),
        answered(4, 2, right=True, days_ago=40),
    ]
    reasons = {pick.candidate.question_id: pick.reason for pick in chosen(pool, Mode.TODAY)}
    assert reasons == {1: Reason.MISTAKE, 2: Reason.WEAK, 3: Reason.UNSEEN, 4: Reason.DUE}


def test_the_same_seed_chooses_the_same_set() -> None:
    pool = [candidate(n, n % 5) for n in range(50)]
    assert chosen(pool, Mode.TODAY, seed=9) == chosen(pool, Mode.TODAY, seed=9)


@given(
    topics=st.lists(st.integers(1, 4), min_size=1, max_size=60),
    mode=st.sampled_from([Mode.TODAY, Mode.TOPIC, Mode.UNSEEN, Mode.RANDOM]),
    minutes=st.integers(1, 60),
    seed=st.integers(0, 99),
)
def test_a_set_repeats_nothing_keeps_its_time_and_varies_its_topics(
    topics: list[int], mode: Mode, minutes: int, seed: int
) -> None:
    picks = chosen([candidate(n, t) for n, t in enumerate(topics)], mode, Length(minutes=minutes), seed=seed)
    assert len(ids(picks)) == len(picks) >= 1
    seconds = sum(EXPECTED_SECONDS[pick.candidate.kind] for pick in picks)
    assert seconds <= minutes * 60 or len(picks) == 1
    left = Counter(topics)
    for place, pick in enumerate(picks):
        topic = pick.candidate.topic_id
        before = [p.candidate.topic_id for p in picks[max(0, place - MOST_IN_A_ROW) : place]]
        third = before == [topic] * MOST_IN_A_ROW
        assert not (third and sum(left.values()) > left[topic]), "another topic was left"
        left[topic] -= 1


def test_a_check_question_is_shown_in_the_same_order_each_time() -> None:
    asked = question(SINGLE)
    assert check_order(asked, 1) == check_order(asked, 1)
    assert len({tuple(check_order(asked, user)) for user in range(20)}) > 1


def test_the_parts_of_a_scenario_are_shuffled_one_by_one() -> None:
    first, second = shown_order(question(SCENARIO), Random(1))
    assert sorted(first) == [0, 1, 2, 3]
    assert second == []


@pytest.mark.parametrize("body", BODIES)
def test_an_order_is_plain_values_for_the_database(body: object) -> None:
    assert isinstance(shown_order(question(body), Random(1)), list)  # type: ignore[arg-type]


def test_an_ordering_task_is_never_shown_solved() -> None:
    assert all(shown_order(question(ORDERING), Random(seed)) != [0, 1, 2, 3] for seed in range(50))
