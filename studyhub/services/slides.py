"""Slides of a study session as page images with their text.

Three steps, so that rendering holds no transaction: look what waits, render and keep the images, write the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from studyhub.content.pdf_pages import NotRendered as NotRendered
from studyhub.content.pdf_pages import PdfFault, render_pages
from studyhub.persistence.models import Material, SlidePage, StoredFile
from studyhub.services import files
from studyhub.services.content_sync.followups import ask_for_reindexing

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class WaitingSlides:
    material_id: int
    file_id: str
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page whose image lies on disk; its size in pixels."""

    image: files.KeptBytes
    width: int
    height: int
    text: str


def waiting_slides(db: Session, material_id: int) -> WaitingSlides | None:
    """None when there is nothing to do: done already, or replaced by another kind of material."""
    row = db.execute(
        select(StoredFile.id, StoredFile.sha256, StoredFile.media_type)
        .join(Material, Material.file_id == StoredFile.id)
        .where(Material.id == material_id, Material.role == "slides", Material.state != "ready")
    ).first()
    return WaitingSlides(material_id, row.id, row.sha256, row.media_type) if row else None


def keep_pages(slides: WaitingSlides, files_root: Path, report: Callable[[int, int], None]) -> list[KeptPage]:
    """`report` gets the number of pages done and of all. Raises NotRendered."""
    if slides.media_type != PDF:
        raise NotRendered(PdfFault.NO_PDF)
    pages = []
    rendering = render_pages(files.path_of(files_root, slides.sha256))
    try:
        for page in rendering:
            pages.append(KeptPage(files.keep(files_root, page.image), page.width, page.height, page.text))
            report(page.number, page.total)
    finally:
        rendering.close()
    return pages


def store_pages(db: Session, slides: WaitingSlides, pages: Collection[KeptPage], now: datetime) -> None:
    """Leaves everything as it is when the file was replaced meanwhile: another job is on its way for the new one."""
    material = _still_waiting(db, slides)
    if material is None:
        return
    before = set(db.scalars(select(SlidePage.image_id).where(SlidePage.material_id == material.id)))
    db.execute(delete(SlidePage).where(SlidePage.material_id == material.id))
    for number, page in enumerate(pages, start=1):
        image = files.record(db, page.image, f"slide-{number:03}.webp", "image/webp", now)
        db.add(
            SlidePage(
                material_id=material.id,
                number=number,
                text=page.text,
                image_id=image.id,
                width=page.width,
                height=page.height,
            )
        )
    material.state, material.fault = "ready", ""
    db.flush()
    _forget_unused(db, before)
    ask_for_reindexing(db, now)


def store_fault(db: Session, slides: WaitingSlides, fault: PdfFault) -> None:
    material = _still_waiting(db, slides)
    if material is not None:
        material.state, material.fault = "failed", fault.value
        db.flush()


def _still_waiting(db: Session, slides: WaitingSlides) -> Material | None:
    same = select(Material).where(Material.id == slides.material_id, Material.file_id == slides.file_id)
    return db.scalars(same.where(Material.state != "ready").with_for_update()).first()


def _forget_unused(db: Session, image_ids: Collection[str]) -> None:
    """Images of slides that were replaced are no longer served, whoever knows their address."""
    shown = exists().where(SlidePage.image_id == StoredFile.id)
    attached = exists().where(Material.file_id == StoredFile.id)
    db.execute(delete(StoredFile).where(StoredFile.id.in_(image_ids), ~shown, ~attached))
