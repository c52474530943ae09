"""An import of questions by file: kept, looked at, and taken in once after a second yes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from studyhub.domain.errors import Conflict, NotFound
from studyhub.formats.question_table import write_questions
from studyhub.formats.table_writing import TableFormat
from studyhub.persistence import models
from studyhub.persistence.session import reading, transaction
from studyhub.services import question_imports as imports
from tests.factories.questions import make_syllabus
from tests.factories.study_sessions import make_course, make_study_session
from tests.factories.written_questions import written
from tests.personas import Personas


def test_looking_and_taking_in_by_file(
    engine: Engine, personas: Personas, now: datetime, tmp_path: Path
) -> None:
    with transaction(engine) as db:
        make_syllabus(db)
        session = make_study_session(db, now, make_course(db))
        anchor = f"{session.key}#first"
    content = write_questions(TableFormat.CSV, [replace(written(), teaches=anchor)] * 2, 0)
    import_id = imports.keep(tmp_path, personas.lecturer, content, "questions.csv")
    preview = imports.look(engine, tmp_path, import_id)
    assert (preview.errors, preview.counts["new"]) == (0, 2)
    with pytest.raises(Conflict):
        imports.confirm(tmp_path, import_id, "another")
    for _twice in range(2):
        imports.take_in(engine, personas.lecturer, tmp_path, import_id, now)
    outcome = imports.outcome_of(tmp_path, import_id)
    assert outcome is not None
    assert (outcome.written, outcome.refusal) == (2, "")
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(models.Question)) == 2


def test_faulty_questions_are_counted_apart_and_their_faults_name_the_cell(
    engine: Engine, personas: Personas, tmp_path: Path
) -> None:
    with transaction(engine) as db:
        make_syllabus(db)
    questions = [written("甲はどれか。"), replace(written("乙はどれか。"), topics=("no:topic",))]
    content = write_questions(TableFormat.CSV, questions, 0).decode("utf-8-sig")
    unread = content.splitlines()[1].replace("単一選択", "不明な種類").replace("甲はどれか。", "丙はどれか。")
    import_id = imports.keep(tmp_path, personas.lecturer, f"{content}{unread}\n".encode(), "questions.csv")
    preview = imports.look(engine, tmp_path, import_id)
    assert preview.counts == {"new": 1, "changed": 0, "unchanged": 0, "faulty": 2}
    assert [line.title for line in preview.lines] == ["甲はどれか。"]
    told = {each.line: each.sentences for each in preview.findings if each.is_error}
    letter = chr(ord("A") + content.splitlines()[0].split(",").index("分野"))
    assert told[3]["ja"] == f"セル{letter}3（分野）：分野「no:topic」はどのシラバスにもありません。"
    assert told[3]["en"].startswith(f"Cell {letter}3 (分野): ")
    assert 4 in told


def test_two_who_confirm_at_the_same_moment_take_it_in_once_and_are_not_refused(
    engine: Engine, personas: Personas, now: datetime, tmp_path: Path
) -> None:
    with transaction(engine) as db:
        make_syllabus(db)
    content = write_questions(TableFormat.CSV, [written()], 0)
    import_id = imports.keep(tmp_path, personas.lecturer, content, "questions.csv")
    imports.look(engine, tmp_path, import_id)
    with ThreadPoolExecutor(3) as lecturers:
        for _number in range(3):
            lecturers.submit(imports.take_in, engine, personas.lecturer, tmp_path, import_id, now)
    outcome = imports.outcome_of(tmp_path, import_id)
    assert outcome is not None
    assert (outcome.written, outcome.refusal) == (1, "")


def test_a_text_that_cannot_be_rendered_is_named_and_nothing_is_taken_in(
    engine: Engine, personas: Personas, now: datetime, tmp_path: Path
) -> None:
    with transaction(engine) as db:
        make_syllabus(db)
    content = write_questions(TableFormat.CSV, [written(), written("長" * 70_000)], 0)
    import_id = imports.keep(tmp_path, personas.lecturer, content, "questions.csv")
    imports.look(engine, tmp_path, import_id)
    imports.take_in(engine, personas.lecturer, tmp_path, import_id, now)
    outcome = imports.outcome_of(tmp_path, import_id)
    assert outcome is not None
    assert outcome.refusal
    assert [each.line for each in outcome.findings] == [3]
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(models.Question)) == 0


def test_files_are_forgotten_after_a_week(personas: Personas, now: datetime, tmp_path: Path) -> None:
    import_id = imports.keep(tmp_path, personas.lecturer, b"x", "x.csv")
    imports.forget_old(tmp_path, datetime.fromtimestamp(0, tz=now.tzinfo))
    assert imports.existing(tmp_path, import_id).is_dir()
    imports.forget_old(tmp_path, now.replace(year=now.year + 1))
    with pytest.raises(NotFound):
        imports.existing(tmp_path, import_id)
