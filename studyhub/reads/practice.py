"""What the pages of a practice set show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.practice import Mode, Reason
from studyhub.persistence import models
from studyhub.persistence.marks import counting_correct, is_standing, standing
from studyhub.reads.marked import Feedback, feedback, regraded
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
    """One that was ended early can be gone on with; one left for another cannot."""

    id: str
    mode: Mode
    state: str
    created_at: datetime
    steps: tuple[Step, ...]

    @property
    def to_answer(self) -> tuple[int, ...]:
        """Positions without an answer."""
        if self.state == "left":
            return ()
        return tuple(step.position for step in self.steps if not step.answered)

    @property
    def current(self) -> int | None:
        return next(iter(self.to_answer), None)

    def after(self, position: int) -> int | None:
        """Where to go from there: the next one without an answer, from the start again at the end."""
        return next((later for later in self.to_answer if later > position), self.current)


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


_new_revision = aliased(models.QuestionRevision)
# Built once: putting a statement together costs more than running it.
_STATE = (
    select(
        models.PracticeSet.mode, models.PracticeSet.state, models.PracticeSet.created_at,
        models.PracticeItem.position, models.Response.id, counting_correct.label("correct"),
    )
    .join(models.PracticeItem, models.PracticeItem.practice_set_id == models.PracticeSet.id)
    .outerjoin(models.Response, models.Response.id == models.PracticeItem.response_id)
    .outerjoin(standing, is_standing)
    .where(models.PracticeSet.id == bindparam("set_id"), models.PracticeSet.user_id == bindparam("user_id"))
    .order_by(models.PracticeItem.position)
)  # fmt: skip
_ITEM = (
    select(
        models.PracticeItem.shown_order, models.PracticeItem.reason, models.QuestionRevision, models.Question.key,
        models.Question.main_topic_id, models.Question.teaches, models.Response, models.UnsureMark.response_id,
        standing, models.Correction, _new_revision,
    )
    .join(models.QuestionRevision, models.PracticeItem.revision_id == models.QuestionRevision.id)
    .join(models.Question, models.QuestionRevision.question_id == models.Question.id)
    .outerjoin(models.Response, models.Response.id == models.PracticeItem.response_id)
    .outerjoin(models.UnsureMark, models.UnsureMark.response_id == models.Response.id)
    .outerjoin(standing, is_standing)
    .outerjoin(models.Correction, models.Correction.id == standing.correction_id)
    .outerjoin(_new_revision, _new_revision.id == models.Correction.new_revision_id)
    .where(
        models.PracticeItem.practice_set_id == bindparam("set_id"),
        models.PracticeItem.position == bindparam("position"),
    )
)  # fmt: skip


def set_state(db: Session, actor: Actor, set_id: str) -> SetState:
    """Raises NotFound for anybody else's set."""
    found = db.execute(_STATE, {"set_id": set_id, "user_id": actor.user_id}).all()
    if not found:
        raise NotFound
    steps = tuple(Step(f.position, f.id is not None, bool(f.correct)) for f in found)
    return SetState(set_id, Mode(found[0].mode), found[0].state, found[0].created_at, steps)


def sitting(db: Session, actor: Actor, set_id: str, position: int) -> Sitting:
    """Raises NotFound for a position that the set does not have. Holds no key while the item has no answer."""
    state = set_state(db, actor, set_id)
    found = db.execute(_ITEM, {"set_id": set_id, "position": position}).one_or_none()
    if found is None:
        raise NotFound
    order, reason, revision, key, topic_id, teaches, response, marked, *changed = found
    given: models.Response | None = response
    return Sitting(
        set=state,
        position=position,
        reason=Reason(reason),
        topic_path=topic_path(db, topic_id),
        revision_id=revision.id,
        shown=None if given is not None else shown_question(key, revision, order),
        feedback=None
        if given is None
        else feedback(
            revision,
            order,
            given,
            marked is not None,
            teaching_pages(db, [teaches]).get(teaches),
            regraded(*changed),
        ),
    )


def topic_path(db: Session, topic_id: int) -> tuple[TopicName, ...]:
    """From the root of the tree down to the topic."""
    return tuple(TopicName(*found) for found in db.execute(_TOPIC_PATH, {"topic_id": topic_id}))


def _path_upwards() -> Select[int, str, str, str]:
    row, above = models.Topic, aliased(models.Topic)
    own = select(row.id, row.parent_id, row.depth).where(row.id == bindparam("topic_id"))
    begun = own.cte("path", recursive=True)
    path = begun.union_all(
        select(above.id, above.parent_id, above.depth).join(begun, above.id == begun.c.parent_id)
    )
    named = select(row.id, row.key, row.name, row.name_en).join(path, path.c.id == row.id)
    return named.order_by(path.c.depth)


_TOPIC_PATH = _path_upwards()


def result(db: Session, actor: Actor, set_id: str) -> Result:
    state = set_state(db, actor, set_id)
    item, revision, question, topic = (
        models.PracticeItem, models.QuestionRevision, models.Question, models.Topic,
    )  # fmt: skip
    response, mark = models.Response, models.UnsureMark
    rows = db.execute(
        select(
            item.position, revision.plain, topic.id, topic.key, topic.name, topic.name_en,
            counting_correct.label("correct"), response.unsure, mark.response_id.label("marked"), question.teaches,
        )
        .join(revision, item.revision_id == revision.id)
        .join(question, revision.question_id == question.id)
        .join(topic, question.main_topic_id == topic.id)
        .outerjoin(response, response.id == item.response_id)
        .outerjoin(mark, mark.response_id == response.id)
        .outerjoin(standing, is_standing)
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
