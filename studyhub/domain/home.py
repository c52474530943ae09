"""The officer's next step and why: what the home page says, from the set that would be dealt today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from random import Random

from studyhub.domain.days import days_since
from studyhub.domain.mastery import Mastery
from studyhub.domain.practice import Pick, Reason, expected_minutes

USUAL_MINUTES = (5, 15, 30)
MOST_REASONS = 3


class Why(StrEnum):
    """In the order in which they are told."""

    DUE = "due"
    MISTAKE = "mistake"
    WEAK = "weak"
    UNSEEN = "unseen"


_WHY = {
    Reason.DUE: Why.DUE,
    Reason.MISTAKE: Why.MISTAKE,
    Reason.WEAK: Why.WEAK,
    Reason.UNSEEN: Why.UNSEEN,
}


@dataclass(frozen=True, slots=True)
class TopicFacts:
    name: str
    name_en: str
    mastery: Mastery | None
    """None without an answer."""
    exam_share: float | None
    """Percent of the examination that the topic, or the smallest topic around it with a known share, takes."""
    share_of: str
    share_of_en: str
    """Name of the topic that ``exam_share`` is of."""


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """``questions`` of the set are there for this reason: most of them, ``in_topic``, on the topic named."""

    why: Why
    topic: TopicFacts
    questions: int
    in_topic: int
    age_days: int | None
    """Days of the calendar since the last answer on the topic."""


@dataclass(frozen=True, slots=True)
class NextSet:
    questions: int
    minutes: int
    """About how long it takes."""
    first: TopicFacts
    is_review: bool
    """Whether the first question was answered before."""
    reasons: tuple[ReasonLine, ...]


def todays_chance(user_id: int, today: date) -> Random:
    """Decides between near equals in the set of the day, so that what is announced is what is dealt."""
    return Random(f"today:{user_id}:{today.isoformat()}")  # noqa: S311  # nosec B311


def next_set(picks: Sequence[Pick], topics: Mapping[int, TopicFacts], now: datetime) -> NextSet | None:
    """None where there is no question to ask."""
    if not picks:
        return None
    first = picks[0].candidate
    return NextSet(
        questions=len(picks),
        minutes=expected_minutes(pick.candidate.kind for pick in picks),
        first=topics[first.topic_id],
        is_review=first.is_seen,
        reasons=_reasons(picks, topics, now),
    )


def minutes_to_choose(daily_minutes: int) -> tuple[int, ...]:
    """What the switch on the home page offers: the usual times and the officer's own."""
    return tuple(sorted({*USUAL_MINUTES, daily_minutes}))


def _reasons(
    picks: Iterable[Pick], topics: Mapping[int, TopicFacts], now: datetime
) -> tuple[ReasonLine, ...]:
    counted: dict[Why, Counter[int]] = {}
    for pick in picks:
        why = _WHY.get(pick.reason)
        if why is not None:
            counted.setdefault(why, Counter())[pick.candidate.topic_id] += 1
    told = sorted(counted, key=lambda why: -counted[why].total())[:MOST_REASONS]
    return tuple(_line(why, counted[why], topics, now) for why in Why if why in told)


def _line(why: Why, counted: Counter[int], topics: Mapping[int, TopicFacts], now: datetime) -> ReasonLine:
    """Names the topic that fits the reason best: the longest unused, the weakest, the largest in the examination."""
    topic_id = max(counted, key=lambda topic: (_fit(why, topics[topic], now), counted[topic], -topic))
    facts = topics[topic_id]
    return ReasonLine(why, facts, counted.total(), counted[topic_id], _age_days(facts, now))


def _fit(why: Why, facts: TopicFacts, now: datetime) -> float:
    if why is Why.DUE:
        return float(_age_days(facts, now) or 0)
    if why is Why.UNSEEN:
        return facts.exam_share or 0.0
    return 1 - (facts.mastery.share if facts.mastery else 0.0)


def _age_days(facts: TopicFacts, now: datetime) -> int | None:
    if facts.mastery is None or facts.mastery.last_at is None:
        return None
    return days_since(facts.mastery.last_at, now)
