"""Practice: sets of questions, answers to them and to the check questions of study sessions, reported faults."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.errors import Invalid, NotFound
from studyhub.domain.home import todays_chance
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.practice import Length, Mode, Pick, choose, shown_order
from studyhub.domain.questions import from_data
from studyhub.persistence.models import (
    PracticeItem,
    PracticeSet,
    Question,
    QuestionReport,
    QuestionRevision,
)
from studyhub.persistence.practice import (
    field_weights,
    load_candidates,
    load_forest,
    load_target,
    load_topic_states,
    target_fields,
)
from studyhub.services import progress
from studyhub.services.assignments import settle_topics_of

REPORT_KINDS = ("wrong_key", "unclear", "outdated", "typing", "other")
MOST_REPORT_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class StartSet:
    """``topic_key`` goes with the mode that names a topic, and with no other."""

    mode: Mode
    length: Length
    topic_key: str | None = None


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    revision_id: int
    kind: str
    text: str


def start_set(db: Session, actor: Actor, command: StartSet, now: datetime, rng: Random) -> str | None:
    """The id of the new set, which takes the place of one that runs; None when no question fits the mode."""
    require(actor, Permission.STUDY)
    topic_id, picks = _choose(db, actor, command, now, rng)
    if not picks:
        return None
    _leave_running(db, actor, now)
    practice_set = PracticeSet(
        id=str(UUID(int=rng.getrandbits(128), version=4)),
        user_id=actor.user_id,
        mode=command.mode.value,
        topic_id=topic_id,
        minutes=command.length.minutes,
        created_at=now,
    )
    db.add(practice_set)
    db.flush()
    db.execute(insert(PracticeItem), _items(db, practice_set.id, picks, rng))
    return practice_set.id


def finish_set(db: Session, actor: Actor, set_id: str, now: datetime) -> None:
    """Also when questions are left; a set that ended before stays as it ended."""
    owned = PracticeSet.id == set_id, PracticeSet.user_id == actor.user_id
    if db.scalar(select(PracticeSet.id).where(*owned)) is None:
        raise NotFound
    db.execute(
        update(PracticeSet)
        .where(*owned, PracticeSet.state == "running")
        .values(state="finished", ended_at=now)
        .execution_options(synchronize_session=False)
    )
    settle_topics_of(db, actor.user_id, now)


def report_question(db: Session, actor: Actor, command: ReportQuestion, now: datetime) -> None:
    """Somebody's second report of the same fault changes the first while that is open."""
    if command.kind not in REPORT_KINDS:
        raise Invalid("問題のどこが誤っているかを選んでください。", field="kind")
    if len(command.text) > MOST_REPORT_CHARACTERS:
        raise Invalid(
            "説明は%(count)s文字以内で入力してください。", field="text", count=MOST_REPORT_CHARACTERS
        )
    _check_reportable(db, command.revision_id)
    before = db.scalar(
        select(QuestionReport).where(
            QuestionReport.user_id == actor.user_id,
            QuestionReport.revision_id == command.revision_id,
            QuestionReport.kind == command.kind,
            QuestionReport.state == "open",
        )
    )
    if before is not None:
        before.text = command.text or before.text
    else:
        db.add(
            QuestionReport(
                user_id=actor.user_id,
                revision_id=command.revision_id,
                kind=command.kind,
                text=command.text,
                created_at=now,
            )
        )
    db.flush()


def _check_reportable(db: Session, revision_id: int) -> None:
    shown = db.scalar(
        select(Question.id)
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .where(QuestionRevision.id == revision_id, Question.status.in_(("published", "retired")))
    )
    if shown is None:
        raise NotFound


def _choose(
    db: Session, actor: Actor, command: StartSet, now: datetime, rng: Random
) -> tuple[int | None, tuple[Pick, ...]]:
    forest, target = load_forest(db), load_target(db, actor.user_id)
    fields = target_fields(db, forest, target)
    topic_id: int | None = None
    wanted: Collection[int] | None = None
    if command.mode is Mode.TOPIC:
        topic = forest.by_key.get(command.topic_key or "")
        if topic is None:
            raise NotFound
        topic_id, wanted = topic.id, forest.under(topic.id)
    elif command.mode is not Mode.MISTAKES:  # what was once answered wrong is worth a look under any target
        wanted = fields
    candidates = load_candidates(db, actor.user_id, wanted)
    states = load_topic_states(db, actor.user_id, forest, fields, now)
    # The set of the day is the one that the home page announces.
    chance = todays_chance(actor.user_id, office_day(now)) if command.mode is Mode.TODAY else rng
    picks = choose(
        candidates, states, field_weights(forest, target), command.mode, command.length, chance, now
    )
    return topic_id, picks


def _leave_running(db: Session, actor: Actor, now: datetime) -> None:
    progress.take_turn(db, actor.user_id)  # two devices that start a set at once: neither fails
    db.execute(
        update(PracticeSet)
        .where(PracticeSet.user_id == actor.user_id, PracticeSet.state == "running")
        .values(state="left", ended_at=now)
        .execution_options(synchronize_session=False)
    )


def _items(db: Session, set_id: str, picks: tuple[Pick, ...], rng: Random) -> list[dict[str, Any]]:
    ids = [pick.candidate.revision_id for pick in picks]
    stored = select(QuestionRevision.id, QuestionRevision.data).where(QuestionRevision.id.in_(ids))
    data = {row.id: row.data for row in db.execute(stored)}
    return [
        {
            "practice_set_id": set_id,
            "position": position,
            "revision_id": pick.candidate.revision_id,
            "shown_order": shown_order(from_data(data[pick.candidate.revision_id]), rng),
            "reason": pick.reason.value,
        }
        for position, pick in enumerate(picks, start=1)
    ]
