"""Questions and their immutable revisions: many at once, in a number of statements that grows by the batch.

What was answered stays pinned to the revision it was answered in. A new revision is written only when what the author
wrote (or a figure in it) changed; a status changes without one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from studyhub.domain import questions as domain
from studyhub.domain.errors import Conflict, Invalid
from studyhub.persistence.models import Question, QuestionRevision, QuestionTopic
from studyhub.services.content_sync.syllabi import topic_ids

BATCH = 500
"""Keys in one IN list: far below the 999 variables that old SQLite allows."""

Origin = Literal["pool", "import", "studio"]
Element = TypeVar("Element")


@dataclass(frozen=True, slots=True)
class PreparedQuestion:
    """`html` and `plain` are None where the revision that is held already says the same."""

    question: domain.Question
    revision_hash: str
    fingerprint: str
    html: dict[str, Any] | None = None
    plain: str = ""


@dataclass(frozen=True, slots=True)
class HeldQuestion:
    id: int
    origin: str
    status: str
    revision_hash: str


@dataclass(frozen=True, slots=True)
class StoredQuestions:
    created: int = 0
    revised: int = 0
    retopiced: frozenset[int] = field(default_factory=frozenset)
    """Ids of known questions that now count for other topics: their progress must be rebuilt."""


def revision_hash(question: domain.Question, figure_hashes: Sequence[str] = ()) -> str:
    """Of all that a revision shows; a figure that was redrawn under the same name makes a new one."""
    own = domain.content_hash(question)
    if not figure_hashes:
        return own
    return hashlib.sha256("\n".join([own, *sorted(figure_hashes)]).encode()).hexdigest()


def held_questions(db: Session, keys: Iterable[str]) -> dict[str, HeldQuestion]:
    found: dict[str, HeldQuestion] = {}
    for batch in batches(sorted(set(keys)), BATCH):
        rows = db.execute(
            select(
                Question.key,
                Question.id,
                Question.origin,
                Question.status,
                func.coalesce(QuestionRevision.content_hash, "").label("revision_hash"),
            )
            .outerjoin(QuestionRevision, QuestionRevision.id == Question.current_revision_id)
            .where(Question.key.in_(batch))
        )
        for row in rows:
            found[row.key] = HeldQuestion(row.id, row.origin, row.status, row.revision_hash)
    return found


def store_questions(
    db: Session,
    prepared: Sequence[PreparedQuestion],
    origin: Origin,
    now: datetime,
    *,
    author_id: int | None = None,
) -> StoredQuestions:
    """Raises Conflict when a key belongs to a question of the other origin, Invalid for an unknown topic. What is stored
    for the studio, by ``author_id``, belongs to it from then on, wherever it came from."""
    if not prepared:
        return StoredQuestions()
    topics = topic_ids(db)
    held = held_questions(db, (entry.question.id for entry in prepared))
    _refuse_strangers(held, origin)
    refuse_unknown_topics(db, [entry.question for entry in prepared])
    new = [entry for entry in prepared if entry.question.id not in held]
    ids = {key: row.id for key, row in held.items()} | _insert_questions(db, new, origin, topics, author_id)
    _update_questions(db, prepared, held, origin, topics)
    revised = _insert_revisions(db, prepared, ids, now, author_id)
    _show_newest_revisions(db, revised)
    retopiced = _replace_topics(db, prepared, ids, topics) & {row.id for row in held.values()}
    return StoredQuestions(len(new), len(revised) - len(new), frozenset(retopiced))


def refuse_unknown_topics(db: Session, asked: Iterable[domain.Question]) -> None:
    unknown = {key for question in asked for key in question.topics} - topic_ids(db).keys()
    if unknown:
        raise Invalid(
            "分野「%(topics)s」がデータベースにありません。先に studyhub content sync を実行してください。",
            topics="、".join(sorted(unknown)[:5]),
        )


def retire_questions(db: Session, keys: Iterable[str]) -> None:
    """Gone from the files, kept in the log: what was answered stays answerable for."""
    for batch in batches(list(keys), BATCH):
        db.execute(
            update(Question)
            .where(Question.key.in_(batch))
            .values(status=domain.QuestionStatus.RETIRED.value, fingerprint="")
            .execution_options(synchronize_session=False)
        )


def questions_of_topics(db: Session, topics: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for batch in batches(sorted(topics), BATCH):
        found.update(db.scalars(select(QuestionTopic.question_id).where(QuestionTopic.topic_id.in_(batch))))
    return found


def batches(elements: Sequence[Element], size: int) -> Iterator[Sequence[Element]]:
    for start in range(0, len(elements), size):
        yield elements[start : start + size]


def _refuse_strangers(held: dict[str, HeldQuestion], origin: Origin) -> None:
    for key, row in held.items():
        if origin != "studio" and row.origin != origin:
            raise Conflict("問題「%(key)s」は、取り込んだ問題と問題集の両方にあります。", key=key)


def _insert_questions(
    db: Session,
    new: Sequence[PreparedQuestion],
    origin: Origin,
    topics: dict[str, int],
    author_id: int | None,
) -> dict[str, int]:
    own = {"origin": origin, "author_id": author_id}
    rows = [{"key": entry.question.id, **own, **_columns(entry, topics)} for entry in new]
    if not rows:
        return {}
    inserted = db.execute(insert(Question).returning(Question.key, Question.id), rows)
    return {row.key: row.id for row in inserted}


def _columns(entry: PreparedQuestion, topics: dict[str, int]) -> dict[str, Any]:
    return {
        "status": entry.question.status.value,
        "main_topic_id": topics[entry.question.main_topic],
        "teaches": entry.question.teaches or "",
        "fingerprint": entry.fingerprint,
    }


def _insert_revisions(
    db: Session,
    prepared: Sequence[PreparedQuestion],
    ids: dict[str, int],
    now: datetime,
    author_id: int | None,
) -> list[int]:
    """The ids of the questions that have a new revision."""
    fresh = [entry for entry in prepared if entry.html is not None]
    question_ids = [ids[entry.question.id] for entry in fresh]
    numbers = _last_numbers(db, question_ids)
    for batch in batches(fresh, BATCH):
        rows = [
            _revision_row(entry, ids[entry.question.id], numbers, now) | {"created_by": author_id}
            for entry in batch
        ]
        db.execute(insert(QuestionRevision), rows)
    return question_ids


def _last_numbers(db: Session, ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for batch in batches(ids, BATCH):
        rows = db.execute(
            select(QuestionRevision.question_id, func.max(QuestionRevision.number).label("last"))
            .where(QuestionRevision.question_id.in_(batch))
            .group_by(QuestionRevision.question_id)
        )
        found.update((row.question_id, row.last) for row in rows)
    return found


def _revision_row(
    entry: PreparedQuestion, question_id: int, numbers: dict[int, int], now: datetime
) -> dict[str, Any]:
    question = entry.question
    return {
        "question_id": question_id,
        "number": numbers.get(question_id, 0) + 1,
        "content_hash": entry.revision_hash,
        "kind": question.kind.value,
        "level": question.level.value if question.level else None,
        "data": domain.to_data(question),
        "html": entry.html,
        "plain": entry.plain,
        "expected_facility": question.expected_facility,
        "source_line": question.source_line or "",
        "created_at": now,
    }


def _update_questions(
    db: Session,
    prepared: Sequence[PreparedQuestion],
    held: dict[str, HeldQuestion],
    origin: Origin,
    topics: dict[str, int],
) -> None:
    known = [entry for entry in prepared if entry.question.id in held]
    rows = [
        {"id": held[entry.question.id].id, "origin": origin, **_columns(entry, topics)} for entry in known
    ]
    if rows:
        db.execute(update(Question), rows)


def _show_newest_revisions(db: Session, ids: Sequence[int]) -> None:
    newest = (
        select(func.max(QuestionRevision.id))
        .where(QuestionRevision.question_id == Question.id)
        .scalar_subquery()
    )
    for batch in batches(ids, BATCH):
        db.execute(
            update(Question)
            .where(Question.id.in_(batch))
            .values(current_revision_id=newest)
            .execution_options(synchronize_session=False)
        )


def _replace_topics(
    db: Session, prepared: Sequence[PreparedQuestion], ids: dict[str, int], topics: dict[str, int]
) -> set[int]:
    wanted = {
        ids[entry.question.id]: [topics[key] for key in dict.fromkeys(entry.question.topics)]
        for entry in prepared
    }
    held = _held_topics(db, sorted(wanted))
    changed = [id_ for id_, listed in wanted.items() if held.get(id_, []) != listed]
    for batch in batches(changed, BATCH):
        db.execute(
            delete(QuestionTopic)
            .where(QuestionTopic.question_id.in_(batch))
            .execution_options(synchronize_session=False)
        )
    rows = [
        {"question_id": id_, "topic_id": topic, "position": position}
        for id_ in changed
        for position, topic in enumerate(wanted[id_])
    ]
    if rows:
        db.execute(insert(QuestionTopic), rows)
    return set(changed)


def _held_topics(db: Session, ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for batch in batches(ids, BATCH):
        rows = db.execute(
            select(QuestionTopic.question_id, QuestionTopic.topic_id)
            .where(QuestionTopic.question_id.in_(batch))
            .order_by(QuestionTopic.question_id, QuestionTopic.position)
        )
        for row in rows:
            found.setdefault(row.question_id, []).append(row.topic_id)
    return found
