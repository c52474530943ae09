"""What an officer answered, newest first, and what they learnt in which study session."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.corrections import MarkWord, mark_word
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.reading import Heading, ReadingProgress, reading_progress, section_anchors
from studyhub.persistence.marks import counting_correct, counting_credit, counts, is_standing, standing
from studyhub.persistence.models import (
    Correction,
    Course,
    PracticeItem,
    Question,
    QuestionProgress,
    QuestionRevision,
    QuestionTopic,
    ReadingMark,
    Response,
    StudySession,
    StudySessionRevision,
    Topic,
    UnsureMark,
)
from studyhub.persistence.practice import TopicForest, TopicNode, load_forest
from studyhub.reads.rows import AnyRow

PAGE_LENGTH = 30


@dataclass(frozen=True, slots=True)
class HistoryAsked:
    page: int = 1
    only_wrong: bool = False
    """Also those said to have been a guess."""
    topic: str = ""
    only_corrected: bool = False
    """Whose mark a correction of the question changed, or may have."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """``mark`` is the one that counts; ``was`` the one that was given first, where the question was corrected since."""

    answered_at: datetime
    question: str
    mark: MarkWord
    was: MarkWord | None
    reason: str
    """Of the correction, or empty."""
    unsure: bool
    first: bool
    topic_key: str
    topic: str
    topic_en: str
    set_id: str | None
    position: int | None
    """Where its feedback stands; None for check questions."""
    session_key: str
    session_anchor: str
    """The page that teaches it, or empty."""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    asked: HistoryAsked
    rows: tuple[AnswerRow, ...]
    total: int
    pages: int
    topic: TopicNode | None


@dataclass(frozen=True, slots=True)
class LearntRow:
    key: str
    title: str
    title_en: str
    course: str
    course_en: str
    held_on: date | None
    reading: ReadingProgress
    last_read_at: datetime
    checks: int
    """Check questions that the study session shows; of them ``answered`` at least once, ``right`` the last time."""
    answered: int
    right: int


def history_page(db: Session, actor: Actor, asked: HistoryAsked) -> HistoryPage:
    """Raises NotFound for a topic that there is not."""
    forest = load_forest(db) if asked.topic else None
    topic = forest.by_key.get(asked.topic) if forest else None
    if asked.topic and topic is None:
        raise NotFound
    wanted = _conditions(actor, asked, forest, topic)
    total = db.scalar(_of_log(select(func.count())).where(*wanted)) or 0
    pages = max(1, -(-total // PAGE_LENGTH))
    page = min(max(asked.page, 1), pages)
    rows = _rows(db, wanted, page)
    asked = replace(asked, page=page)
    return HistoryPage(asked, tuple(_answer_row(row) for row in rows), total, pages, topic)


def _of_log(columns: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    log = columns.select_from(Response).outerjoin(UnsureMark, UnsureMark.response_id == Response.id)
    return log.outerjoin(standing, is_standing)


def _conditions(
    actor: Actor, asked: HistoryAsked, forest: TopicForest | None, topic: TopicNode | None
) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Response.user_id == actor.user_id]
    if asked.only_wrong:
        guessed = or_(Response.unsure, UnsureMark.response_id.is_not(None))
        wanted.append(and_(counts, or_(counting_correct.is_(False), guessed)))
    if asked.only_corrected:
        wanted.append(standing.response_id.is_not(None))
    if forest is not None and topic is not None:
        named = select(QuestionTopic.question_id).where(QuestionTopic.topic_id.in_(forest.under(topic.id)))
        wanted.append(Response.question_id.in_(named))
    return wanted


def _rows(db: Session, wanted: Collection[ColumnElement[bool]], page: int) -> Sequence[AnyRow]:
    columns = select(
        Response.answered_at, QuestionRevision.plain, Response.credit, Response.correct, Response.first,
        counting_credit.label("credit_now"), counting_correct.label("correct_now"), counts.label("counts"),
        Correction.reason, or_(Response.unsure, UnsureMark.response_id.is_not(None)).label("unsure"),
        Topic.key, Topic.name, Topic.name_en, PracticeItem.practice_set_id, PracticeItem.position, Question.teaches,
    )  # fmt: skip
    joined = (
        _of_log(columns)
        .join(QuestionRevision, QuestionRevision.id == Response.revision_id)
        .join(Question, Question.id == Response.question_id)
        .join(Topic, Topic.id == Question.main_topic_id)
        .outerjoin(PracticeItem, PracticeItem.id == Response.practice_item_id)
        .outerjoin(Correction, Correction.id == standing.correction_id)
    )
    newest_first = joined.where(*wanted).order_by(Response.seq.desc())
    return db.execute(newest_first.limit(PAGE_LENGTH).offset((page - 1) * PAGE_LENGTH)).all()


def _answer_row(row: AnyRow) -> AnswerRow:
    key, _hash, anchor = row.teaches.partition("#")
    return AnswerRow(
        row.answered_at,
        row.plain,
        mark_word(row.credit_now, correct=row.correct_now, counts=row.counts),
        None if row.reason is None else mark_word(row.credit, correct=row.correct),
        row.reason or "",
        row.unsure,
        row.first,
        row.key,
        row.name,
        row.name_en or row.name,
        row.practice_set_id,
        row.position,
        key,
        anchor,
    )


def learnt_page(db: Session, actor: Actor) -> tuple[LearntRow, ...]:
    """Published study sessions of which a section was read, the one read last first."""
    read, last = _read(db, actor)
    rows = db.execute(
        select(StudySession, StudySessionRevision.toc, StudySessionRevision.checks, Course.title, Course.title_en)
        .join(StudySessionRevision, StudySessionRevision.id == StudySession.current_revision_id)
        .join(Course, Course.id == StudySession.course_id)
        .where(StudySession.status == "published", StudySession.id.in_(list(read)))
    ).all()  # fmt: skip
    results = _check_results(db, actor, {key for row in rows for key in row.checks})
    learnt = [_learnt_row(row, read[row[0].id], last[row[0].id], results) for row in rows]
    return tuple(sorted(learnt, key=lambda row: row.last_read_at, reverse=True))


def _read(db: Session, actor: Actor) -> tuple[dict[int, set[str]], dict[int, datetime]]:
    read: dict[int, set[str]] = {}
    last: dict[int, datetime] = {}
    columns = select(ReadingMark.study_session_id, ReadingMark.anchor, ReadingMark.read_at)
    for id_, anchor, at in db.execute(columns.where(ReadingMark.user_id == actor.user_id)):
        read.setdefault(id_, set()).add(anchor)
        last[id_] = max(at, last.get(id_, at))
    return read, last


def _check_results(db: Session, actor: Actor, keys: Collection[str]) -> dict[str, bool | None]:
    """Of the published ones: whether the officer's last answer was right, None without an answer."""
    progress = QuestionProgress
    own = and_(progress.question_id == Question.id, progress.user_id == actor.user_id)
    shown = select(Question.key, progress.last_correct).outerjoin(progress, own)
    wanted = shown.where(Question.key.in_(keys), Question.status == "published")
    return {row.key: row.last_correct for row in db.execute(wanted)}


def _learnt_row(row: AnyRow, read: set[str], last_at: datetime, results: dict[str, bool | None]) -> LearntRow:
    study_session, toc, checks, course, course_en = row
    anchors = section_anchors(Heading(**heading) for heading in toc)
    shown = [results[key] for key in checks if key in results]
    answered = [right for right in shown if right is not None]
    return LearntRow(
        key=study_session.key,
        title=study_session.title,
        title_en=study_session.title_en or study_session.title,
        course=course,
        course_en=course_en or course,
        held_on=study_session.held_on,
        reading=reading_progress(anchors, read),
        last_read_at=last_at,
        checks=len(shown),
        answered=len(answered),
        right=sum(answered),
    )
