"""A small site that has something of everything a backup must carry."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from studyhub.persistence.models import Material, Response, SignIn, Syllabus
from studyhub.persistence.session import transaction
from studyhub.services import audit, files, jobs
from tests.factories.people import make_user
from tests.factories.questions import make_questions, make_syllabus
from tests.factories.study_sessions import make_course, make_study_session

SLIDES = "二進数の話".encode() * 1000


def fill_site(engine: Engine, files_root: Path, now: datetime, *, responses: int = 30) -> None:
    with transaction(engine) as db:
        user = make_user(db, now, name="髙﨑 𠮷子")
        db.add_all([syllabus("Ä は ascii の後", "改行\nと\u2028区切り"), syllabus("b"), syllabus("B")])
        db.add(SignIn(user_id=user.id, token_hash="t", created_at=now, last_seen_at=now, expires_at=now))
        study_session = make_study_session(db, now, make_course(db))
        file = files.store(db, files_root, SLIDES, "暗号入門.pdf", "application/pdf", now)
        db.add(Material(study_session_id=study_session.id, file_id=file.id, path="slides.pdf", role="slides"))
        jobs.enqueue(db, "render_slides", {"material_id": 1}, now, unique_key="slides:1")
        audit.record(db, user.id, "sign_in.start", "user", user.id, now)
        _answer(db, user.id, now, responses)


def syllabus(key: str, title: str = "") -> Syllabus:
    """Of a table whose key is text: engines must agree on its order."""
    return Syllabus(id=key, title=title, status="draft", levels=[], content_hash="")


def _answer(db: Session, user_id: int, now: datetime, number: int) -> None:
    question = make_questions(db, now, make_syllabus(db)[0], 2)[0]
    revision = question.current_revision
    assert revision is not None
    if number:
        db.execute(
            insert(Response),
            [
                {
                    "id": str(UUID(int=number - n)),
                    "user_id": user_id,
                    "question_id": question.id,
                    "revision_id": revision.id,
                    "context": "practice",
                    "given": {"kind": "choice", "choice": n % 4},
                    "credit": 1.0 if n % 3 else 0.5,
                    "correct": bool(n % 3),
                    "unsure": False,
                    "first": n == 0,
                    "answered_at": now + timedelta(microseconds=n),
                    "received_at": now,
                }
                for n in range(number)
            ],
        )
