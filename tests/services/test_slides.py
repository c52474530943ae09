"""Slides become page images with their text; what cannot be read harms nobody and says why."""

from __future__ import annotations

import time
from datetime import datetime
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest
from PIL import Image
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from studyhub.config import Config
from studyhub.content import pdf_pages
from studyhub.content.pdf_pages import NotRendered, PdfFault, render_pages
from studyhub.jobs.runner import Worker
from studyhub.persistence.models import Job, Material, SlidePage, StoredFile
from studyhub.persistence.session import reading, transaction
from studyhub.services import files, jobs, slides
from tests.architecture.source import ROOT
from tests.factories.slides import make_material, make_slides
from tests.factories.study_sessions import make_course, make_study_session

REAL = ROOT / "courses" / "support-practice" / "01-first-hearing" / "slides.pdf"


def _pdf_with_pages(number: int, size: str = "0 0 100 100") -> bytes:
    kids = " ".join(["3 0 R"] * number)
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {number}>>endobj\n"
        f"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[{size}]>>endobj\ntrailer<</Root 1 0 R>>\n"
    ).encode()


def _fault_of(tmp_path: Path, content: bytes) -> PdfFault:
    path = tmp_path / "given.pdf"
    path.write_bytes(content)
    with pytest.raises(NotRendered) as caught:
        list(render_pages(path))
    return caught.value.fault


def _wait(engine: Engine, config: Config, now: datetime, content: bytes, name: str, media_type: str) -> int:
    with transaction(engine) as db:
        study_session = make_study_session(db, now, make_course(db))
        material = make_material(
            db, now, study_session, config.files, content, name=name, media_type=media_type
        )
        jobs.enqueue(db, "render_slides", {"material_id": material.id}, now)
        return material.id


def _work(engine: Engine, config: Config, now: datetime) -> None:
    Worker(engine, config, clock=lambda: now).run_next(Event())


def test_the_slides_of_a_real_session_become_images_with_readable_text() -> None:
    pages = list(render_pages(REAL))
    assert [page.number for page in pages] == list(range(1, 11))
    with Image.open(BytesIO(pages[0].image)) as image:
        assert (image.format, image.size) == ("WEBP", (1600, 900))
    assert pages[1].text.startswith("今日のゴール\n1. 道具の話に入る前に、")
    assert "届いた言葉 聴いてみると" in pages[2].text  # two columns of a table stay apart
    assert "例田花子" in pages[0].text  # a blank inside a name is closed, as search needs it


@pytest.mark.parametrize("content", [b"", b"no PDF at all", b"%PDF-1.7\n broken", REAL.read_bytes()[:400]])
def test_what_is_no_pdf_is_refused(tmp_path: Path, content: bytes) -> None:
    assert _fault_of(tmp_path, content) is PdfFault.BROKEN


def test_a_file_with_too_many_pages_is_refused_before_any_is_made(tmp_path: Path) -> None:
    assert _fault_of(tmp_path, _pdf_with_pages(pdf_pages.MAX_PAGES + 1)) is PdfFault.TOO_MANY_PAGES


def test_a_page_as_long_as_a_street_becomes_an_image_of_bounded_size(tmp_path: Path) -> None:
    (tmp_path / "long.pdf").write_bytes(_pdf_with_pages(1, "0 0 10 14400"))
    (page,) = render_pages(tmp_path / "long.pdf")
    assert page.height <= 3200
    assert page.width <= 1600


def test_rendering_ends_at_its_limit_of_memory_and_of_time() -> None:
    with pytest.raises(NotRendered) as caught:
        list(render_pages(REAL, memory_bytes=48 * 1024 * 1024))
    assert caught.value.fault is PdfFault.TOO_HEAVY
    started = time.monotonic()
    with pytest.raises(NotRendered) as caught:
        list(render_pages(REAL, time_limit_s=0))
    assert caught.value.fault is PdfFault.TOO_HEAVY
    assert time.monotonic() - started < 5


def test_the_job_makes_the_pages_and_asks_for_the_index(
    engine: Engine, config: Config, now: datetime
) -> None:
    material_id = _wait(engine, config, now, REAL.read_bytes(), "slides.pdf", "application/pdf")
    _work(engine, config, now)
    with reading(engine) as db:
        assert db.get_one(Material, material_id).state == "ready"
        pages = db.scalars(select(SlidePage).order_by(SlidePage.number)).all()
        assert len(pages) == 10
        image = db.get_one(StoredFile, pages[0].image_id)
        assert files.path_of(config.files, image.sha256).is_file()
        assert db.scalar(select(func.count()).where(Job.kind == "reindex_search")) == 1


@pytest.mark.parametrize(
    ("content", "name", "media_type", "fault"),
    [
        (b"%PDF broken", "slides.pdf", "application/pdf", "broken"),
        (b"PK", "slides.ppt", "application/vnd.ms-powerpoint", "no_pdf"),
    ],
)
def test_slides_that_cannot_be_shown_say_why_and_are_not_tried_again(
    engine: Engine, config: Config, now: datetime, content: bytes, name: str, media_type: str, fault: str
) -> None:
    material_id = _wait(engine, config, now, content, name, media_type)
    _work(engine, config, now)
    with reading(engine) as db:
        material = db.get_one(Material, material_id)
        assert (material.state, material.fault) == ("failed", fault)
        assert db.scalars(select(Job.state).where(Job.kind == "render_slides")).all() == ["done"]


def test_pages_that_are_ready_are_not_made_again(db: Session, now: datetime, tmp_path: Path) -> None:
    study_session = make_study_session(db, now, make_course(db))
    material = make_slides(db, now, study_session, tmp_path, 2)
    assert slides.waiting_slides(db, material.id) is None


def test_new_slides_replace_the_old_pages_whose_images_are_served_no_more(
    db: Session, now: datetime, tmp_path: Path
) -> None:
    study_session = make_study_session(db, now, make_course(db))
    material = make_slides(db, now, study_session, tmp_path, 3)
    old = set(db.scalars(select(SlidePage.image_id)))
    material.state = "waiting"
    db.flush()
    waiting = slides.waiting_slides(db, material.id)
    assert waiting is not None
    kept = slides.KeptSlides((
        slides.KeptPage(files.keep(tmp_path, b"page 1"), 1600, 900, "同じ"),
        slides.KeptPage(files.keep(tmp_path, b"new"), 1600, 900, "新しい"),
    ))  # fmt: skip
    for _ in range(2):  # a job may be done twice
        slides.store_pages(db, waiting, kept, now)
    now_shown = set(db.scalars(select(SlidePage.image_id)))
    assert len(now_shown) == 2
    left = set(db.scalars(select(StoredFile.id).where(StoredFile.media_type == "image/webp")))
    assert left == now_shown
    assert len(old & left) == 1


def test_pages_of_a_file_that_was_replaced_meanwhile_are_thrown_away(
    db: Session, now: datetime, tmp_path: Path
) -> None:
    study_session = make_study_session(db, now, make_course(db))
    material = make_material(db, now, study_session, tmp_path, b"one")
    waiting = slides.waiting_slides(db, material.id)
    assert waiting is not None
    material.file_id = files.store(db, tmp_path, b"two", "slides.pdf", "application/pdf", now).id
    db.flush()
    late = slides.KeptSlides((slides.KeptPage(files.keep(tmp_path, b"x"), 1, 1, ""),))
    slides.store_pages(db, waiting, late, now)
    slides.store_fault(db, waiting, PdfFault.BROKEN)
    assert db.scalar(select(func.count()).select_from(SlidePage)) == 0
    assert material.state == "waiting"
