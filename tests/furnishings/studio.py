from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.persistence.models import Course, StudySession, StudySessionRevision
from tests.factories.study_sessions import make_study_session

IN_THE_WORKS = "in-the-works"


def furnish(db: Session, now: datetime, *, user_id: int, size: int) -> None:
    """A draft with as many more versions as is asked for."""
    row = db.scalars(select(StudySession).where(StudySession.key == IN_THE_WORKS)).first()
    if row is None:
        course = db.scalars(select(Course).order_by(Course.id)).first()
        assert course is not None
        row = make_study_session(db, now, course, key=IN_THE_WORKS, title="書いている途中", status="draft")
    first = db.get_one(StudySessionRevision, row.current_revision_id)
    last = (
        db.scalar(
            select(func.max(StudySessionRevision.number)).where(
                StudySessionRevision.study_session_id == row.id
            )
        )
        or 0
    )
    for number in range(last + 1, last + size + 1):
        db.add(
            StudySessionRevision(
                study_session_id=row.id,
                number=number,
                content_hash=first.content_hash,
                source=first.source,
                segments=first.segments,
                toc=first.toc,
                plain=first.plain,
                objectives=first.objectives,
                checks=first.checks,
                created_at=now,
                created_by=user_id,
            )
        )
    db.flush()
