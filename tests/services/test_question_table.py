"""Questions out of the site and in again: looked at first, all or nothing, and what is the same stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Forbidden, Invalid
from studyhub.domain.questions import Question, QuestionStatus
from studyhub.formats.question_table import write_questions
from studyhub.formats.report import Reading
from studyhub.formats.table_writing import TableFormat
from studyhub.services import question_imports as imports
from studyhub.services.content_sync.outcome import quiet
from studyhub.services.question_export import FileFormat, export_questions, template
from studyhub.services.question_table import Fate, plan_import, read_file, render_plan, store_import
from tests.domain.question_samples import BODIES, question
from tests.factories.progress import make_answer
from tests.factories.questions import make_question, make_syllabus, store_question, topic_of
from tests.factories.written_questions import asked, create, need_review, row_of, written
from tests.personas import Personas


@pytest.fixture(autouse=True)
def syllabus(db: Session, personas: Personas) -> None:
    make_syllabus(db, leaves=("61", "62"))


def table(*questions: Question) -> Reading[Question]:
    return read_file(write_questions(TableFormat.XLSX, questions, 0), "x.xlsx")


def bring_in(db: Session, personas: Personas, found: Reading[Question], now: datetime) -> int:
    plan = plan_import(db, found)
    return store_import(db, personas.lecturer, found, plan, render_plan(plan, quiet), now)


@pytest.mark.parametrize("format_", FileFormat)
def test_what_is_exported_and_imported_again_changes_nothing(
    db: Session, personas: Personas, now: datetime, format_: FileFormat
) -> None:
    leaf = topic_of(db, "ip-6.5:61")
    keys = [store_question(db, now, leaf, question(body, f"t-{n}")).key for n, body in enumerate(BODIES)]
    content = export_questions(db, personas.lecturer, keys, format_, english=False)
    plan = plan_import(db, read_file(content, f"x.{format_}"))
    assert [each.fate for each in plan.questions] == [Fate.UNCHANGED] * len(BODIES)
    assert plan.report.ok


def test_new_questions_get_keys_and_changed_ones_a_revision(
    db: Session, personas: Personas, now: datetime
) -> None:
    make_question(db, now, topic_of(db, "ip-6.5:61"), key="ip-61-001")
    changed = replace(asked(db, "ip-61-001"), explanation="よりよい解説です。")
    found = table(changed, written("甲はどれか。"), written("乙はどれか。", topic="ip-6.5:62"))
    plan = plan_import(db, found)
    assert [each.fate for each in plan.questions] == [Fate.CHANGED, Fate.NEW, Fate.NEW]
    assert plan.questions[0].fields == ("explanation",)
    assert bring_in(db, personas, found, now) == 3
    row = row_of(db, "ip-61-001")
    assert (row.origin, asked(db, "ip-61-001").explanation) == ("studio", "よりよい解説です。")
    assert asked(db, "st-61-001").stem == "甲はどれか。"
    assert row_of(db, "st-62-001").author_id == personas.lecturer.user_id
    assert row_of(db, "st-62-001").status == "published"


def test_a_bad_row_keeps_everything_out(db: Session, personas: Personas, now: datetime) -> None:
    found = table(written("甲はどれか。"), replace(written("乙はどれか。"), explanation=""))
    plan = plan_import(db, found)
    assert [(each.code, each.line) for each in plan.report.errors] == [("missing-explanation", 3)]
    with pytest.raises(Invalid):
        bring_in(db, personas, found, now)
    draft = replace(written("乙はどれか。"), explanation="", status=QuestionStatus.DRAFT)
    assert plan_import(db, table(draft)).report.ok


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (replace(written(), topics=("no:topic",)), "unknown-topic"),
        (replace(written(), id="import"), "question-reserved"),
        (replace(written(), teaches="no-session#x"), "unknown-session"),
        (replace(written(), stem="![図](figures/gone.svg)"), "missing-file"),
    ],
)
def test_what_no_question_may_be_is_said_with_its_row(db: Session, bad: Question, code: str) -> None:
    assert code in {each.code for each in plan_import(db, table(bad)).report.errors}


def test_a_key_that_stands_twice_in_the_file_is_an_error(db: Session) -> None:
    one = replace(written(), id="st-61-900")
    assert [e.code for e in plan_import(db, table(one, one)).report.errors] == ["duplicate-id"]


def test_another_key_of_an_answered_question_is_not_imported(
    db: Session, personas: Personas, now: datetime
) -> None:
    row = make_question(db, now, topic_of(db, "ip-6.5:61"), key="ip-61-001")
    make_answer(db, personas.officer.user_id, row, now)
    other = replace(asked(db, row.key), body=written(right=2).body)
    assert [each.code for each in plan_import(db, table(other)).report.errors] == ["question-correct-it"]


def test_where_a_second_person_is_asked_for_nothing_comes_in_published(
    db: Session, personas: Personas, now: datetime
) -> None:
    need_review(db, now)
    assert [e.code for e in plan_import(db, table(written())).report.errors] == ["question-needs-review"]
    assert plan_import(db, table(replace(written(), status=QuestionStatus.REVIEW))).report.ok


def test_what_changed_since_the_look_is_a_conflict(db: Session, personas: Personas, now: datetime) -> None:
    make_question(db, now, topic_of(db, "ip-6.5:61"), key="ip-61-001")
    found = table(replace(asked(db, "ip-61-001"), explanation="別の解説です。"))
    plan = plan_import(db, found)
    row_of(db, "ip-61-001").status = "retired"
    db.flush()
    with pytest.raises(Conflict):
        store_import(db, personas.lecturer, found, plan, render_plan(plan, quiet), now)


def test_only_those_who_write_content_export_and_import(
    db: Session, personas: Personas, now: datetime, tmp_path: Path
) -> None:
    key = create(db, personas.lecturer, now)
    with pytest.raises(Forbidden):
        export_questions(db, personas.officer, [key], FileFormat.CSV, english=False)
    with pytest.raises(Forbidden):
        imports.keep(tmp_path, personas.supervisor, b"x", "x.csv")
    with pytest.raises(Invalid):
        export_questions(db, personas.lecturer, [], FileFormat.CSV, english=False)


@pytest.mark.parametrize("format_", FileFormat)
@pytest.mark.parametrize("english", [True, False])
def test_the_template_can_be_brought_in_as_it_is(db: Session, format_: FileFormat, english: bool) -> None:
    plan = plan_import(db, read_file(template(format_, english=english), f"x.{format_}"))
    assert plan.report.ok, plan.report.errors
    assert {each.question.kind for each in plan.questions} == _kinds()
    assert {each.fate for each in plan.questions} == {Fate.NEW}


def _kinds() -> set[object]:
    return {question(body).kind for body in BODIES}
