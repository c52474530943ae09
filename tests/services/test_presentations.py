"""Slides of a presentation: texts always, images where LibreOffice draws them, and a reason where it does not."""

from __future__ import annotations

import http.server
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from zipfile import ZipFile

import pytest
from pptx import Presentation
from sqlalchemy import Engine, select

from studyhub.config import Config
from studyhub.content import presentation_pdf
from studyhub.content.presentation_pdf import DrawingFault, NotDrawn, copy_without_links, drawn_as_pdf
from studyhub.formats.upload_kinds import TYPES
from studyhub.jobs.runner import Worker
from studyhub.persistence.models import Material, SlidePage
from studyhub.persistence.session import reading, transaction
from studyhub.services import jobs, slides
from tests.factories import uploads as made
from tests.factories.slides import make_material
from tests.factories.study_sessions import make_course, make_study_session

PPTX = TYPES[".pptx"].media_type


def _wait(engine: Engine, config: Config, now: datetime, content: bytes) -> int:
    with transaction(engine) as db:
        study_session = make_study_session(db, now, make_course(db))
        material = make_material(
            db, now, study_session, config.files, content, name="talk.pptx", media_type=PPTX
        )
        jobs.enqueue(db, "render_slides", {"material_id": material.id}, now)
        return material.id


def _work(engine: Engine, config: Config, now: datetime) -> None:
    Worker(engine, config, clock=lambda: now).run_next(Event())


def _shown(engine: Engine, material_id: int) -> tuple[Material, list[SlidePage]]:
    with reading(engine) as db:
        pages = db.scalars(select(SlidePage).order_by(SlidePage.number)).all()
        return db.get_one(Material, material_id), list(pages)


def _install(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program of the name of LibreOffice's, alone on the path."""
    folder.mkdir()
    program = folder / "soffice"
    program.write_text(f"#!{sys.executable}\nimport os, sys, time, pathlib, subprocess\n{script}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


DRAWS = """
source = pathlib.Path(sys.argv[-1])
assert source.name == "slides.pptx" and any(a.startswith("-env:UserInstallation=file://") for a in sys.argv)
target = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1]) / "slides.pdf"
target.write_bytes(pathlib.Path(os.environ["PATH"], "made.pdf").read_bytes())
"""


def test_slides_are_drawn_and_keep_their_words_and_speaker_notes(
    engine: Engine, config: Config, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path / "bin", monkeypatch, DRAWS)
    (tmp_path / "bin" / "made.pdf").write_bytes(made.pdf(4))
    material_id = _wait(engine, config, now, made.lecture(4))
    _work(engine, config, now)
    material, pages = _shown(engine, material_id)
    assert (material.state, material.fault, len(pages)) == ("ready", "", 4)
    assert all(page.image_id for page in pages)
    assert pages[2].text.startswith("論点3：完全性\n暗号化と認証の違い")
    assert pages[2].notes == "例を3つ話す。"


def test_without_libreoffice_the_words_are_shown_without_images(
    engine: Engine, config: Config, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    material_id = _wait(engine, config, now, made.lecture(3))
    _work(engine, config, now)
    material, pages = _shown(engine, material_id)
    assert (material.state, material.fault) == ("ready", "no_office")
    assert [(page.image_id, page.width) for page in pages] == [(None, 0)] * 3
    assert pages[1].text.startswith("今日のゴール\n三つの要素を")


@pytest.mark.parametrize("script", ["sys.exit(1)", "sys.exit(0)", DRAWS])
def test_a_libreoffice_that_makes_no_pdf_leaves_the_words_and_says_so(
    engine: Engine,
    config: Config,
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
) -> None:
    _install(tmp_path / "bin", monkeypatch, script)
    (tmp_path / "bin" / "made.pdf").write_bytes(b"no PDF")
    material_id = _wait(engine, config, now, made.lecture(3))
    _work(engine, config, now)
    material, pages = _shown(engine, material_id)
    assert (material.state, material.fault, len(pages)) == ("failed", "not_drawn", 3)


def test_a_libreoffice_that_hangs_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "talk.pptx").write_bytes(made.lecture(2))
    heartbeat = tmp_path / "heartbeat"
    beat = f"import time,pathlib\nwhile True: pathlib.Path({str(heartbeat)!r}).touch(); time.sleep(0.05)"
    _install(
        tmp_path / "bin", monkeypatch, f"subprocess.Popen([sys.executable, '-c', {beat!r}])\ntime.sleep(60)"
    )
    started = time.monotonic()
    with pytest.raises(NotDrawn) as caught, drawn_as_pdf(tmp_path / "talk.pptx", time_limit_s=2):
        pass
    assert caught.value.fault is DrawingFault.NOT_DRAWN
    assert time.monotonic() - started < 10
    assert heartbeat.exists()
    last = heartbeat.stat().st_mtime
    time.sleep(0.3)
    assert heartbeat.stat().st_mtime == last


def test_a_job_that_fails_for_good_says_so_at_the_slides(
    engine: Engine, config: Config, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def accident(*_arguments: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(slides, "keep_pages", accident)
    material_id = _wait(engine, config, now, made.lecture(2))
    for attempt in range(jobs.MOST_ATTEMPTS):
        assert _shown(engine, material_id)[0].state == "waiting"
        _work(engine, config, now + timedelta(hours=attempt))
    material, _ = _shown(engine, material_id)
    assert (material.state, material.fault) == ("failed", slides.GAVE_UP)


@contextmanager
def _tempting_server() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the base class)
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/x.png", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _linking_to(address: str) -> bytes:
    """A slide whose picture lies elsewhere."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_picture(BytesIO(made.picture()), 0, 0)
    content = BytesIO()
    deck.save(content)
    shape, links = "ppt/slides/slide1.xml", "ppt/slides/_rels/slide1.xml.rels"
    with ZipFile(content) as archive:
        shown, linked = archive.read(shape), archive.read(links)
    away = linked.replace(
        b'Target="../media/image1.png"', f'Target="{address}" TargetMode="External"'.encode()
    )
    assert away != linked
    inside = made.with_member(content.getvalue(), links, away)
    return made.with_member(inside, shape, shown.replace(b"r:embed", b"r:link"))


def test_links_that_lead_out_are_cut_before_a_presentation_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "talk.pptx").write_bytes(_linking_to("http://example.com/x.png"))
    copy_without_links(tmp_path / "talk.pptx", tmp_path / "copy.pptx")
    assert b"example.com" not in _unpacked(tmp_path / "copy.pptx")
    assert b"slideLayout7.xml" in _unpacked(tmp_path / "copy.pptx")


def _unpacked(path: Path) -> bytes:
    with ZipFile(path) as archive:
        return archive.read("ppt/slides/_rels/slide1.xml.rels")


@pytest.mark.slow
def test_the_real_libreoffice_draws_a_presentation_and_fetches_nothing(tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LIBREOFFICE IS NOT INSTALLED: its drawing of presentations was NOT tested")
    with _tempting_server() as (address, asked):
        (tmp_path / "talk.pptx").write_bytes(_linking_to(address))
        with drawn_as_pdf(tmp_path / "talk.pptx") as pdf:
            assert pdf.read_bytes().startswith(b"%PDF-")
        assert asked == []
    assert presentation_pdf.office_program()
