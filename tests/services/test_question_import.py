"""Real past questions come in from rows: with their source, again without change, and all or none."""

from __future__ import annotations

import json
import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.questions import SingleChoice, from_data
from studyhub.persistence.models import Job, Question, QuestionRevision
from studyhub.persistence.session import reading, transaction
from studyhub.services.content_sync import FaultyContent, sync
from studyhub.services.question_import import import_questions, preview_import
from tests.databases import strictest_engine
from tests.factories.questions import make_syllabus

PROJECT = Path(__file__).resolve().parents[2]
PAST_EXAMINATIONS = Path(
    os.environ.get("STUDYHUB_PAST_EXAMINATIONS", PROJECT.parent / "shared/data/ipa_past")
)


def row(number: int, **other: object) -> dict[str, object]:
    return {
        "number": number,
        "small_category": 61,
        "stem": f"{number}番目の問い。適切なものはどれか。",
        "choices": [f"甲{number}", "乙", "丙", "丁"],
        "answer": 1,
        "needs_figure": False,
        "source": f"令和5年度 ITパスポート試験 問{number}",
        **other,
    }


def write_rows(path: Path, *rows: dict[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


@pytest.fixture
def past(tmp_path: Path) -> Path:
    return write_rows(
        tmp_path / "2023r05.jsonl", row(1), row(2, small_category=62), row(3, needs_figure=True)
    )


@pytest.fixture
def syllabus(engine: Engine) -> None:
    with transaction(engine) as db:
        make_syllabus(db, leaves=("61", "62"))


def questions(db: Session) -> dict[str, Question]:
    return {question.key: question for question in db.scalars(select(Question))}


def revisions_of(db: Session, key: str) -> list[QuestionRevision]:
    mine = select(QuestionRevision).join(Question, Question.id == QuestionRevision.question_id)
    return list(db.scalars(mine.where(Question.key == key).order_by(QuestionRevision.number)))


def count(engine: Engine, model: type) -> int:
    with reading(engine) as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.usefixtures("syllabus")
def test_a_row_becomes_a_published_question_with_its_source(
    engine: Engine, past: Path, now: datetime
) -> None:
    plan = import_questions(engine, [past], now)
    assert (len(plan.added), len(plan.changed), plan.unchanged, plan.drafts) == (3, 0, 0, 1)
    with reading(engine) as db:
        question = questions(db)["ip-2023r05-1"]
        [revision] = revisions_of(db, "ip-2023r05-1")
        body = from_data(revision.data).body
        assert (question.status, question.origin) == ("published", "import")
        assert revision.source_line == "出典：令和5年度 ITパスポート試験 公開問題 問1"
        assert (revision.level, revision.expected_facility) == (None, None)
        assert isinstance(body, SingleChoice)
        assert [choice.correct for choice in body.choices] == [False, True, False, False]
        assert revision.html["choices"] == ["甲1", "乙", "丙", "丁"]
        assert revision.html["reasons"] == ["", "", "", ""]


@pytest.mark.usefixtures("syllabus")
def test_a_question_that_needs_a_figure_waits_as_a_draft(engine: Engine, past: Path, now: datetime) -> None:
    import_questions(engine, [past], now)
    with reading(engine) as db:
        assert questions(db)["ip-2023r05-3"].status == "draft"


@pytest.mark.usefixtures("syllabus")
def test_importing_again_changes_nothing(engine: Engine, past: Path, now: datetime) -> None:
    import_questions(engine, [past], now)
    plan = import_questions(engine, [past], now)
    assert (len(plan.added), len(plan.changed), plan.unchanged) == (0, 0, 3)
    assert (count(engine, Question), count(engine, QuestionRevision), count(engine, Job)) == (3, 3, 1)


@pytest.mark.usefixtures("syllabus")
def test_a_corrected_row_makes_a_new_revision_of_its_question_alone(
    engine: Engine, past: Path, now: datetime
) -> None:
    import_questions(engine, [past], now)
    write_rows(past, row(1, answer=2), row(2, small_category=62), row(3, needs_figure=True))
    plan = import_questions(engine, [past], now)
    assert [located.item.id for located in plan.changed] == ["ip-2023r05-1"]
    with reading(engine) as db:
        old, new = revisions_of(db, "ip-2023r05-1")
        assert questions(db)["ip-2023r05-1"].current_revision_id == new.id
        assert (old.number, new.number) == (1, 2)
        assert len(revisions_of(db, "ip-2023r05-2")) == 1


@pytest.mark.usefixtures("syllabus")
def test_a_corrected_category_asks_for_progress_to_be_rebuilt(
    engine: Engine, past: Path, now: datetime
) -> None:
    import_questions(engine, [past], now)
    write_rows(past, row(1, small_category=62))
    import_questions(engine, [past], now)
    with reading(engine) as db:
        job = db.scalars(select(Job).where(Job.kind == "rebuild_progress")).one()
        assert job.payload == {"question_ids": [questions(db)["ip-2023r05-1"].id]}


@pytest.mark.usefixtures("syllabus")
def test_a_row_that_no_longer_needs_a_figure_is_published_without_a_new_revision(
    engine: Engine, past: Path, now: datetime
) -> None:
    import_questions(engine, [past], now)
    write_rows(past, row(3))
    import_questions(engine, [past], now)
    with reading(engine) as db:
        assert questions(db)["ip-2023r05-3"].status == "published"
        assert len(revisions_of(db, "ip-2023r05-3")) == 1


@pytest.mark.usefixtures("syllabus")
def test_a_preview_counts_and_writes_nothing(engine: Engine, past: Path) -> None:
    plan = preview_import(engine, [past])
    assert (len(plan.added), plan.drafts) == (3, 1)
    assert count(engine, Question) == 0


@pytest.mark.usefixtures("syllabus")
def test_every_faulty_row_of_every_file_is_named_and_none_comes_in(
    engine: Engine, past: Path, tmp_path: Path, now: datetime
) -> None:
    bad = write_rows(tmp_path / "bad.jsonl", row(1), row(2, answer=7), row(3, small_category=99))
    with pytest.raises(FaultyContent) as caught:
        import_questions(engine, [past, bad], now)
    places = {(error.file, error.line, error.code) for error in caught.value.report.errors}
    assert places == {(str(bad), 2, "answer-out-of-range"), (str(bad), 3, "no-such-category")}
    assert count(engine, Question) == 0


@pytest.mark.usefixtures("syllabus")
def test_a_source_line_that_does_not_fit_is_named(engine: Engine, tmp_path: Path, now: datetime) -> None:
    path = write_rows(tmp_path / "long.jsonl", row(1, source="長" * 300))
    with pytest.raises(FaultyContent) as caught:
        import_questions(engine, [path], now)
    assert [(error.line, error.code) for error in caught.value.report.errors] == [(1, "too-long")]


@pytest.mark.usefixtures("syllabus")
def test_two_files_of_the_same_name_are_refused(
    engine: Engine, past: Path, tmp_path: Path, now: datetime
) -> None:
    twin = write_rows(tmp_path / "copy" / past.name, row(1))
    with pytest.raises(FaultyContent) as caught:
        import_questions(engine, [past, twin], now)
    (error,) = caught.value.report.errors
    assert error.code == "duplicate-id"
    assert str(past) in error.sentence("ja")
    assert str(past) in error.sentence("en")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("rows.xls", b"x", "unknown-format"),
        ("rows.jsonl", "問い".encode("shift_jis"), "not-utf8"),
        ("rows.jsonl", b"{not json}\n", "json"),
        ("rows.jsonl", b'{"stem": "\\u0000"}\n', "not-readable"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    engine: Engine, tmp_path: Path, now: datetime, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FaultyContent) as caught:
        import_questions(engine, [path], now)
    [error] = caught.value.report.errors
    assert (error.file, error.code) == (str(path), code)


def test_without_the_syllabus_the_import_says_what_to_do_first(
    engine: Engine, past: Path, now: datetime
) -> None:
    with pytest.raises(Invalid, match="studyhub content sync"):
        import_questions(engine, [past], now)


@pytest.mark.usefixtures("syllabus")
def test_a_question_of_the_pool_is_not_overwritten(engine: Engine, past: Path, now: datetime) -> None:
    import_questions(engine, [past], now)
    with transaction(engine) as db:
        questions(db)["ip-2023r05-1"].origin = "pool"
    write_rows(past, row(1, answer=0))
    with pytest.raises(Conflict, match="ip-2023r05-1"):
        import_questions(engine, [past], now)


@pytest.mark.usefixtures("syllabus")
def test_two_imports_at_once_do_not_mix(engine: Engine, past: Path, now: datetime) -> None:
    calls: list[int] = []

    def another_comes_in(done: int, _total: int) -> None:
        calls.append(done)
        if len(calls) == 1:
            import_questions(engine, [past], now)

    with pytest.raises(Conflict):
        import_questions(engine, [past], now, progress=another_comes_in)
    assert count(engine, QuestionRevision) == 3


@pytest.mark.slow
def test_all_real_past_examinations_come_in_and_again_change_nothing(
    engine: Engine, tmp_path: Path, now: datetime
) -> None:
    paths = sorted(PAST_EXAMINATIONS.glob("*.jsonl"))
    if not paths:
        pytest.skip(
            f"THE REAL PAST EXAMINATIONS ARE NOT AT {PAST_EXAMINATIONS}: set STUDYHUB_PAST_EXAMINATIONS to their folder"
        )
    if engine.dialect.name != strictest_engine():
        paths = paths[::3]
    sync(engine, _syllabi_alone(tmp_path / "content"), tmp_path / "files", now)
    plan = import_questions(engine, paths, now)
    assert len(plan.added) == 100 * len(paths)
    with reading(engine) as db:
        unsourced = (
            select(func.count())
            .select_from(QuestionRevision)
            .join(Question, Question.current_revision_id == QuestionRevision.id)
            .where(Question.origin == "import", ~QuestionRevision.source_line.startswith("出典："))
        )
        assert db.scalar(unsourced) == 0
    again = import_questions(engine, paths, now)
    assert (again.unchanged, again.written) == (len(plan.added), ())


def _syllabi_alone(root: Path) -> Path:
    """Of the project's content, what rows refer to: bringing in the rest takes longer than the import."""
    shutil.copytree(PROJECT / "question_pool/syllabi", root / "question_pool/syllabi")
    return root
