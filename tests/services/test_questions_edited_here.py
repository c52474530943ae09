"""Questions of the files that somebody edits in the site: files and imports leave them alone, and say so."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from studyhub.domain.questions import from_data
from studyhub.persistence.session import reading, transaction
from studyhub.services.question_editing import ReviseQuestion, figures_for, render_question, revise_question
from studyhub.services.question_import import import_questions
from tests.factories.content_folders import ContentFolder
from tests.factories.content_sites import Site, question, revisions
from tests.factories.questions import make_syllabus
from tests.personas import Personas

CRYPTO = "question_pool/mini/q-crypto-001.yaml"


@pytest.fixture
def site(engine: Engine, tmp_path: Path, now: datetime) -> Site:
    made = Site(engine, ContentFolder(tmp_path / "content"), tmp_path / "files", now)
    made.sync()
    return made


def edit(engine: Engine, personas: Personas, key: str, now: datetime) -> None:
    with reading(engine) as db:
        held = from_data(revisions(db, key)[-1].data)
        figures = figures_for(db, held)
    rendered = render_question(replace(held, explanation="画面で直した解説です。"), figures)
    with transaction(engine) as db:
        revise_question(db, personas.lecturer, ReviseQuestion(key, rendered, 1), now)


def test_a_question_edited_here_is_left_alone_by_the_files_and_that_is_told(
    site: Site, personas: Personas
) -> None:
    edit(site.engine, personas, "q-crypto-001", site.now)
    path = site.folder.root / CRYPTO
    path.write_text(
        path.read_text("utf-8").replace("explanation:", "keep_order: true\n  explanation:"), "utf-8"
    )
    outcome = site.sync()
    assert outcome.plan.questions_left_alone == ("q-crypto-001",)
    with site.seen() as db:
        assert question(db, "q-crypto-001").origin == "studio"
        assert revisions(db, "q-crypto-001")[-1].data["explanation"] == "画面で直した解説です。"


def test_a_question_edited_here_outlives_its_file(site: Site, personas: Personas) -> None:
    edit(site.engine, personas, "q-crypto-001", site.now)
    before = site.sync()
    assert "q-crypto-001" not in before.plan.questions.retired
    with site.seen() as db:
        assert question(db, "q-crypto-001").status == "published"


def test_a_past_question_edited_here_is_left_alone_by_the_next_import(
    engine: Engine, personas: Personas, now: datetime, tmp_path: Path
) -> None:
    with transaction(engine) as db:
        make_syllabus(db)
    row = {
        "number": 1, "small_category": 61, "stem": "問い", "choices": ["甲", "乙"], "answer": 0, "needs_figure": False,
        "source": "令和5年度 ITパスポート試験 問1",
    }  # fmt: skip
    path = tmp_path / "2023r05.jsonl"
    path.write_text(json.dumps(row), "utf-8")
    import_questions(engine, [path], now)
    edit(engine, personas, "ip-2023r05-1", now)
    path.write_text(json.dumps(row | {"stem": "別の問い"}), "utf-8")
    plan = import_questions(engine, [path], now)
    assert plan.left_alone == ("ip-2023r05-1",)
    assert plan.written == ()
