"""Slides of a study session: the PDF that waits, and pages that are ready."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from studyhub.persistence.models import Material, SlidePage, StudySession
from studyhub.services import files

PDF = "application/pdf"


def make_material(
    db: Session,
    now: datetime,
    study_session: StudySession,
    files_root: Path,
    content: bytes,
    *,
    name: str = "slides.pdf",
    media_type: str = PDF,
    role: str = "slides",
    state: str = "waiting",
) -> Material:
    file = files.store(db, files_root, content, name, media_type, now)
    material = Material(
        study_session_id=study_session.id,
        file_id=file.id,
        path=name,
        title="投影資料",
        role=role,
        state=state,
    )
    db.add(material)
    db.flush()
    return material


def make_slides(
    db: Session, now: datetime, study_session: StudySession, files_root: Path, number: int
) -> Material:
    """Ready, with as many pages; an image is a few bytes that say which page it is."""
    material = make_material(db, now, study_session, files_root, b"%PDF-1.7", state="ready")
    for page in range(1, number + 1):
        image = files.store(db, files_root, b"page %d" % page, f"slide-{page:03}.webp", "image/webp", now)
        db.add(
            SlidePage(
                material_id=material.id,
                number=page,
                text=f"ページ{page}の文字",
                image_id=image.id,
                width=1600,
                height=900,
            )
        )
    db.flush()
    return material
