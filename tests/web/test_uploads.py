"""Uploading in the studio, without a script and with one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from studyhub.app import create_app
from studyhub.config import Config
from studyhub.jobs.runner import Worker
from studyhub.persistence.models import Material, StudySession, StudySessionRevision
from studyhub.persistence.session import reading
from tests.browsing import Browser, SteppedClock
from tests.factories import uploads as made
from tests.personas import Personas

NEW = "/studio/study-sessions/new"
Lecturer = Callable[..., TestResponse]


@pytest.fixture
def lecturer(client: Browser, personas: Personas) -> Browser:
    client.sign_in(personas.lecturer)
    return client


def _files(**named: bytes) -> list[tuple[BytesIO, str]]:
    return [(BytesIO(content), name.replace("__", ".")) for name, content in named.items()]


def _start(lecturer: Browser, **named: bytes) -> str:
    """Returns the key of the draft."""
    answer = lecturer.send(NEW, files=_files(**named), speaker_notes="yes")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location).split("/")[-2]


def _materials(engine: Engine, key: str) -> dict[str, Material]:
    with reading(engine) as db:
        query = select(Material).join(StudySession, StudySession.id == Material.study_session_id)
        return {m.path: m for m in db.scalars(query.where(StudySession.key == key, Material.current))}


def _work(engine: Engine, config: Config, now: datetime) -> None:
    Worker(engine, config, clock=lambda: now).run_all(Event())


def test_slides_become_a_draft_that_is_filled_in_and_previewed_at_once(
    lecturer: Browser, engine: Engine
) -> None:
    key = _start(lecturer, talk__pptx=made.lecture(30))
    form = lecturer.read(f"/studio/study-sessions/{key}/start")
    for expected in (
        'value="情報セキュリティの基本"',
        'value="60"',
        "鈴木 一郎",
        "三つの要素を自分の仕事の例で",
    ):
        assert expected in form
    fields = {"title": "三つの要素", "course": "+", "new_course": "新しい講座", "kind": "workshop", "minutes": "45",
              "held_on": "2026-12-01", "starts_at": "10:00", "lecturers": "例田 花子", "base_revision": "1"}  # fmt: skip
    answer = lecturer.send(f"/studio/study-sessions/{key}/start", **fields)
    assert (answer.status_code, answer.location) == (303, f"/studio/study-sessions/{key}")
    preview = lecturer.read(f"/study-sessions/{key}")
    for expected in (
        "三つの要素",
        "新しい講座",
        "例田 花子",
        "論点5：完全性",
        "下書きです",
        "スライドを準備しています",
    ):
        assert expected in preview


def test_refused_files_are_told_and_the_others_are_kept(lecturer: Browser, engine: Engine) -> None:
    key = _start(lecturer, talk__pptx=made.lecture(3), bad__png=b"<html>", macro__pptm=b"PK\x03\x04")
    assert set(_materials(engine, key)) == {"talk.pptx"}
    page = lecturer.read(f"/studio/study-sessions/{key}/start")
    assert "「bad.png」の中身は" in page
    assert "「macro.pptm」はマクロを含む" in page


def test_nothing_is_made_where_no_file_can_be_taken(lecturer: Browser, engine: Engine) -> None:
    answer = lecturer.send(NEW, files=_files(bad__pdf=b"MZ\x90"))
    assert answer.status_code == 400
    assert "「bad.pdf」の中身は" in answer.get_data(as_text=True)
    assert lecturer.send(NEW, files=[(BytesIO(), "")]).status_code == 400
    with reading(engine) as db:
        assert db.scalars(select(StudySession)).all() == []


def test_a_script_is_told_where_to_go_or_what_is_wrong(lecturer: Browser) -> None:
    good = lecturer.send(NEW, json=True, files=_files(talk__pptx=made.lecture(3)))
    assert good.json["location"].endswith("/start")  # type: ignore[index]
    bad = lecturer.send(NEW, json=True, files=_files(bad__pdf=b"MZ\x90"))
    assert (bad.status_code, len(bad.json["messages"])) == (400, 1)  # type: ignore[index]


def test_an_upload_over_the_limit_of_the_site_is_refused(
    config: Config, clock: SteppedClock, personas: Personas
) -> None:
    app = create_app(replace(config, max_upload_mb=1), clock=clock)
    app.test_client_class = Browser
    client: Any = app.test_client()
    client.sign_in(personas.lecturer)
    sent = b"--x\r\nContent-Disposition: form-data; name=files; filename=a.pdf\r\n\r\n" + b" " * (2 << 20)
    answer = client.post(NEW, data=sent, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    app.extensions["studyhub"].engine.dispose()


def test_the_making_of_pages_can_be_followed(
    lecturer: Browser, engine: Engine, config: Config, now: datetime
) -> None:
    key = _start(lecturer, slides__pdf=made.pdf(3))
    address = f"/studio/study-sessions/{key}/materials"
    assert lecturer.get(f"{address}/progress").json["waiting"] is True  # type: ignore[index]
    assert "順番を待っているか、変換しています" in lecturer.read(address)
    _work(engine, config, now)
    found = lecturer.get(f"{address}/progress").json
    assert found is not None
    assert found["waiting"] is False
    assert "3枚" in found["materials"][0]["html"]
    assert "3枚" in lecturer.read(address)


def test_a_presentation_without_images_is_shown_in_words(
    lecturer: Browser,
    engine: Engine,
    config: Config,
    now: datetime,
    personas: Personas,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    key = _start(lecturer, talk__pptx=made.lecture(3))
    _work(engine, config, now)
    assert "PDF に書き出し" in lecturer.read(f"/studio/study-sessions/{key}/materials")
    page = lecturer.read(f"/study-sessions/{key}/slides/3")
    assert "slide-undrawn" in page
    assert "暗号化と認証の違い" in page
    assert "例を3つ話す" not in page


def test_no_way_into_the_site_brings_speaker_notes_to_those_who_download(
    lecturer: Browser, engine: Engine
) -> None:
    def downloaded(path: str) -> bytes:
        with lecturer.get(f"/files/{_materials(engine, key)[path].file_id}") as sent:
            content = BytesIO(sent.data)
        with zipfile.ZipFile(content) as presentation:
            return b"".join(presentation.read(name) for name in presentation.namelist())

    key = _start(lecturer, talk__pptx=made.lecture(3))
    address = f"/studio/study-sessions/{key}/materials"
    assert "発表者ノートを除きます" in lecturer.read(address)
    assert lecturer.send(address, files=_files(more__pptx=made.lecture(4))).status_code == 303
    zipped = made.archive({"zipped.pptx": made.lecture(5)})
    assert lecturer.send(address, files=_files(all__zip=zipped)).status_code == 303
    for path, last in (("talk.pptx", 3), ("more.pptx", 4), ("zipped.pptx", 5)):
        assert f"論点{last}".encode() in downloaded(path)
        assert "つ話す".encode() not in downloaded(path)
    one = f"{address}/{_materials(engine, key)['talk.pptx'].id}"
    assert lecturer.send(f"{one}/replace", files=_files(new__pptx=made.lecture(6))).status_code == 303
    assert "論点6".encode() in downloaded("talk.pptx")
    assert "つ話す".encode() not in downloaded("talk.pptx")


def test_a_film_is_played_in_the_page_and_sent_in_ranges(lecturer: Browser, engine: Engine) -> None:
    key = _start(lecturer, film__mp4=made.film())
    address = f"/files/{_materials(engine, key)['film.mp4'].file_id}"
    page = lecturer.read(f"/study-sessions/{key}")
    assert f'<video class="video" controls preload="metadata" src="{address}"' in page
    with lecturer.get(address, headers={"Range": "bytes=0-7"}) as part:
        assert (part.status_code, part.data[4:]) == (206, b"ftyp")
        assert part.headers["Content-Type"] == "video/mp4"
        assert part.headers["X-Content-Type-Options"] == "nosniff"


def test_a_replaced_figure_is_shown_in_the_notes(lecturer: Browser, engine: Engine) -> None:
    key = _start(lecturer, notes__md="## 章\n\n![図](plan.png)\n".encode(), plan__png=made.picture())
    material = _materials(engine, key)["plan.png"]
    address = f"/studio/study-sessions/{key}/materials/{material.id}/replace"
    assert lecturer.send(address, files=_files(new__png=made.picture(size=(9, 9)))).status_code == 303
    fresh = _materials(engine, key)["plan.png"].file_id
    assert fresh != material.file_id
    assert f"/files/{fresh}" in lecturer.read(f"/study-sessions/{key}")
    with reading(engine) as db:
        assert sorted(db.scalars(select(StudySessionRevision.number))) == [1, 2]


def test_files_are_added_named_and_removed_on_the_page(lecturer: Browser, engine: Engine) -> None:
    key = _start(lecturer, notes__md="## 章\n".encode())
    address = f"/studio/study-sessions/{key}/materials"
    assert "資料はまだありません" in lecturer.read(address)
    added = lecturer.send(address, files=_files(table__csv=b"1,2\n", bad__png=b"<html>"))
    assert added.status_code == 303
    page = lecturer.read(address)
    assert "table.csv" in page
    assert "「bad.png」の中身は" in page
    one = f"{address}/{_materials(engine, key)['table.csv'].id}"
    assert lecturer.send(one, title="").status_code == 400
    lecturer.send(one, title="記入表")
    assert "記入表" in lecturer.read(f"/study-sessions/{key}")
    lecturer.send(one, step="remove")
    assert "記入表" not in lecturer.read(f"/study-sessions/{key}")
    assert "外した資料" in lecturer.read(address)
    lecturer.send(one, step="bring-back")
    assert "記入表" in lecturer.read(f"/study-sessions/{key}")


def test_a_draft_and_its_files_are_hidden_from_officers(
    lecturer: Browser, engine: Engine, personas: Personas
) -> None:
    key = _start(lecturer, table__csv=b"1,2\n")
    file_id = _materials(engine, key)["table.csv"].file_id
    lecturer.sign_out()
    lecturer.sign_in(personas.officer)
    assert lecturer.get(f"/study-sessions/{key}").status_code == 404
    assert lecturer.get(f"/files/{file_id}").status_code == 404
    assert lecturer.get(f"/studio/study-sessions/{key}/materials").status_code == 403


def test_a_session_that_was_taken_along_comes_back_the_same(lecturer: Browser, engine: Engine) -> None:
    first = _start(lecturer, brought__zip=made.archive(made.session_folder()))
    with lecturer.get(f"/studio/study-sessions/{first}/export.zip") as answer:
        exported = answer.data
    second = _start(lecturer, again__zip=exported)
    assert second != first
    described = [
        {path: (m.role, m.title, m.position) for path, m in _materials(engine, key).items()}
        for key in (first, second)
    ]
    assert described[0] == described[1]
    with reading(engine) as db:
        rows = {row.key: row for row in db.scalars(select(StudySession))}
        one, two = (
            db.get_one(StudySessionRevision, rows[key].current_revision_id) for key in (first, second)
        )
        for name in ("title", "held_on", "starts_at", "minutes", "course_id", "kind"):
            assert getattr(rows[first], name) == getattr(rows[second], name), name
        assert (one.plain, one.toc, one.objectives) == (two.plain, two.toc, two.objectives)
