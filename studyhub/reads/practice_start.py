"""The page from which practice starts: what runs, what each mode would give, and the trees of topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.practice import Candidate, Mode, TopicState, fits
from studyhub.persistence import models
from studyhub.persistence.practice import (
    TopicForest,
    load_candidates,
    load_forest,
    load_target,
    load_topic_states,
    target_topics,
)


@dataclass(frozen=True, slots=True)
class RunningSet:
    id: str
    mode: Mode
    topic: str
    """Name of the topic, for the mode that has one."""
    topic_en: str
    created_at: datetime
    answered: int
    questions: int


@dataclass(frozen=True, slots=True)
class Offer:
    mode: Mode
    questions: int


@dataclass(frozen=True, slots=True)
class TopicOffer:
    key: str
    name: str
    name_en: str
    questions: int
    topics: tuple[TopicOffer, ...]


@dataclass(frozen=True, slots=True)
class SyllabusOffer:
    id: str
    title: str
    title_en: str
    is_target: bool
    questions: int
    topics: tuple[TopicOffer, ...]


@dataclass(frozen=True, slots=True)
class PracticeStart:
    running: RunningSet | None
    daily_minutes: int
    offers: tuple[Offer, ...]
    syllabi: tuple[SyllabusOffer, ...]
    """Those with a question, the target exam's first."""

    def questions_for(self, mode: Mode) -> int:
        return next(offer.questions for offer in self.offers if offer.mode == mode)


def practice_start(db: Session, actor: Actor, now: datetime) -> PracticeStart:
    forest, target = load_forest(db), load_target(db, actor.user_id)
    candidates = load_candidates(db, actor.user_id)
    states = load_topic_states(db, actor.user_id, forest, now)
    named = _questions_by_topic(db)
    wanted = target_topics(db, forest, target)
    in_target = None if wanted is None else {q for topic_id in wanted for q in named.get(topic_id, ())}
    return PracticeStart(
        running=running_set(db, actor),
        daily_minutes=target.daily_minutes,
        offers=tuple(Offer(mode, _count(candidates, states, mode, in_target)) for mode in Mode),
        syllabi=_syllabi(db, forest, named, target.syllabus_id),
    )


def running_set(db: Session, actor: Actor) -> RunningSet | None:
    row, item, topic = models.PracticeSet, models.PracticeItem, models.Topic
    found = db.execute(
        select(
            row.id, row.mode, func.coalesce(topic.name, ""), func.coalesce(topic.name_en, ""), row.created_at,
            func.count(item.response_id), func.count(item.id),
        )
        .join(item, item.practice_set_id == row.id)
        .outerjoin(topic, topic.id == row.topic_id)
        .where(row.user_id == actor.user_id, row.state == "running")
        .group_by(row.id, topic.id)
    ).one_or_none()  # fmt: skip
    if found is None:
        return None
    set_id, mode, name, name_en, created_at, answered, questions = found
    return RunningSet(set_id, Mode(mode), name, name_en, created_at, answered, questions)


def _count(
    candidates: Sequence[Candidate],
    states: dict[int, TopicState],
    mode: Mode,
    in_target: set[int] | None,
) -> int:
    everywhere = in_target is None or mode in {Mode.MISTAKES, Mode.TOPIC}
    return sum(
        fits(candidate, mode, states)
        for candidate in candidates
        if everywhere or candidate.question_id in (in_target or ())
    )


def _questions_by_topic(db: Session) -> dict[int, set[int]]:
    """Published questions that name the topic itself."""
    named, question = models.QuestionTopic, models.Question
    rows = db.execute(
        select(named.topic_id, named.question_id)
        .join(question, question.id == named.question_id)
        .where(question.status == "published")
    )
    found: dict[int, set[int]] = {}
    for topic_id, question_id in rows:
        found.setdefault(topic_id, set()).add(question_id)
    return found


def _syllabi(
    db: Session, forest: TopicForest, named: dict[int, set[int]], target: str | None
) -> tuple[SyllabusOffer, ...]:
    row = models.Syllabus
    titles = db.execute(
        select(row.id, row.title, row.title_en).where(row.status != "retired").order_by(row.position, row.id)
    )
    below = _under_each(forest, named)
    children: dict[tuple[str, int | None], list[int]] = {}
    for node in forest.nodes:
        children.setdefault((node.syllabus_id, node.parent_id), []).append(node.id)

    def offers(syllabus_id: str, parent_id: int | None) -> tuple[TopicOffer, ...]:
        found = (forest.by_id[topic_id] for topic_id in children.get((syllabus_id, parent_id), ()))
        return tuple(
            TopicOffer(node.key, node.name, node.name_en, len(below[node.id]), offers(syllabus_id, node.id))
            for node in found
            if below[node.id]
        )

    made = [
        SyllabusOffer(key, title, title_en, key == target, _distinct(forest, key, below), offers(key, None))
        for key, title, title_en in titles
    ]
    return tuple(sorted((each for each in made if each.topics), key=lambda each: not each.is_target))


def _under_each(forest: TopicForest, named: dict[int, set[int]]) -> dict[int, set[int]]:
    """Questions that name the topic or one below it: a question counts once, however many of them it names."""
    below = {node.id: set(named.get(node.id, ())) for node in forest.nodes}
    for node in reversed(forest.nodes):
        if node.parent_id in below:
            below[node.parent_id] |= below[node.id]
    return below


def _distinct(forest: TopicForest, syllabus_id: str, below: dict[int, set[int]]) -> int:
    roots = (node.id for node in forest.nodes if node.syllabus_id == syllabus_id and node.parent_id is None)
    return len(set[int]().union(*(below[root] for root in roots)))
