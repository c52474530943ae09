"""What the home page says about the set of the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from studyhub.domain.home import TopicFacts, Why, minutes_to_choose, next_set, todays_chance
from studyhub.domain.mastery import Evidence, estimate
from studyhub.domain.practice import Candidate, Pick, Reason
from studyhub.domain.questions import Kind

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def facts(
    name: str, *, right: int = 0, days_ago: int | None = None, share: float | None = None
) -> TopicFacts:
    evidence = (
        None if days_ago is None else Evidence(10, right, 100, right * 10, NOW - timedelta(days=days_ago))
    )
    mastery = estimate(evidence, evidence, NOW) if evidence else None
    return TopicFacts(name, name, mastery, share, name, name)


def pick(number: int, topic_id: int, reason: Reason, *, seen: bool = True) -> Pick:
    return Pick(Candidate(number, number, topic_id, Kind.SINGLE_CHOICE, responses=int(seen)), reason)


TOPICS = {
    1: facts("古い", right=8, days_ago=40),
    2: facts("もっと古い", right=8, days_ago=90),
    3: facts("苦手", right=2, days_ago=1),
    4: facts("まだ", share=4.0),
    5: facts("まだで大きい", share=15.0),
}


def test_without_questions_nothing_is_announced() -> None:
    assert next_set([], TOPICS, NOW) is None


def test_it_says_how_many_how_long_and_what_comes_first() -> None:
    coming = next_set([pick(n, 3, Reason.WEAK) for n in range(12)], TOPICS, NOW)
    assert coming is not None
    assert (coming.questions, coming.minutes, coming.first.name, coming.is_review) == (12, 15, "苦手", True)


def test_each_reason_names_the_topic_that_fits_it_best() -> None:
    picks = [
        pick(1, 4, Reason.UNSEEN, seen=False),
        pick(2, 5, Reason.UNSEEN, seen=False),
        pick(3, 1, Reason.DUE),
        pick(4, 2, Reason.DUE),
        pick(5, 3, Reason.WEAK),
    ]
    coming = next_set(picks, TOPICS, NOW)
    assert coming is not None
    assert not coming.is_review
    told = [(line.why, line.topic.name, line.questions, line.in_topic) for line in coming.reasons]
    assert told == [
        (Why.DUE, "もっと古い", 2, 1),
        (Why.WEAK, "苦手", 1, 1),
        (Why.UNSEEN, "まだで大きい", 2, 1),
    ]
    assert [line.age_days for line in coming.reasons] == [90, 1, None]


def test_of_four_reasons_the_three_most_frequent_are_told() -> None:
    picks = [
        *(pick(n, 3, Reason.MISTAKE) for n in range(3)),
        *(pick(10 + n, 4, Reason.UNSEEN) for n in range(2)),
        *(pick(20 + n, 1, Reason.DUE) for n in range(2)),
        pick(30, 3, Reason.WEAK),
        pick(40, 3, Reason.RANDOM),
    ]
    coming = next_set(picks, TOPICS, NOW)
    assert coming is not None
    assert [line.why for line in coming.reasons] == [Why.DUE, Why.MISTAKE, Why.UNSEEN]


def test_chance_is_the_same_all_day_and_another_the_next() -> None:
    day = date(2026, 11, 23)
    assert todays_chance(1, day).random() == todays_chance(1, day).random()
    assert todays_chance(1, day).random() != todays_chance(2, day).random()
    assert todays_chance(1, day).random() != todays_chance(1, date(2026, 11, 24)).random()


def test_an_officer_s_own_minutes_are_offered_beside_the_usual() -> None:
    assert minutes_to_choose(15) == (5, 15, 30)
    assert minutes_to_choose(20) == (5, 15, 20, 30)
