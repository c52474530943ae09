"""Slides of a study session as page images with their text.

Three steps, so that rendering holds no transaction: look what waits, render and keep the images, write the rows.
A presentation (PPTX) is drawn by LibreOffice where it is installed; elsewhere its pages have texts and no images.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from studyhub.content.document_reading import Unreadable, read_deck
from studyhub.content.pdf_pages import NotRendered as NotRendered
from studyhub.content.pdf_pages import PdfFault, render_pages
from studyhub.content.presentation_pdf import DrawingFault, NotDrawn, drawn_as_pdf
from studyhub.domain.outline import Deck
from studyhub.formats.upload_kinds import TYPES
from studyhub.persistence.models import Material, SlidePage, StoredFile
from studyhub.services import files
from studyhub.services.content_sync.followups import ask_for_reindexing

PDF = TYPES[".pdf"].media_type
PRESENTATION = TYPES[".pptx"].media_type
GAVE_UP = "gave_up"
"""The worker failed or died each time it tried."""

Report = Callable[[int, int], None]
"""Gets the number of pages done and of all."""


@dataclass(frozen=True, slots=True)
class WaitingSlides:
    material_id: int
    file_id: str
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page whose image, if it has one, lies on disk; its size in pixels."""

    image: files.KeptBytes | None
    width: int
    height: int
    text: str
    notes: str = ""


@dataclass(frozen=True, slots=True)
class KeptSlides:
    """`fault` says why the pages of a presentation have no images; empty when they have."""

    pages: tuple[KeptPage, ...]
    fault: str = ""


def waiting_slides(db: Session, material_id: int) -> WaitingSlides | None:
    """None when there is nothing to do: done already, or replaced by another kind of material."""
    row = db.execute(
        select(StoredFile.id, StoredFile.sha256, StoredFile.media_type)
        .join(Material, Material.file_id == StoredFile.id)
        .where(Material.id == material_id, Material.role == "slides", Material.state != "ready")
    ).first()
    return WaitingSlides(material_id, row.id, row.sha256, row.media_type) if row else None


def keep_pages(slides: WaitingSlides, files_root: Path, report: Report) -> KeptSlides:
    """Raises NotRendered."""
    path = files.path_of(files_root, slides.sha256)
    if slides.media_type == PDF:
        return KeptSlides(tuple(_drawn(path, files_root, report)))
    if slides.media_type == PRESENTATION:
        return _presentation(path, files_root, report)
    raise NotRendered(PdfFault.NO_PDF)


def _presentation(path: Path, files_root: Path, report: Report) -> KeptSlides:
    try:
        deck = read_deck("presentation", path)
    except Unreadable as unreadable:
        raise NotRendered(PdfFault(unreadable.fault.value)) from unreadable
    try:
        with drawn_as_pdf(path) as pdf:
            return KeptSlides(_with_texts(list(_drawn(pdf, files_root, report)), deck))
    except NotDrawn as failed:
        return KeptSlides(_texts_alone(deck), failed.fault.value)
    except NotRendered:
        return KeptSlides(_texts_alone(deck), DrawingFault.NOT_DRAWN.value)


def _drawn(pdf: Path, files_root: Path, report: Report) -> Iterator[KeptPage]:
    with closing(render_pages(pdf)) as rendering:
        for page in rendering:
            yield KeptPage(files.keep(files_root, page.image), page.width, page.height, page.text)
            report(page.number, page.total)


def _with_texts(drawn: Sequence[KeptPage], deck: Deck) -> tuple[KeptPage, ...]:
    """The presentation knows its words better than a picture of it."""
    texts = _texts_alone(deck)
    if len(texts) != len(drawn):
        return tuple(drawn)
    return tuple(
        replace(page, text=told.text, notes=told.notes) for page, told in zip(drawn, texts, strict=True)
    )


def _texts_alone(deck: Deck) -> tuple[KeptPage, ...]:
    return tuple(
        KeptPage(None, 0, 0, f"{page.title}\n{page.text}".strip(), page.notes) for page in deck.pages
    )


def store_pages(db: Session, slides: WaitingSlides, kept: KeptSlides, now: datetime) -> None:
    """Leaves everything as it is when the file was replaced meanwhile: another job is on its way for the new one."""
    material = _still_waiting(db, slides)
    if material is None:
        return
    shown = select(SlidePage.image_id).where(
        SlidePage.material_id == material.id, SlidePage.image_id.is_not(None)
    )
    before = {image_id for image_id in db.scalars(shown) if image_id is not None}
    db.execute(delete(SlidePage).where(SlidePage.material_id == material.id))
    for number, page in enumerate(kept.pages, start=1):
        db.add(_row(db, material.id, number, page, now))
    # Without LibreOffice nothing failed: texts are all that can be had here.
    material.state = "failed" if kept.fault == DrawingFault.NOT_DRAWN else "ready"
    material.fault = kept.fault
    db.flush()
    _forget_unused(db, before)
    ask_for_reindexing(db, now)


def _row(db: Session, material_id: int, number: int, page: KeptPage, now: datetime) -> SlidePage:
    image = page.image and files.record(db, page.image, f"slide-{number:03}.webp", "image/webp", now)
    return SlidePage(
        material_id=material_id,
        number=number,
        text=page.text,
        notes=page.notes,
        image_id=image.id if image else None,
        width=page.width,
        height=page.height,
    )


def store_fault(db: Session, slides: WaitingSlides, fault: str) -> None:
    """``fault`` is a PdfFault or GAVE_UP."""
    material = _still_waiting(db, slides)
    if material is not None:
        material.state, material.fault = "failed", fault
        db.flush()


def _still_waiting(db: Session, slides: WaitingSlides) -> Material | None:
    same = select(Material).where(Material.id == slides.material_id, Material.file_id == slides.file_id)
    return db.scalars(same.where(Material.state != "ready").with_for_update()).first()


def _forget_unused(db: Session, image_ids: Collection[str]) -> None:
    """Images of slides that were replaced are no longer served, whoever knows their address."""
    shown = exists().where(SlidePage.image_id == StoredFile.id)
    attached = exists().where(Material.file_id == StoredFile.id)
    db.execute(delete(StoredFile).where(StoredFile.id.in_(image_ids), ~shown, ~attached))
