"""Which questions a practice set holds, in which order, and why each was chosen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any, NamedTuple, assert_never

from studyhub.domain.mastery import Band
from studyhub.domain.presentation import shuffle
from studyhub.domain.questions import Kind, Question, Scenario


class Mode(StrEnum):
    TODAY = "today"
    TOPIC = "topic"
    WEAK = "weak"
    MISTAKES = "mistakes"
    UNSEEN = "unseen"
    RANDOM = "random"


class Reason(StrEnum):
    """Why a question is in a set."""

    DUE = "due"
    WEAK = "weak"
    MISTAKE = "mistake"
    UNSEEN = "unseen"
    TOPIC = "topic"
    RANDOM = "random"


class Candidate(NamedTuple):
    """A published question as the choice sees it; ``topic_id`` is its main topic, a small category.

    A plain tuple, because each choice makes one of every question there is.
    """

    question_id: int
    revision_id: int
    topic_id: int
    kind: Kind
    responses: int = 0
    last_correct: bool = False
    last_unsure: bool = False
    last_at: datetime | None = None
    field_topic_id: int | None = None
    """The topic whose field of the target it fills, where that is another than the main one."""

    @property
    def is_seen(self) -> bool:
        return self.responses > 0

    @property
    def is_mistake(self) -> bool:
        """Answered wrong, or right by luck, when it was answered last."""
        return self.is_seen and (self.last_unsure or not self.last_correct)


@dataclass(frozen=True, slots=True)
class TopicState:
    """What an officer's answers say of a small category.

    ``field_id`` is the target's field it counts for; of a topic without one, the root of its own tree.
    """

    field_id: int
    band: Band = Band.NONE
    share: float = 0.5


NO_STATE = TopicState(0)


@dataclass(frozen=True, slots=True)
class Length:
    """How long a set is: as many questions as fit the minutes, at most ``count``."""

    minutes: int | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    candidate: Candidate
    reason: Reason


EXPECTED_SECONDS: Mapping[Kind, int] = {
    Kind.SINGLE_CHOICE: 75,
    Kind.MULTIPLE_CHOICE: 90,
    Kind.TRUE_FALSE: 45,
    Kind.NUMERIC: 120,
    Kind.ORDERING: 100,
    Kind.MATCHING: 120,
    Kind.SCENARIO: 240,
}
"""To answer a question and read its feedback. The examination gives 72 seconds to a question of four choices."""

MOST_QUESTIONS = 60
USUAL_MINUTES = 15
MOST_IN_A_ROW = 2
"""Questions of one small category that may follow each other where others are left."""

_HALF_FORGOTTEN_DAYS = 21.0
_JUST_ANSWERED_DAYS = 0.25
_DUE_DAYS = 14.0


def choose(
    candidates: Iterable[Candidate],
    states: Mapping[int, TopicState],
    weights: Mapping[int, float],
    mode: Mode,
    length: Length,
    rng: Random,
    now: datetime,
) -> tuple[Pick, ...]:
    """``states`` by topic; ``weights`` by field are the shares of the target examination."""
    fitting = [c for c in candidates if fits(c, mode, states)]
    ranked = _ranked(fitting, states, mode, rng, now)
    is_balanced = mode in {Mode.TODAY, Mode.UNSEEN, Mode.RANDOM}
    queues = _by_field(ranked, states) if is_balanced else {0: ranked}
    chosen = _deal(queues, weights, length)
    return tuple(Pick(c, reason_for(c, states.get(c.topic_id, NO_STATE), mode, now)) for c in chosen)


def fits(candidate: Candidate, mode: Mode, states: Mapping[int, TopicState]) -> bool:
    match mode:
        case Mode.TODAY | Mode.TOPIC | Mode.RANDOM:
            return True
        case Mode.WEAK:
            return states.get(candidate.topic_id, NO_STATE).band is Band.WEAK
        case Mode.MISTAKES:
            return candidate.is_mistake
        case Mode.UNSEEN:
            return not candidate.is_seen
        case _:
            assert_never(mode)


def reason_for(candidate: Candidate, state: TopicState, mode: Mode, now: datetime) -> Reason:
    match mode:
        case Mode.RANDOM:
            return Reason.RANDOM
        case Mode.UNSEEN:
            return Reason.UNSEEN
        case Mode.WEAK:
            return Reason.WEAK
        case Mode.MISTAKES:
            return Reason.MISTAKE
        case Mode.TODAY | Mode.TOPIC:
            return _own_reason(candidate, state, mode, now)
        case _:
            assert_never(mode)


def _own_reason(candidate: Candidate, state: TopicState, mode: Mode, now: datetime) -> Reason:
    if candidate.is_mistake:
        return Reason.MISTAKE
    if state.band is Band.WEAK:
        return Reason.WEAK
    if not candidate.is_seen:
        return Reason.UNSEEN
    if _age_days(candidate, now) >= _DUE_DAYS:
        return Reason.DUE
    return Reason.TOPIC if mode is Mode.TOPIC else Reason.RANDOM


def need(candidate: Candidate, state: TopicState, now: datetime) -> float:
    """How much an officer gains by this question, from 0 to 1: a rule of thumb that the coach will replace."""
    if not candidate.is_seen:
        return 0.7 if state.band is Band.WEAK else 0.55
    age_days = _age_days(candidate, now)
    if age_days < _JUST_ANSWERED_DAYS:
        return 0.1  # what was explained an hour ago would only be remembered
    if not candidate.last_correct:
        return 0.9
    forgotten = 1 - math.pow(0.5, age_days / _HALF_FORGOTTEN_DAYS)
    weak = 0.15 if state.band is Band.WEAK else 0.0
    return max(0.8 if candidate.last_unsure else 0.0, 0.75 * forgotten + weak)


def _age_days(candidate: Candidate, now: datetime) -> float:
    if candidate.last_at is None:
        return 0.0
    return max(0.0, (now - candidate.last_at).total_seconds() / 86_400)


def _ranked(
    candidates: Iterable[Candidate],
    states: Mapping[int, TopicState],
    mode: Mode,
    rng: Random,
    now: datetime,
) -> list[Candidate]:
    """Best first. Chance decides between near equals, and everything in the random mode."""

    def score(candidate: Candidate) -> float:
        state = states.get(candidate.topic_id, NO_STATE)
        chance = rng.random()
        if mode is Mode.RANDOM:
            return chance
        weakest_first = (1 - state.share) if mode is Mode.WEAK else 0.0
        return need(candidate, state, now) + weakest_first + 0.3 * chance

    scored = [(score(candidate), candidate) for candidate in candidates]
    return [candidate for _, candidate in sorted(scored, key=lambda pair: -pair[0])]


def _by_field(ranked: Iterable[Candidate], states: Mapping[int, TopicState]) -> dict[int, list[Candidate]]:
    queues: dict[int, list[Candidate]] = {}
    for candidate in ranked:
        topic_id = candidate.field_topic_id or candidate.topic_id
        queues.setdefault(states.get(topic_id, NO_STATE).field_id, []).append(candidate)
    return queues


def _deal(
    queues: Mapping[int, list[Candidate]], weights: Mapping[int, float], length: Length
) -> list[Candidate]:
    """Takes from the field that is furthest behind its weight until the set is long enough."""
    usual = sum(weights.values()) / len(weights) if weights else 1.0
    shares = {field: weights.get(field, usual) for field in queues}
    left = {field: list(queue) for field, queue in queues.items()}
    drawn = dict.fromkeys(queues, 0)
    is_full = _full(length)
    chosen: list[Candidate] = []
    while any(left.values()):
        total = sum(shares[field] for field in left if left[field])

        def behind(field: int, total: float = total) -> float:
            return shares[field] / total * (len(chosen) + 1) - drawn[field]

        order = sorted((field for field in left if left[field]), key=lambda f: (-behind(f), f))
        field, candidate = _next(left, order, chosen)
        if is_full(chosen, candidate):
            break
        left[field].remove(candidate)
        drawn[field] += 1
        chosen.append(candidate)
    return chosen


def _next(
    left: Mapping[int, Sequence[Candidate]], order: Sequence[int], chosen: Sequence[Candidate]
) -> tuple[int, Candidate]:
    tail = [candidate.topic_id for candidate in chosen[-MOST_IN_A_ROW:]]
    tired = tail[0] if len(tail) == MOST_IN_A_ROW and len(set(tail)) == 1 else None
    for field in order:
        for candidate in left[field]:
            if candidate.topic_id != tired:
                return field, candidate
    return order[0], left[order[0]][0]


def _full(length: Length) -> Callable[[Sequence[Candidate], Candidate], bool]:
    most = min(length.count or MOST_QUESTIONS, MOST_QUESTIONS)
    minutes = length.minutes or (None if length.count else USUAL_MINUTES)

    def is_full(chosen: Sequence[Candidate], coming: Candidate) -> bool:
        if len(chosen) >= most:
            return True
        spent = sum(EXPECTED_SECONDS[c.kind] for c in (*chosen, coming))
        return bool(chosen) and minutes is not None and spent > minutes * 60

    return is_full


def expected_minutes(kinds: Iterable[Kind]) -> int:
    """Rounded, at least one."""
    return max(1, round(sum(EXPECTED_SECONDS[kind] for kind in kinds) / 60))


def shown_order(question: Question, rng: Random) -> list[Any]:
    """Authored indices in the order shown; for a scenario one such list for each part."""
    if isinstance(question.body, Scenario):
        return [list(shuffle(part, rng)) for part in question.body.parts]
    return list(shuffle(question, rng))


def check_order(question: Question, user_id: int) -> list[Any]:
    """The order in which a check question is shown to somebody: the same each time, another for each officer."""
    return shown_order(question, Random(f"{user_id}:{question.id}"))  # noqa: S311  # nosec B311


def order_for_parsing(question: Question, order: Sequence[Any]) -> Sequence[int] | None:
    """What ``grading.parse_response`` is to count by: the parts of a scenario are sent in authored indices."""
    return None if isinstance(question.body, Scenario) else list(order)
