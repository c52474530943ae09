"""Many questions changed at once: first a plan that can be read, then all of it or nothing.

``plan_bulk`` changes nothing. ``apply_bulk`` makes the plan again inside its transaction and refuses when it is no
longer the one that was looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.content.plan import digest
from studyhub.domain import questions as domain
from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.question_steps import status_when_saved
from studyhub.domain.questions import Level, QuestionStatus
from studyhub.persistence.models import Question, QuestionRevision, Topic
from studyhub.persistence.settings import load_settings
from studyhub.services import audit
from studyhub.services.question_checks import FieldFinding, Known, errors_of_rendered, load_known
from studyhub.services.question_editing import (
    RenderedQuestion,
    figure_hashes,
    figures_in,
    locked,
    store_revision,
)
from studyhub.services.question_review import set_status, title_of

MOST_AT_ONCE = 500


class Obstacle(StrEnum):
    """Why a question cannot be changed as it is asked."""

    NOT_SOUND = "not_sound"
    NEEDS_REVIEW = "needs_review"
    NOT_ITS_WAY = "not_its_way"
    """Its status does not lead there."""


class BulkAction(StrEnum):
    STATUS = "status"
    ADD_TOPIC = "add_topic"
    MAIN_TOPIC = "main_topic"
    """Replaces the first topic, which is the main one."""
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Bulk:
    """``value`` is a status, the key of a topic, or a level."""

    keys: tuple[str, ...]
    action: BulkAction | None
    value: str


@dataclass(frozen=True, slots=True)
class BulkChange:
    """``before`` and ``after`` as the action's values; topics one a line."""

    key: str
    title: str
    before: str
    after: str
    obstacle: Obstacle | None = None
    findings: tuple[FieldFinding, ...] = ()
    new_status: str = ""
    """Where the change sends a published question to a review."""


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """``unchanged`` counts those that are so already."""

    bulk: Bulk
    changes: tuple[BulkChange, ...]
    unchanged: int
    digest: str

    @property
    def blocked(self) -> tuple[BulkChange, ...]:
        return tuple(change for change in self.changes if change.obstacle)

    @property
    def free_keys(self) -> tuple[str, ...]:
        """What would be left after taking out those with an obstacle."""
        return tuple(change.key for change in self.changes if not change.obstacle)


def plan_bulk(db: Session, actor: Actor, bulk: Bulk) -> BulkPlan:
    """Raises Invalid for an action, a value or a number of questions that cannot be."""
    require(actor, Permission.WRITE_CONTENT)
    _require_sound(db, bulk)
    needs_review, known = load_settings(db).questions_need_review, load_known(db)
    changes, unchanged, seen = [], 0, []
    for row, revision in _rows(db, bulk.keys):
        change = _change(db, row, revision, bulk, needs_review, known)
        seen.append([row.key, revision.number, row.status])
        if change is None:
            unchanged += 1
        else:
            changes.append(change)
    return BulkPlan(bulk, tuple(changes), unchanged, digest([bulk.action, bulk.value, needs_review, seen]))


def apply_bulk(db: Session, actor: Actor, bulk: Bulk, plan_digest: str, now: datetime) -> int:
    """How many were changed. Raises Invalid where one of them cannot be, Conflict when the plan is no longer true."""
    require(actor, Permission.WRITE_CONTENT)
    for key in sorted(set(bulk.keys)):
        locked(db, key)
    plan = plan_bulk(db, actor, bulk)
    if plan.digest != plan_digest:
        raise Conflict("確認のあとで問題が変わりました。もう一度確認してください。")
    if plan.blocked:
        raise Invalid("変えられない問題があるため、何も変えませんでした。")
    known = load_known(db)
    for change in plan.changes:
        _apply(db, actor, bulk, change, now, known)
    audit.record(
        db, actor.user_id, "question.bulk", "question", len(plan.changes), now,
        change=bulk.action, value=bulk.value, keys=[change.key for change in plan.changes],
    )  # fmt: skip
    return len(plan.changes)


def _require_sound(db: Session, bulk: Bulk) -> None:
    if not bulk.keys:
        raise Invalid("問題を選んでください。", field="keys")
    if len(bulk.keys) > MOST_AT_ONCE:
        raise Invalid("一度に変えられるのは%(limit)s問までです。", field="keys", limit=MOST_AT_ONCE)
    match bulk.action:
        case BulkAction.STATUS:
            known = bulk.value in {"draft", "published", "retired"}
        case BulkAction.LEVEL:
            known = bulk.value in set(Level)
        case BulkAction.ADD_TOPIC | BulkAction.MAIN_TOPIC:
            known = db.scalar(select(Topic.id).where(Topic.key == bulk.value)) is not None
        case None:
            known = False
        case _:
            assert_never(bulk.action)
    if not known:
        raise Invalid("何をどう変えるかを選んでください。", field="action")


def _rows(db: Session, keys: Sequence[str]) -> list[tuple[Question, QuestionRevision]]:
    rows = db.execute(
        select(Question, QuestionRevision)
        .join(QuestionRevision, QuestionRevision.id == Question.current_revision_id)
        .where(Question.key.in_(set(keys)))
        .order_by(Question.key)
    )
    return [(question, revision) for question, revision in rows]


def _change(
    db: Session, row: Question, revision: QuestionRevision, bulk: Bulk, needs_review: bool, known: Known
) -> BulkChange | None:
    """None where it is so already."""
    title = title_of(revision.plain)
    held = domain.from_data(revision.data)
    if bulk.action is BulkAction.STATUS:
        if row.status == bulk.value:
            return None
        change = BulkChange(row.key, title, row.status, bulk.value)
        return _with_obstacle(db, change, held, needs_review, known)
    new = _changed(held, bulk)
    if new == held:
        return None
    status = status_when_saved(QuestionStatus(row.status), changed=True, needs_review=needs_review)
    new_status = "" if status.value == row.status else status.value
    change = BulkChange(row.key, title, _shown(held, bulk), _shown(new, bulk), new_status=new_status)
    # What officers see is checked again whenever it changes.
    errors = errors_of_rendered(db, new, known) if row.status == QuestionStatus.PUBLISHED else ()
    return replace(change, obstacle=Obstacle.NOT_SOUND, findings=errors) if errors else change


def _with_obstacle(
    db: Session, change: BulkChange, held: domain.Question, needs_review: bool, known: Known
) -> BulkChange:
    if change.after != QuestionStatus.PUBLISHED:
        possible = change.before != QuestionStatus.PUBLISHED or change.after == QuestionStatus.RETIRED
        return change if possible else replace(change, obstacle=Obstacle.NOT_ITS_WAY)
    if needs_review:
        return replace(change, obstacle=Obstacle.NEEDS_REVIEW)
    errors = errors_of_rendered(db, held, known)
    return replace(change, obstacle=Obstacle.NOT_SOUND, findings=errors) if errors else change


def _changed(held: domain.Question, bulk: Bulk) -> domain.Question:
    if bulk.action is BulkAction.LEVEL:
        return replace(held, level=Level(bulk.value))
    others = tuple(topic for topic in held.topics if topic != bulk.value)
    if bulk.action is BulkAction.MAIN_TOPIC:
        return replace(held, topics=(bulk.value, *(topic for topic in others if topic != held.main_topic)))
    return held if bulk.value in held.topics else replace(held, topics=(*held.topics, bulk.value))


def _shown(question: domain.Question, bulk: Bulk) -> str:
    if bulk.action is BulkAction.LEVEL:
        return question.level.value if question.level else ""
    return "\n".join(question.topics)


def _apply(db: Session, actor: Actor, bulk: Bulk, change: BulkChange, now: datetime, known: Known) -> None:
    row, revision = locked(db, change.key)
    if bulk.action is BulkAction.STATUS:
        set_status(db, actor, row, QuestionStatus(bulk.value), now)
        return
    question = _changed(domain.from_data(revision.data), bulk)
    hashes = figure_hashes(question, figures_in(db, revision.html))
    rendered = RenderedQuestion(question, dict(revision.html), revision.plain, hashes)
    store_revision(db, actor, row, revision, rendered, now, known)
