from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.persistence.models import Course, Job, Material, SlidePage, StoredFile, StudySession
from studyhub.services.files import new_address
from tests.factories.study_sessions import make_study_session

KEY = "with-materials"
MATERIAL_ID = 40_001
"""The first file of that study session, whatever number the engine would give it."""


def furnish(db: Session, now: datetime, *, user_id: int, size: int) -> None:
    """A study session with slides that are being made, a slide that could not be drawn, and a figure each."""
    study_session = db.scalars(select(StudySession).where(StudySession.key == KEY)).first()
    if study_session is None:
        course = db.scalars(select(Course).where(Course.key == "basics")).one()
        study_session = make_study_session(db, now, course, key=KEY)
    for number in range(size):
        is_first = db.get(Material, MATERIAL_ID) is None
        slides = _material(
            db, now, study_session.id, f"slides-{new_address()}.pptx", "slides", is_first=is_first
        )
        slides.state = "waiting"
        db.add(SlidePage(material_id=slides.id, number=1, text=f"ページ{number}の文字"))
        db.add(Job(kind="render_slides", unique_key=f"render_slides:{slides.id}", payload={}, state="queued",
                   run_after=now, created_at=now))  # fmt: skip
        _material(db, now, study_session.id, f"figures/{new_address()}.png", "figure")
    db.flush()


def _material(
    db: Session, now: datetime, study_session_id: int, path: str, role: str, *, is_first: bool = False
) -> Material:
    file = StoredFile(
        id=new_address(), sha256="0" * 64, name="x", media_type="image/png", size=1, created_at=now
    )
    material = Material(
        id=MATERIAL_ID if is_first else None,
        study_session_id=study_session_id,
        file_id=file.id,
        path=path,
        title="資料",
        role=role,
    )
    db.add(file)
    db.flush()
    db.add(material)
    db.flush()
    return material
