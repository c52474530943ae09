"""Requests to study something, as a supervisor makes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from studyhub.domain.assignments import AssignmentKind
from studyhub.domain.identity import Actor
from studyhub.domain.mastery import Band
from studyhub.persistence.models import ReadingMark, StudySession
from studyhub.services.assignments import NewAssignment, make_assignment


def ask_to_read(
    db: Session,
    maker: Actor,
    now: datetime,
    study_session: StudySession,
    *,
    people: Iterable[int] = (),
    units: Iterable[int] = (),
    days: int = 14,
    reason: str = "来月の相談で使うため。",
) -> int:
    command = NewAssignment(
        kind=AssignmentKind.SESSION,
        target=study_session.key,
        band=None,
        people=frozenset(people),
        units=frozenset(units),
        due_on=now.date() + timedelta(days=days),
        reason=reason,
    )
    return make_assignment(db, maker, command, now)


def ask_to_learn(
    db: Session, maker: Actor, now: datetime, topic_key: str, band: Band, *, people: Iterable[int]
) -> int:
    due_on = now.date() + timedelta(days=14)
    command = NewAssignment(
        AssignmentKind.TOPIC, topic_key, band, frozenset(people), frozenset(), due_on, "試験のため。"
    )
    return make_assignment(db, maker, command, now)


def read_to_the_end(db: Session, user_id: int, study_session: StudySession, at: datetime) -> None:
    """Both sections of the notes that `make_study_session` writes."""
    db.add_all(
        ReadingMark(user_id=user_id, study_session_id=study_session.id, anchor=anchor, read_at=at)
        for anchor in ("first", "second")
    )
    db.flush()
