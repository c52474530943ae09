"""What the database holds of the files, as fingerprints to compare with."""

from __future__ import annotations

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from studyhub.content.plan import Snapshot
from studyhub.persistence.models import (
    Blueprint,
    Course,
    Question,
    StudySession,
    Syllabus,
    SyllabusMapping,
    Term,
    Worksheet,
)

_ONE_SYNC_AT_A_TIME = 7_205_001
"""Any number that nothing else locks by; PostgreSQL's advisory locks are counted, not named."""


def take_snapshot(db: Session) -> Snapshot:
    """Ten statements, whatever there is. What the studio made or took over is not of the files any more."""
    retired = "retired"
    return Snapshot(
        syllabi=_pairs(db, select(Syllabus.id, Syllabus.content_hash).where(Syllabus.status != retired)),
        mappings=_pairs(db, select(SyllabusMapping.id, SyllabusMapping.content_hash)),
        blueprints=_pairs(
            db, select(Blueprint.id, Blueprint.content_hash).where(Blueprint.status != retired)
        ),
        terms=_pairs(db, select(Term.term, Term.content_hash)),
        questions=_pairs(
            db,
            select(Question.key, Question.fingerprint).where(
                Question.origin == "pool", Question.fingerprint != ""
            ),
        ),
        courses=_pairs(
            db, select(Course.key, Course.content_hash).where(~Course.retired, Course.content_hash != "")
        ),
        worksheets=_pairs(db, select(Worksheet.key, Worksheet.content_hash).where(~Worksheet.retired)),
        study_sessions=_pairs(
            db,
            select(StudySession.key, StudySession.fingerprint).where(
                StudySession.origin == "files", StudySession.fingerprint != ""
            ),
        ),
        edited_here=frozenset(db.scalars(select(StudySession.key).where(StudySession.origin == "studio"))),
        questions_edited_here=frozenset(db.scalars(select(Question.key).where(Question.origin == "studio"))),
    )


def _pairs(db: Session, statement: Select[str, str]) -> dict[str, str]:
    return dict(iter(db.execute(statement)))


def wait_for_other_syncs(db: Session) -> None:
    """Until the transaction ends. SQLite has one writer anyway."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_SYNC_AT_A_TIME})
