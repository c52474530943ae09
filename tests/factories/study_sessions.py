"""Courses and study sessions as they lie in the database after a sync."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count

from sqlalchemy.orm import Session

from studyhub.persistence.models import Course, StudySession, StudySessionRevision

_numbers = count(1)


def make_course(db: Session, *, key: str | None = None, title: str = "デジタルの基礎") -> Course:
    course = Course(
        key=key or f"course-{next(_numbers)}", title=title, title_en="Basics", content_hash="0" * 64
    )
    db.add(course)
    db.flush()
    return course


def make_study_session(
    db: Session,
    now: datetime,
    course: Course,
    *,
    key: str | None = None,
    title: str = "最初のヒアリング",
    held_on: date | None = None,
    status: str = "published",
) -> StudySession:
    """With two sections, anchors `first` and `second`, and no material."""
    number = next(_numbers)
    study_session = StudySession(
        key=key or f"study-session-{number}",
        course_id=course.id,
        kind="study_session",
        title=title,
        title_en="The first hearing",
        held_on=held_on or now.date(),
        position=number,
        status=status,
    )
    db.add(study_session)
    db.flush()
    study_session.current_revision = _revision(study_session, now)
    db.flush()
    return study_session


def _revision(study_session: StudySession, now: datetime) -> StudySessionRevision:
    sections = {"first": "はじめに", "second": "まとめ"}
    html = "".join(f'<h2 id="{anchor}">{text}</h2><p>本文です。</p>' for anchor, text in sections.items())
    return StudySessionRevision(
        study_session_id=study_session.id,
        number=1,
        content_hash="0" * 64,
        source=(
            f"---\nid: {study_session.key}\ntitle: {study_session.title}\nminutes: 45\nstatus: {study_session.status}\n"
            "objectives: [相手の困りごとを聞ける]\n---\n\n## はじめに {#first}\n\n本文です。\n\n## まとめ {#second}\n\n本文です。\n"
        ),
        segments=[["html", html]],
        toc=[{"anchor": anchor, "text": text, "level": 2} for anchor, text in sections.items()],
        plain="はじめに 本文です。 まとめ 本文です。",
        objectives=["相手の困りごとを聞ける"],
        checks=[],
        created_at=now,
    )
