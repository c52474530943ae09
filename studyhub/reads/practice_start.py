"""The page from which practice starts: what runs, what each mode would give, and the trees of topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlalchemy import String, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.mastery import Band
from studyhub.domain.practice import NO_STATE, Mode, TopicState
from studyhub.persistence import models
from studyhub.persistence.practice import (
    TopicForest,
    load_forest,
    load_target,
    load_topic_states,
    target_fields,
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


@dataclass(frozen=True, slots=True)
class _Group:
    """Published questions that name the same topics, and what the officer did with them."""

    topic_ids: frozenset[int]
    main_topic_id: int
    questions: int
    seen: int
    mistakes: int


def practice_start(db: Session, actor: Actor, now: datetime) -> PracticeStart:
    forest, target = load_forest(db), load_target(db, actor.user_id)
    fields = target_fields(db, forest, target)
    states = load_topic_states(db, actor.user_id, forest, fields, now)
    groups = _groups(db, actor.user_id)
    in_target = [group for group in groups if fields is None or not group.topic_ids.isdisjoint(fields)]
    return PracticeStart(
        running=running_set(db, actor),
        daily_minutes=target.daily_minutes,
        offers=tuple(Offer(mode, _count(groups, in_target, states, mode)) for mode in Mode),
        syllabi=_syllabi(db, forest, groups, target.syllabus_id),
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
    groups: Sequence[_Group], in_target: Sequence[_Group], states: Mapping[int, TopicState], mode: Mode
) -> int:
    """How many questions ``domain.practice.fits`` lets through."""
    match mode:
        case Mode.TOPIC:
            return sum(group.questions for group in groups)
        case Mode.MISTAKES:
            return sum(group.mistakes for group in groups)
        case Mode.UNSEEN:
            return sum(group.questions - group.seen for group in in_target)
        case Mode.WEAK:
            return sum(group.questions for group in in_target if _is_weak(group, states))
        case Mode.TODAY | Mode.RANDOM:
            return sum(group.questions for group in in_target)
        case _:
            assert_never(mode)


def _is_weak(group: _Group, states: Mapping[int, TopicState]) -> bool:
    return states.get(group.main_topic_id, NO_STATE).band is Band.WEAK


def _groups(db: Session, user_id: int) -> list[_Group]:
    """Counted by the database: a few hundred rows however many questions there are."""
    question, named, progress = models.Question, models.QuestionTopic, models.QuestionProgress
    is_mistake = and_(progress.responses > 0, or_(progress.last_unsure, progress.last_correct.is_(False)))
    each = (
        select(
            question.main_topic_id,
            func.aggregate_strings(cast(named.topic_id, String), ",").label("topic_ids"),
            func.max(case((progress.responses > 0, 1), else_=0)).label("seen"),
            func.max(case((is_mistake, 1), else_=0)).label("mistake"),
        )
        .join(named, named.question_id == question.id)
        .outerjoin(progress, and_(progress.user_id == user_id, progress.question_id == question.id))
        .where(question.status == "published")
        .group_by(question.id)
        .subquery()
    )
    rows = db.execute(
        select(
            each.c.topic_ids,
            each.c.main_topic_id,
            func.count(),
            func.sum(each.c.seen),
            func.sum(each.c.mistake),
        ).group_by(each.c.topic_ids, each.c.main_topic_id)
    )
    return [
        _Group(frozenset(int(topic_id) for topic_id in topic_ids.split(",")), *counts)
        for topic_ids, *counts in rows
    ]


def _syllabi(
    db: Session, forest: TopicForest, groups: Sequence[_Group], target: str | None
) -> tuple[SyllabusOffer, ...]:
    row = models.Syllabus
    titles = db.execute(
        select(row.id, row.title, row.title_en).where(row.status != "retired").order_by(row.position, row.id)
    )
    below, by_syllabus = _under_each(forest, groups)
    children: dict[tuple[str, int | None], list[int]] = {}
    for node in forest.nodes:
        children.setdefault((node.syllabus_id, node.parent_id), []).append(node.id)

    def offers(syllabus_id: str, parent_id: int | None) -> tuple[TopicOffer, ...]:
        found = (forest.by_id[topic_id] for topic_id in children.get((syllabus_id, parent_id), ()))
        return tuple(
            TopicOffer(node.key, node.name, node.name_en, below[node.id], offers(syllabus_id, node.id))
            for node in found
            if below[node.id]
        )

    made = [
        SyllabusOffer(key, title, title_en, key == target, by_syllabus.get(key, 0), offers(key, None))
        for key, title, title_en in titles
    ]
    return tuple(sorted((each for each in made if each.topics), key=lambda each: not each.is_target))


def _under_each(forest: TopicForest, groups: Sequence[_Group]) -> tuple[dict[int, int], dict[str, int]]:
    """Questions by topic, for the topic or one below it, and by syllabus.

    A question counts once in each, however many of their topics it names.
    """
    by_topic: dict[int, int] = dict.fromkeys(forest.by_id, 0)
    by_syllabus: dict[str, int] = {}
    for group in groups:
        above = {topic_id for named in group.topic_ids for topic_id in forest.up_from(named)}
        for topic_id in above:
            by_topic[topic_id] += group.questions
        for syllabus_id in {forest.by_id[topic_id].syllabus_id for topic_id in above}:
            by_syllabus[syllabus_id] = by_syllabus.get(syllabus_id, 0) + group.questions
    return by_topic, by_syllabus
