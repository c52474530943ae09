"""What the demonstration's people did: practice on some days of the past weeks, by a simple model of a learner.

The chance of a right answer rises with the person's ability, the question's expected facility and the days studied
(a logistic curve); every tenth right answer is said to be unsure. The same seed gives the same history.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.grading import ChosenOne, grade, response_to_data
from studyhub.domain.presentation import shuffle
from studyhub.domain.questions import Question, SingleChoice, from_data
from studyhub.persistence import models
from studyhub.services import responses

DAYS = 56
_GROWTH = 1.2
"""Logits that eight weeks of study add to an ability."""
_IDLE_SHARE = 0.55
"""Share of days without study: busy weeks are part of a true picture."""
_NEWCOMERS_EVERY = 14
_WHOLE_TIME = range(DAYS, 0, -1)
_STOPPED = range(DAYS, 36, -1)
_BEGAN_LATE = range(18, 0, -1)


@dataclass(frozen=True, slots=True)
class _Item:
    question_id: int
    revision_id: int
    authored: Question
    topic_id: int


@dataclass(frozen=True, slots=True)
class _Learner:
    user_id: int
    ability: float
    """In logits, on the first day; 0 answers a question of facility .5 rightly every second time."""
    weak_topics: frozenset[int]
    answers_a_day: int
    days_ago: range = _WHOLE_TIME
    """In which they study at all."""


def live_through(db: Session, user_ids: Sequence[int], now: datetime, *, seed: int = 20261123) -> int:
    """The weeks before ``now`` for these people, except a few who have not begun; counts the answers."""
    rng = Random(seed)  # nosec B311 # noqa: S311 (a simulation, repeatable on purpose)
    items = _items(db)
    answers = 0
    for place, user_id in enumerate(user_ids, start=1):
        if place % _NEWCOMERS_EVERY == 0:
            continue
        learner = _learner(user_id, items, rng, named=user_id == user_ids[0])
        for days_ago in learner.days_ago:
            if rng.random() > _IDLE_SHARE:
                grown = replace(learner, ability=learner.ability + _GROWTH * (1 - days_ago / DAYS))
                answers += _study(db, grown, items, now - timedelta(days=days_ago), rng)
        _read(db, user_id, now, rng)
    return answers


def _read(db: Session, user_id: int, now: datetime, rng: Random) -> None:
    """The notes of study sessions that were held, from the start to somewhere."""
    held = db.execute(
        select(models.StudySession.id, models.StudySession.held_on, models.StudySessionRevision.toc)
        .join(
            models.StudySessionRevision,
            models.StudySessionRevision.id == models.StudySession.current_revision_id,
        )
        .where(models.StudySession.status == "published", models.StudySession.held_on <= now.date())
        .order_by(models.StudySession.key)
    )
    for session_id, held_on, toc in held:
        sections = [heading["anchor"] for heading in toc if heading["level"] == 2]
        read = sections[: rng.randrange(len(sections) + 1)]
        at = min(now, datetime.combine(held_on, time(9), tzinfo=UTC))
        keys = {"user_id": user_id, "study_session_id": session_id}
        db.add_all(models.ReadingMark(**keys, anchor=anchor, read_at=at) for anchor in read)
        if read:
            db.add(models.ReadingPosition(**keys, anchor=read[-1], at=at))


def _items(db: Session) -> list[_Item]:
    rows = db.execute(
        select(
            models.Question.id,
            models.QuestionRevision.id,
            models.QuestionRevision.data,
            models.Question.main_topic_id,
        )
        .join(models.QuestionRevision, models.QuestionRevision.id == models.Question.current_revision_id)
        .where(models.Question.status == "published", models.QuestionRevision.kind == "single_choice")
        .where(models.Question.origin == "pool")
        .order_by(models.Question.key)
    )
    return [
        _Item(question_id, revision_id, from_data(data), topic)
        for question_id, revision_id, data, topic in rows
    ]


def _learner(user_id: int, items: Sequence[_Item], rng: Random, *, named: bool) -> _Learner:
    topics = sorted({item.topic_id for item in items})
    weak = frozenset(rng.sample(topics, k=len(topics) // 4))
    if named:  # whom newcomers sign in as: somebody on the way, with something of every band
        return _Learner(user_id, 0.8, weak, answers_a_day=12)
    days_ago = rng.choices([_WHOLE_TIME, _STOPPED, _BEGAN_LATE], weights=[6, 1, 1])[0]
    return _Learner(user_id, rng.gauss(0.6, 0.9), weak, rng.choice([3, 4, 6]), days_ago)


def _study(db: Session, learner: _Learner, items: Sequence[_Item], day: datetime, rng: Random) -> int:
    """One finished set of random questions; how many there were."""
    chosen = rng.sample(items, k=min(learner.answers_a_day, len(items)))
    begun = day.replace(hour=rng.choice([0, 3, 9, 12]), minute=rng.randrange(60))
    practice = models.PracticeSet(
        id=_uuid(rng), user_id=learner.user_id, mode="random", minutes=5, state="finished", created_at=begun,
        ended_at=begun + timedelta(minutes=len(chosen)),
    )  # fmt: skip
    db.add(practice)
    db.flush()
    for position, item in enumerate(chosen, start=1):
        _answer(db, learner, practice.id, position, item, begun + timedelta(seconds=50 * position), rng)
    return len(chosen)


def _answer(
    db: Session, learner: _Learner, set_id: str, position: int, item: _Item, at: datetime, rng: Random
) -> None:
    answer_id = _uuid(rng)
    row = models.PracticeItem(
        practice_set_id=set_id, position=position, revision_id=item.revision_id,
        shown_order=list(shuffle(item.authored, rng)), reason="random", response_id=answer_id,
    )  # fmt: skip
    db.add(row)
    db.flush()
    given = ChosenOne(_choose(learner, item, rng))
    mark = grade(item.authored, given)
    responses.record(
        db,
        responses.Answer(
            id=answer_id, user_id=learner.user_id, question_id=item.question_id, revision_id=item.revision_id,
            context="practice", given=response_to_data(given), mark=mark, unsure=mark.correct and rng.random() < 0.1,
            answered_at=at, practice_item_id=row.id, duration_ms=rng.randrange(15_000, 70_000),
        ),
        at,
    )  # fmt: skip


def _choose(learner: _Learner, item: _Item, rng: Random) -> int:
    """Index of the authored choice the learner picks."""
    assert isinstance(item.authored.body, SingleChoice)
    choices = item.authored.body.choices
    facility = item.authored.expected_facility or 0.5
    logit = (
        learner.ability
        + math.log(facility / (1 - facility))
        - (1.3 if item.topic_id in learner.weak_topics else 0)
    )
    right = next(place for place, choice in enumerate(choices) if choice.correct)
    if rng.random() < 1 / (1 + math.exp(-logit)):
        return right
    return rng.choice([place for place in range(len(choices)) if place != right])


def _uuid(rng: Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))
