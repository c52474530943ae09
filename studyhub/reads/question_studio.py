"""One question as those who write it see it: its page and its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.question_steps import StatusStep, may_review, status_steps
from studyhub.domain.questions import (
    Question,
    QuestionStatus,
    from_data,
)
from studyhub.persistence import models
from studyhub.persistence.settings import load_settings
from studyhub.reads.question_list import shortened
from studyhub.reads.question_rows import question_rows, said_name
from studyhub.reads.question_seen import SeenQuestion, seen_question
from studyhub.reads.teaching import teaching_pages
from studyhub.reads.topic_search import NamedTopic, topics_with_paths


@dataclass(frozen=True, slots=True)
class QuestionVersion:
    """``by`` is empty for what came from files; ``is_correction`` for one that a correction wrote."""

    number: int
    at: datetime
    by: str
    is_current: bool
    is_correction: bool = False


@dataclass(frozen=True, slots=True)
class PastReview:
    """``by`` is empty when the reviewer is gone."""

    number: int
    by: str
    verdict: str
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A draft: the form's fields as typed."""

    fields: Mapping[str, list[str]]
    base_revision: int
    version: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionPage:
    key: str
    title: str
    question: Question
    revision_id: int
    version: QuestionVersion
    author: str
    origin: str
    status: QuestionStatus
    steps: tuple[StatusStep, ...]
    needs_review: bool
    may_review: bool
    seen: SeenQuestion
    topics: tuple[NamedTopic, ...]
    reviews: tuple[PastReview, ...]
    open_reports: int
    answers: int
    draft_at: datetime | None
    used_in: tuple[tuple[str, str], ...]
    """Key and title of the study sessions whose check asks it."""


@dataclass(frozen=True, slots=True)
class QuestionEditor:
    """``question`` is what is saved; None for something new."""

    key: str
    question: Question | None
    revision: int
    status: QuestionStatus
    answered: bool
    needs_review: bool
    draft: KeptQuestion | None


def question_page(db: Session, actor: Actor, key: str) -> QuestionPage:
    """Raises NotFound."""
    row, revision, author, by = question_rows(db, key)
    question = from_data(revision.data)
    needs_review = load_settings(db).questions_need_review
    status, numbers = QuestionStatus(row.status), _numbers(db, actor, row)
    pages = teaching_pages(db, [row.teaches])
    return QuestionPage(
        key=row.key,
        title=shortened(revision.plain),
        question=question,
        revision_id=revision.id,
        version=QuestionVersion(revision.number, revision.created_at, said_name(by), is_current=True),
        author=said_name(author),
        origin=row.origin,
        status=status,
        steps=status_steps(status, needs_review=needs_review),
        needs_review=needs_review,
        may_review=may_review(actor.user_id, row.author_id, revision.created_by),
        seen=seen_question(row.key, revision, question, pages.get(row.teaches), actor.user_id),
        topics=topics_with_paths(db, question.topics),
        reviews=_reviews(db, row.id),
        open_reports=numbers.open_reports,
        answers=numbers.answers,
        draft_at=numbers.draft_at,
        used_in=_used_in(db, row.key),
    )


def editor(db: Session, actor: Actor, key: str) -> QuestionEditor:
    """Raises NotFound."""
    row, revision, _author, _by = question_rows(db, key)
    return QuestionEditor(
        key=row.key,
        question=from_data(revision.data),
        revision=revision.number,
        status=QuestionStatus(row.status),
        answered=bool(_answers(db, row.id)),
        needs_review=load_settings(db).questions_need_review,
        draft=kept_question(db, actor, row.key),
    )


def new_editor(db: Session, actor: Actor, draft: str) -> QuestionEditor:
    """``draft`` names what the actor may have begun."""
    needs_review = load_settings(db).questions_need_review
    kept = kept_question(db, actor, draft)
    return QuestionEditor("", None, 0, QuestionStatus.DRAFT, False, needs_review, kept)


def kept_question(db: Session, actor: Actor, subject: str) -> KeptQuestion | None:
    draft = db.scalars(
        select(models.Draft).where(
            models.Draft.user_id == actor.user_id,
            models.Draft.kind == "question",
            models.Draft.subject == subject,
        )
    ).first()
    if draft is None:
        return None
    fields = {name: value if isinstance(value, list) else [value] for name, value in draft.fields.items()}
    return KeptQuestion(fields, draft.base_revision, draft.version, draft.saved_at)


def _revisions_of(question_id: int) -> Any:
    return select(models.QuestionRevision.id).where(models.QuestionRevision.question_id == question_id)


def _reviews(db: Session, question_id: int) -> tuple[PastReview, ...]:
    rows = db.execute(
        select(models.QuestionReview, models.QuestionRevision.number, models.User)
        .join(models.QuestionRevision, models.QuestionRevision.id == models.QuestionReview.revision_id)
        .outerjoin(models.User, models.User.id == models.QuestionReview.reviewer_id)
        .where(models.QuestionRevision.question_id == question_id)
        .order_by(models.QuestionReview.id.desc())
    )
    return tuple(
        PastReview(number, said_name(user), review.verdict, review.comment, review.at)
        for review, number, user in rows
    )


@dataclass(frozen=True, slots=True)
class _Numbers:
    open_reports: int
    answers: int
    draft_at: datetime | None


def _numbers(db: Session, actor: Actor, row: models.Question) -> _Numbers:
    """One statement."""
    report, response, draft = models.QuestionReport, models.Response, models.Draft
    of_question = _revisions_of(row.id)
    found = db.execute(
        select(
            select(func.count(report.id))
            .where(report.state == "open", report.revision_id.in_(of_question))
            .scalar_subquery(),
            select(func.count(response.id)).where(response.revision_id.in_(of_question)).scalar_subquery(),
            select(draft.saved_at)
            .where(draft.user_id == actor.user_id, draft.kind == "question", draft.subject == row.key)
            .scalar_subquery(),
        )
    ).one()
    return _Numbers(*found)


def _answers(db: Session, question_id: int) -> int:
    response = models.Response
    return db.scalar(
        select(func.count(response.id)).where(response.revision_id.in_(_revisions_of(question_id)))
    ) or 0  # fmt: skip


def _used_in(db: Session, key: str) -> tuple[tuple[str, str], ...]:
    """A key stands in the list of a revision's checks between quotes."""
    row, revision = models.StudySession, models.StudySessionRevision
    rows = db.execute(
        select(row.key, row.title, revision.checks)
        .join(revision, revision.id == row.current_revision_id)
        .where(row.deleted_at.is_(None), cast(revision.checks, String).contains(f'"{key}"', autoescape=True))
        .order_by(row.title)
    )
    return tuple((each.key, each.title) for each in rows if key in each.checks)
