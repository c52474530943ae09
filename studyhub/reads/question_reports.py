"""Faults in questions that officers reported: those that wait, and those that were settled lately."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.models import Question, QuestionReport, QuestionRevision
from studyhub.reads.corrections import KeyLine, own_lines
from studyhub.reads.rows import AnyRow

QUESTIONS_A_PAGE = 20
SETTLED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Report:
    """Not who reported, which those who mend questions need not know."""

    id: int
    kind: str
    text: str
    revision: int
    is_current: bool
    """Whether the revision complained of is still the one that is asked."""
    created_at: datetime
    answer: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeenOption:
    html: str
    correct: bool


@dataclass(frozen=True, slots=True)
class SeenRevision:
    """The question as the reporters had it before them, with its key; ``options`` where they are chosen from."""

    text_html: str
    stem_html: str
    options: tuple[SeenOption, ...]
    key_lines: tuple[tuple[KeyLine, ...], ...]


@dataclass(frozen=True, slots=True)
class ReportedQuestion:
    """``plain`` and ``seen`` are of the newest revision among the reports."""

    key: str
    status: str
    plain: str
    reports: tuple[Report, ...]
    seen: SeenRevision | None = None


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """``open`` with the most reported first; ``settled`` newest first."""

    open: tuple[ReportedQuestion, ...]
    open_questions: int
    open_reports: int
    page: int
    pages: int
    settled: tuple[ReportedQuestion, ...]


def reports_page(db: Session, actor: Actor, page: int = 1) -> ReportsPage:
    require(actor, Permission.WRITE_CONTENT)
    counted = (
        select(
            QuestionRevision.question_id, func.count().label("reports"), func.min(QuestionReport.created_at)
        )
        .join(QuestionReport, QuestionReport.revision_id == QuestionRevision.id)
        .where(QuestionReport.state == "open")
        .group_by(QuestionRevision.question_id)
        .order_by(func.count().desc(), func.min(QuestionReport.created_at))
    )
    waiting = [(found.question_id, found.reports) for found in db.execute(counted)]
    pages = max(1, -(-len(waiting) // QUESTIONS_A_PAGE))
    page = min(max(page, 1), pages)
    shown = [id_ for id_, _ in waiting[(page - 1) * QUESTIONS_A_PAGE : page * QUESTIONS_A_PAGE]]
    wanted = _columns().where(QuestionReport.state == "open", QuestionRevision.question_id.in_(shown))
    rows = db.execute(wanted.order_by(QuestionRevision.question_id, QuestionReport.id)).all()
    by_question = _grouped(rows, _seen(db, {row.revision_id for row in rows}))
    settled = _columns().where(QuestionReport.state == "settled")
    newest = settled.order_by(QuestionReport.settled_at.desc(), QuestionReport.id).limit(SETTLED_SHOWN)
    return ReportsPage(
        open=tuple(by_question[id_] for id_ in shown),
        open_questions=len(waiting),
        open_reports=sum(number for _, number in waiting),
        page=page,
        pages=pages,
        settled=tuple(_question([row], {}) for row in db.execute(newest)),
    )


def _columns() -> Select[*tuple[object, ...]]:
    return (
        select(
            QuestionReport.id, QuestionReport.kind, QuestionReport.text, QuestionReport.created_at,
            QuestionReport.answer, QuestionReport.settled_at, QuestionReport.revision_id,
            QuestionRevision.number, QuestionRevision.plain, Question.id.label("question_id"), Question.key,
            Question.status, Question.current_revision_id,
        )
        .join(QuestionRevision, QuestionRevision.id == QuestionReport.revision_id)
        .join(Question, Question.id == QuestionRevision.question_id)
    )  # fmt: skip


def _grouped(rows: Iterable[AnyRow], seen: Mapping[int, SeenRevision]) -> dict[int, ReportedQuestion]:
    """Rows of one question stand together."""
    groups = groupby(rows, lambda row: int(row.question_id))
    return {id_: _question(list(group), seen) for id_, group in groups}


def _question(rows: Sequence[AnyRow], seen: Mapping[int, SeenRevision]) -> ReportedQuestion:
    newest = max(rows, key=lambda row: int(row.number))
    reports = tuple(_report(row) for row in rows)
    return ReportedQuestion(newest.key, newest.status, newest.plain, reports, seen.get(newest.revision_id))


def _seen(db: Session, revision_ids: Collection[int]) -> dict[int, SeenRevision]:
    rows = db.scalars(select(QuestionRevision).where(QuestionRevision.id.in_(revision_ids)))
    return {row.id: _seen_revision(row) for row in rows}


def _seen_revision(row: QuestionRevision) -> SeenRevision:
    authored = [choice["correct"] for choice in row.data.get("choices", ())]
    options = zip(row.html["choices"], authored, strict=False)
    return SeenRevision(
        row.html.get("text", ""),
        row.html["stem"],
        tuple(SeenOption(html, correct) for html, correct in options),
        own_lines(row),
    )


def _report(row: AnyRow) -> Report:
    return Report(
        id=row.id,
        kind=row.kind,
        text=row.text,
        revision=row.number,
        is_current=row.revision_id == row.current_revision_id,
        created_at=row.created_at,
        answer=row.answer,
        settled_at=row.settled_at,
    )


@dataclass(frozen=True, slots=True)
class OpenReport:
    """`is_current` tells that the revision complained of is still the one that is shown."""

    id: int
    question_key: str
    revision: int
    is_current: bool
    kind: str
    text: str
    plain: str
    created_at: datetime


def open_reports(db: Session) -> tuple[OpenReport, ...]:
    """Oldest first; not who reported, which those who mend questions need not know."""
    rows = db.execute(
        select(QuestionReport, QuestionRevision.number, QuestionRevision.plain, Question)
        .join(QuestionRevision, QuestionRevision.id == QuestionReport.revision_id)
        .join(Question, Question.id == QuestionRevision.question_id)
        .where(QuestionReport.state == "open")
        .order_by(QuestionReport.created_at, QuestionReport.id)
    )
    return tuple(
        OpenReport(
            id=report.id,
            question_key=question.key,
            revision=number,
            is_current=report.revision_id == question.current_revision_id,
            kind=report.kind,
            text=report.text,
            plain=plain,
            created_at=report.created_at,
        )
        for report, number, plain, question in rows
    )
