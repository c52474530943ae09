"""What the pages of a practice set show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.practice import Mode, Reason
from studyhub.persistence import models
from studyhub.reads.marked import Feedback, feedback
from studyhub.reads.questions import ShownQuestion, shown_question
from studyhub.reads.teaching import TeachingPage, teaching_pages


@dataclass(frozen=True, slots=True)
class TopicName:
    id: int
    key: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Step:
    position: int
    answered: bool
    correct: bool


@dataclass(frozen=True, slots=True)
class SetState:
    """``current`` is the first position without an answer, None when there is none."""

    id: str
    mode: Mode
    state: str
    created_at: datetime
    steps: tuple[Step, ...]

    @property
    def current(self) -> int | None:
        return next((step.position for step in self.steps if not step.answered), None)

    def after(self, position: int) -> int | None:
        """Where to go from there: the next one without an answer, from the start again at the end."""
        later = (step.position for step in self.steps if not step.answered and step.position > position)
        return next(later, self.current)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One question of a set: ``shown`` while it is not answered, then ``feedback``."""

    set: SetState
    position: int
    reason: Reason
    topic_path: tuple[TopicName, ...]
    revision_id: int
    shown: ShownQuestion | None
    feedback: Feedback | None


@dataclass(frozen=True, slots=True)
class ResultItem:
    position: int
    plain: str
    topic: TopicName
    answered: bool
    correct: bool
    unsure: bool


@dataclass(frozen=True, slots=True)
class TopicResult:
    topic: TopicName
    correct: int
    answered: int


@dataclass(frozen=True, slots=True)
class Result:
    """``by_topic`` with the weakest first; ``teaches`` is the page for the first question that went wrong."""

    set: SetState
    items: tuple[ResultItem, ...]
    by_topic: tuple[TopicResult, ...]
    teaches: TeachingPage | None

    @property
    def answered(self) -> int:
        return sum(item.answered for item in self.items)

    @property
    def correct(self) -> int:
        return sum(item.correct for item in self.items)


def set_state(db: Session, actor: Actor, set_id: str) -> SetState:
    """Raises NotFound for anybody else's set."""
    row, item, response = models.PracticeSet, models.PracticeItem, models.Response
    found = db.execute(
        select(row.mode, row.state, row.created_at, item.position, response.id, response.correct)
        .join(item, item.practice_set_id == row.id)
        .outerjoin(response, response.id == item.response_id)
        .where(row.id == set_id, row.user_id == actor.user_id)
        .order_by(item.position)
    ).all()
    if not found:
        raise NotFound
    steps = tuple(Step(f.position, f.id is not None, bool(f.correct)) for f in found)
    return SetState(set_id, Mode(found[0].mode), found[0].state, found[0].created_at, steps)


def sitting(db: Session, actor: Actor, set_id: str, position: int) -> Sitting:
    """Raises NotFound for a position that the set does not have. Holds no key while the item has no answer."""
    state = set_state(db, actor, set_id)
    item, revision, question, response = (
        models.PracticeItem, models.QuestionRevision, models.Question, models.Response,
    )  # fmt: skip
    found = db.execute(
        select(item, revision, question.key, question.main_topic_id, question.teaches, response)
        .join(revision, item.revision_id == revision.id)
        .join(question, revision.question_id == question.id)
        .outerjoin(response, response.id == item.response_id)
        .where(item.practice_set_id == set_id, item.position == position)
    ).one_or_none()
    if found is None:
        raise NotFound
    shown_item, shown_revision, key, topic_id, teaches, response_row = found
    given: models.Response | None = response_row
    order = shown_item.shown_order
    return Sitting(
        set=state,
        position=position,
        reason=Reason(shown_item.reason),
        topic_path=topic_path(db, topic_id),
        revision_id=shown_revision.id,
        shown=None if given is not None else shown_question(key, shown_revision, order),
        feedback=_feedback(db, shown_revision, order, given, teaches) if given is not None else None,
    )


def _feedback(
    db: Session,
    revision: models.QuestionRevision,
    order: Sequence[Any],
    response: models.Response,
    teaches: str,
) -> Feedback:
    marked = db.scalar(
        select(models.UnsureMark.response_id).where(models.UnsureMark.response_id == response.id)
    )
    page = teaching_pages(db, [teaches]).get(teaches)
    return feedback(revision, order, response, marked is not None, page)


def topic_path(db: Session, topic_id: int) -> tuple[TopicName, ...]:
    """From the root of the tree down to the topic."""
    row = models.Topic
    own = select(row.id, row.parent_id, row.depth).where(row.id == topic_id).cte("path", recursive=True)
    above = aliased(row)
    path = own.union_all(
        select(above.id, above.parent_id, above.depth).join(own, above.id == own.c.parent_id)
    )
    rows = db.execute(
        select(row.id, row.key, row.name, row.name_en).join(path, path.c.id == row.id).order_by(path.c.depth)
    )
    return tuple(TopicName(*found) for found in rows)


def result(db: Session, actor: Actor, set_id: str) -> Result:
    state = set_state(db, actor, set_id)
    item, revision, question, topic = (
        models.PracticeItem, models.QuestionRevision, models.Question, models.Topic,
    )  # fmt: skip
    response, mark = models.Response, models.UnsureMark
    rows = db.execute(
        select(
            item.position, revision.plain, topic.id, topic.key, topic.name, topic.name_en,
            response.correct, response.unsure, mark.response_id.label("marked"), question.teaches,
        )
        .join(revision, item.revision_id == revision.id)
        .join(question, revision.question_id == question.id)
        .join(topic, question.main_topic_id == topic.id)
        .outerjoin(response, response.id == item.response_id)
        .outerjoin(mark, mark.response_id == response.id)
        .where(item.practice_set_id == set_id)
        .order_by(item.position)
    ).all()  # fmt: skip
    items = tuple(
        ResultItem(
            position=row.position,
            plain=row.plain,
            topic=TopicName(row.id, row.key, row.name, row.name_en),
            answered=row.correct is not None,
            correct=bool(row.correct),
            unsure=bool(row.unsure) or row.marked is not None,
        )
        for row in rows
    )
    wrong = [row.teaches for row in rows if row.correct is False and row.teaches]
    pages = teaching_pages(db, wrong)
    return Result(state, items, _by_topic(items), next((pages[t] for t in wrong if t in pages), None))


def _by_topic(items: Sequence[ResultItem]) -> tuple[TopicResult, ...]:
    answered = [item for item in items if item.answered]
    topics = {item.topic.id: item.topic for item in answered}
    results = [
        TopicResult(
            topic,
            sum(item.correct for item in answered if item.topic.id == topic_id),
            sum(item.topic.id == topic_id for item in answered),
        )
        for topic_id, topic in topics.items()
    ]
    return tuple(sorted(results, key=lambda each: (each.correct / each.answered, -each.answered)))
