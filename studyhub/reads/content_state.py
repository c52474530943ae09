"""What of the content was made or edited in the site, and is no longer decided by files."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from studyhub.persistence.models import Question, QuestionRevision, StudySession

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class EditedItem:
    key: str
    title: str
    status: str
    from_files: bool
    """Whether it stood in the files before it was edited here."""


@dataclass(frozen=True, slots=True)
class SiteContent:
    questions: dict[str, int]
    """How many by origin."""
    study_sessions: dict[str, int]
    edited_questions: tuple[EditedItem, ...]
    edited_study_sessions: tuple[EditedItem, ...]


def site_content(db: Session) -> SiteContent:
    """Four statements."""
    return SiteContent(
        questions=_counts(db, Question.origin, Question.status != "retired"),
        study_sessions=_counts(db, StudySession.origin, StudySession.deleted_at.is_(None)),
        edited_questions=_questions(db),
        edited_study_sessions=_study_sessions(db),
    )


def _counts(db: Session, origin: InstrumentedAttribute[str], where: ColumnElement[bool]) -> dict[str, int]:
    found = db.execute(
        select(origin.label("origin"), func.count().label("many")).where(where).group_by(origin)
    )
    return {row.origin: row.many for row in found}


def _questions(db: Session) -> tuple[EditedItem, ...]:
    found = db.execute(
        select(Question.key, Question.status, Question.fingerprint, QuestionRevision.plain)
        .join(QuestionRevision, QuestionRevision.id == Question.current_revision_id)
        .where(Question.origin == "studio")
        .order_by(case((Question.fingerprint != "", 0), else_=1), Question.key)
        .limit(MOST_LISTED)
    )
    return tuple(EditedItem(row.key, row.plain[:80], row.status, row.fingerprint != "") for row in found)


def _study_sessions(db: Session) -> tuple[EditedItem, ...]:
    found = db.execute(
        select(StudySession.key, StudySession.title, StudySession.status, StudySession.fingerprint)
        .where(StudySession.origin == "studio", StudySession.deleted_at.is_(None))
        .order_by(StudySession.key)
        .limit(MOST_LISTED)
    )
    return tuple(EditedItem(row.key, row.title, row.status, row.fingerprint != "") for row in found)
