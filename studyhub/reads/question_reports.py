"""Faults in questions that officers reported and nobody has settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.persistence.models import Question, QuestionReport, QuestionRevision


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
