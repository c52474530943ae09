from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.notices import NoticeKind
from studyhub.persistence.models import (
    Assignment,
    AssignmentPerson,
    Notice,
    Question,
    StudySession,
    StudySessionRevision,
    Topic,
    User,
)

ASSIGNMENT_ID = 50_001
"""The first one, whatever number the engine would give it; the officer's supervisor made it."""
NOTICE_ID = 50_001


def furnish(db: Session, now: datetime, *, user_id: int, size: int) -> None:
    """One of each kind that waits, by the supervisor; done ones and notices in any number."""
    supervisor = db.scalar(select(User.id).where(User.login == "supervisor"))
    session_id = db.scalar(select(StudySession.id).where(StudySession.key == "first-hearing"))
    topic_id = db.scalars(select(Topic.id).order_by(Topic.id)).first()
    _give_a_check_quiz(db, session_id)
    goals: list[dict[str, object]] = [
        {"kind": "session", "study_session_id": session_id},
        {"kind": "check", "study_session_id": session_id},
        {"kind": "topic", "topic_id": topic_id, "band": "firm"},
    ]
    for number in range(max(size, len(goals))):
        is_first = db.get(Assignment, ASSIGNMENT_ID) is None
        row = Assignment(
            id=ASSIGNMENT_ID if is_first else None,
            due_on=now.date() + timedelta(days=number),
            reason="来月の相談で使うため。",
            made_by=supervisor,
            made_at=now,
            **goals[number % len(goals)],
        )
        db.add(row)
        db.flush()
        db.add(
            AssignmentPerson(
                assignment_id=row.id, user_id=user_id, done_at=None if number < len(goals) else now
            )
        )
        _tell(db, now, user_id, is_first=is_first)
    db.flush()


def _give_a_check_quiz(db: Session, session_id: int | None) -> None:
    session = db.get_one(StudySession, session_id)
    revision = db.get_one(StudySessionRevision, session.current_revision_id)
    if not revision.checks:
        revision.checks = [db.scalars(select(Question.key).order_by(Question.id)).first()]


def _tell(db: Session, now: datetime, user_id: int, *, is_first: bool) -> None:
    kinds = tuple(NoticeKind) if is_first else (NoticeKind.ASSIGNMENT,)
    for place, kind in enumerate(kinds):
        db.add(
            Notice(
                id=NOTICE_ID if is_first and place == 0 else None,
                user_id=user_id,
                kind=kind,
                params={"title": "暗号", "what": {"kind": "session", "title": "暗号"}, "due": "2026-12-01"},
                path="/assignments",
                created_at=now,
            )
        )
        db.flush()
