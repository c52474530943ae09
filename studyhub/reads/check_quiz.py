"""The check questions of a study session, and the pool to pick from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from studyhub.domain.errors import NotFound
from studyhub.domain.questions import QuestionStatus
from studyhub.persistence.models import (
    Question,
    QuestionRevision,
    QuestionTopic,
    StudySession,
    StudySessionRevision,
    Topic,
)
from studyhub.persistence.settings import load_settings
from studyhub.reads.rows import AnyRow
from studyhub.reads.study_sessions import Named, topics_of

FOUND_A_PAGE = 20
_STEM_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class QuizFilter:
    text: str = ""
    topic: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class PoolQuestion:
    """``is_known`` is False for a key that no question has any more."""

    key: str
    stem: str
    topic: str
    topic_en: str
    kind: str
    status: str
    expected_facility: float

    @property
    def is_known(self) -> bool:
        return bool(self.status)

    @property
    def is_published(self) -> bool:
        return self.status == QuestionStatus.PUBLISHED


@dataclass(frozen=True, slots=True)
class CheckQuiz:
    """``inside`` stand in the notes and are moved there; ``after`` follow the notes in this order."""

    key: str
    title: str
    is_published: bool
    inside: tuple[PoolQuestion, ...]
    after: tuple[PoolQuestion, ...]
    topics: tuple[Named, ...]
    found: tuple[PoolQuestion, ...]
    count: int
    filter: QuizFilter
    needs_review: bool

    @property
    def unpublished(self) -> tuple[str, ...]:
        """Keys of the picked questions that officers cannot see yet."""
        picked = (*self.inside, *self.after)
        return tuple(each.key for each in picked if each.is_known and not each.is_published)

    @property
    def pages(self) -> int:
        return -(-self.count // FOUND_A_PAGE)


def check_quiz(db: Session, key: str, wanted: QuizFilter) -> CheckQuiz:
    """Without a filter, questions of the session's own topics are offered. Raises NotFound."""
    row = db.execute(
        select(StudySession, StudySessionRevision)
        .join(StudySessionRevision, StudySessionRevision.id == StudySession.current_revision_id)
        .where(StudySession.key == key, StudySession.deleted_at.is_(None))
    ).first()
    if row is None:
        raise NotFound
    study_session, revision = row
    inside = [content for kind, content in revision.segments if kind == "question"]
    named = list(dict.fromkeys([*inside, *revision.checks]))
    held = {each.key: each for each in _questions(db, [Question.key.in_(named)], len(named) or 1, 0)}
    topics = topics_of(db, [study_session.id])[study_session.id]
    conditions = _conditions(wanted, [topic.key for topic in topics], named)
    count = db.scalar(_counted(conditions)) or 0
    offset = (max(1, wanted.page) - 1) * FOUND_A_PAGE
    return CheckQuiz(
        key=key,
        title=study_session.title,
        is_published=study_session.status == "published",
        inside=tuple(held.get(each) or _gone(each) for each in dict.fromkeys(inside)),
        after=tuple(held.get(each) or _gone(each) for each in revision.checks if each not in inside),
        topics=topics,
        found=_questions(db, conditions, FOUND_A_PAGE, offset),
        count=count,
        filter=wanted,
        needs_review=load_settings(db).questions_need_review,
    )


def _gone(key: str) -> PoolQuestion:
    return PoolQuestion(key, "", "", "", "", "", 0.0)


def _conditions(
    wanted: QuizFilter, own_topics: Sequence[str], named: Sequence[str]
) -> list[ColumnElement[bool]]:
    conditions = [Question.status == QuestionStatus.PUBLISHED.value, Question.key.not_in(named)]
    conditions.extend(
        QuestionRevision.plain.icontains(word, autoescape=True)
        | Question.key.icontains(word, autoescape=True)
        for word in wanted.text.split()[:8]
    )
    topics = [wanted.topic] if wanted.topic else [] if wanted.text else list(own_topics)
    if topics:
        asked = aliased(Topic)  # any of a question's topics, not only the main one that the rows show
        conditions.append(
            exists().where(
                QuestionTopic.question_id == Question.id,
                QuestionTopic.topic_id == asked.id,
                asked.key.in_(topics),
            )
        )
    return conditions


def _counted(conditions: Sequence[ColumnElement[bool]]) -> Any:
    return (
        select(func.count())
        .select_from(Question)
        .join(QuestionRevision, QuestionRevision.id == Question.current_revision_id)
        .where(*conditions)
    )


def _questions(
    db: Session, conditions: Sequence[ColumnElement[bool]], limit: int, offset: int
) -> tuple[PoolQuestion, ...]:
    rows = db.execute(
        select(
            Question.key,
            Question.status,
            QuestionRevision.plain,
            QuestionRevision.kind,
            QuestionRevision.expected_facility,
            Topic.name,
            Topic.name_en,
        )
        .join(QuestionRevision, QuestionRevision.id == Question.current_revision_id)
        .join(Topic, Topic.id == Question.main_topic_id)
        .where(*conditions)
        .order_by(Question.key)
        .limit(limit)
        .offset(offset)
    )
    return tuple(_question(row) for row in rows)


def _question(row: AnyRow) -> PoolQuestion:
    stem = " ".join(row.plain.split())
    return PoolQuestion(
        key=row.key,
        stem=stem if len(stem) <= _STEM_CHARACTERS else f"{stem[:_STEM_CHARACTERS]}…",
        topic=row.name,
        topic_en=row.name_en,
        kind=row.kind,
        status=row.status,
        expected_facility=row.expected_facility,
    )
