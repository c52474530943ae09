"""The questions of the site as those who write them look for them: filtered, sorted, in pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.questions import Kind, Level, Origin, QuestionStatus
from studyhub.persistence.models import (
    Draft,
    Question,
    QuestionReport,
    QuestionRevision,
    QuestionTopic,
    Syllabus,
    Topic,
    User,
)
from studyhub.reads.rows import AnyRow

A_PAGE = 50
_STEM_CHARACTERS = 90
ME = "me"


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """Values as they stand in the address; empty for all. ``author`` is an id or ``me``; ``reports`` is ``open``."""

    text: str = ""
    topic: str = ""
    status: str = ""
    kind: str = ""
    level: str = ""
    author: str = ""
    origin: str = ""
    reports: str = ""
    sort: str = ""
    page: int = 1

    @property
    def narrowing(self) -> dict[str, str]:
        """What is set, but for the page."""
        names = ("text", "topic", "status", "kind", "level", "author", "origin", "reports", "sort")
        return {name: value for name in names if (value := getattr(self, name))}

    @property
    def is_set(self) -> bool:
        return bool(replace(self, sort="").narrowing)


@dataclass(frozen=True, slots=True)
class ListedQuestion:
    key: str
    stem: str
    kind: str
    level: str
    status: str
    origin: str
    topic: str
    topic_en: str
    author: str
    revision: int
    revised_at: datetime
    open_reports: int
    has_draft: bool


@dataclass(frozen=True, slots=True)
class TopicOption:
    """``depth`` counts from 0."""

    key: str
    name: str
    name_en: str
    depth: int


@dataclass(frozen=True, slots=True)
class TopicTree:
    title: str
    title_en: str
    topics: tuple[TopicOption, ...]


@dataclass(frozen=True, slots=True)
class UnfinishedQuestion:
    """A new question that was begun and not saved."""

    draft: str
    stem: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionList:
    rows: tuple[ListedQuestion, ...]
    count: int
    filter: QuestionFilter
    trees: tuple[TopicTree, ...]
    authors: tuple[tuple[int, str], ...]
    unfinished: tuple[UnfinishedQuestion, ...]
    any_at_all: bool

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // A_PAGE))


def question_list(db: Session, actor: Actor, wanted: QuestionFilter) -> QuestionList:
    """As many statements however many questions there are."""
    conditions = tuple(_conditions(actor, wanted))
    count = db.scalar(_joined(select(func.count()).select_from(Question)).where(*conditions)) or 0
    return QuestionList(
        rows=_rows(db, actor, wanted, conditions),
        count=count,
        filter=wanted,
        trees=topic_trees(db),
        authors=_authors(db),
        unfinished=_unfinished(db, actor),
        any_at_all=bool(count or db.scalar(select(exists().where(Question.id.is_not(None))))),
    )


def matching_keys(db: Session, actor: Actor, wanted: QuestionFilter, most: int) -> tuple[str, ...]:
    """Of all pages, in the order of the list."""
    statement = _joined(select(Question.key)).where(*_conditions(actor, wanted))
    return tuple(db.scalars(statement.order_by(*_order(wanted)).limit(most)))


def topic_trees(db: Session) -> tuple[TopicTree, ...]:
    """Every topic in use, by syllabus, parents before children."""
    rows = db.execute(
        select(Topic.key, Topic.name, Topic.name_en, Topic.depth, Syllabus.title, Syllabus.title_en)
        .join(Syllabus, Syllabus.id == Topic.syllabus_id)
        .where(~Topic.retired, Syllabus.status != "retired")
        .order_by(Syllabus.position, Syllabus.id, Topic.position)
    )
    return tuple(
        TopicTree(title, title_en, tuple(TopicOption(r.key, r.name, r.name_en, r.depth) for r in group))
        for (title, title_en), group in groupby(rows, key=lambda row: (row.title, row.title_en))
    )


def _joined(statement: Any) -> Any:
    return statement.join(QuestionRevision, QuestionRevision.id == Question.current_revision_id)


def _open_report() -> ColumnElement[bool]:
    of_question = select(QuestionRevision.id).where(QuestionRevision.question_id == Question.id)
    return exists().where(QuestionReport.state == "open", QuestionReport.revision_id.in_(of_question))


def _conditions(actor: Actor, wanted: QuestionFilter) -> Iterable[ColumnElement[bool]]:
    for word in wanted.text.split()[:8]:
        yield or_(
            QuestionRevision.plain.icontains(word, autoescape=True),
            Question.key.icontains(word, autoescape=True),
        )
    if wanted.status in set(QuestionStatus):
        yield Question.status == wanted.status
    if wanted.kind in set(Kind):
        yield QuestionRevision.kind == wanted.kind
    if wanted.level in set(Level):
        yield QuestionRevision.level == wanted.level
    if wanted.origin in set(Origin):
        yield Question.origin == wanted.origin
    if wanted.author == ME:
        yield Question.author_id == actor.user_id
    elif wanted.author.isascii() and wanted.author.isdigit() and len(wanted.author) < 10:
        yield Question.author_id == int(wanted.author)
    if wanted.reports:
        yield _open_report()
    if wanted.topic:
        yield _on_topic(wanted.topic)


def _on_topic(key: str) -> ColumnElement[bool]:
    """The topic itself or one below it, whether it is a question's main one or another."""
    below = select(Topic.id).where(Topic.key == key).cte("below", recursive=True)
    below = below.union_all(select(Topic.id).join(below, Topic.parent_id == below.c.id))
    return exists().where(
        and_(QuestionTopic.question_id == Question.id, QuestionTopic.topic_id.in_(select(below.c.id)))
    )


def _order(wanted: QuestionFilter) -> tuple[ColumnElement[Any], ...]:
    newest = QuestionRevision.created_at.desc()
    by_name: dict[str, tuple[ColumnElement[Any], ...]] = {
        "key": (Question.key.asc(),),
        "easy": (QuestionRevision.expected_facility.desc().nulls_last(), Question.key.asc()),
        "hard": (QuestionRevision.expected_facility.asc().nulls_last(), Question.key.asc()),
    }
    return by_name.get(wanted.sort, (newest, Question.key.asc()))


def _rows(
    db: Session, actor: Actor, wanted: QuestionFilter, conditions: Sequence[ColumnElement[bool]]
) -> tuple[ListedQuestion, ...]:
    statement = (
        _joined(select(Question, QuestionRevision.number, QuestionRevision.plain, QuestionRevision.kind,
                       QuestionRevision.level, QuestionRevision.created_at, Topic.name, Topic.name_en, User))
        .join(Topic, Topic.id == Question.main_topic_id)
        .outerjoin(User, User.id == Question.author_id)
        .where(*conditions)
        .order_by(*_order(wanted))
        .limit(A_PAGE)
        .offset((max(1, wanted.page) - 1) * A_PAGE)
    )  # fmt: skip
    rows = db.execute(statement).all()
    reports = _report_counts(db, [row.Question.id for row in rows])
    drafts = set(
        db.scalars(
            select(Draft.subject).where(
                Draft.user_id == actor.user_id,
                Draft.kind == "question",
                Draft.subject.in_([row.Question.key for row in rows]),
            )
        )
    )
    return tuple(_listed(row, reports.get(row.Question.id, 0), row.Question.key in drafts) for row in rows)


def _listed(row: AnyRow, open_reports: int, has_draft: bool) -> ListedQuestion:
    question: Question = row.Question
    return ListedQuestion(
        key=question.key,
        stem=shortened(row.plain),
        kind=row.kind,
        level=row.level or "",
        status=question.status,
        origin=question.origin,
        topic=row.name,
        topic_en=row.name_en,
        author=row.User.display_name if row.User else "",
        revision=row.number,
        revised_at=row.created_at,
        open_reports=open_reports,
        has_draft=has_draft,
    )


def shortened(plain: str) -> str:
    text = " ".join(plain.split())
    return text if len(text) <= _STEM_CHARACTERS else f"{text[:_STEM_CHARACTERS]}…"


def _report_counts(db: Session, ids: Sequence[int]) -> dict[int, int]:
    rows = db.execute(
        select(QuestionRevision.question_id, func.count(QuestionReport.id))
        .join(QuestionReport, QuestionReport.revision_id == QuestionRevision.id)
        .where(QuestionReport.state == "open", QuestionRevision.question_id.in_(ids))
        .group_by(QuestionRevision.question_id)
    )
    return dict(iter(rows))


def _authors(db: Session) -> tuple[tuple[int, str], ...]:
    people = db.scalars(select(User).where(User.id.in_(select(Question.author_id).distinct())))
    found = sorted(people, key=lambda user: (user.family_kana, user.given_kana, user.id))
    return tuple((user.id, user.display_name) for user in found)


def _unfinished(db: Session, actor: Actor) -> tuple[UnfinishedQuestion, ...]:
    rows = db.execute(
        select(Draft.subject, Draft.fields, Draft.saved_at)
        .where(
            Draft.user_id == actor.user_id,
            Draft.kind == "question",
            ~exists().where(Question.key == Draft.subject),
        )
        .order_by(Draft.saved_at.desc())
        .limit(20)
    )
    return tuple(
        UnfinishedQuestion(subject, shortened(_first(fields.get("stem", ""))), saved_at)
        for subject, fields, saved_at in rows
    )


def _first(value: Any) -> str:
    return str(value[0] if isinstance(value, list) and value else value or "")
