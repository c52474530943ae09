"""The command ``studyhub content`` as people type it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, func, select

from studyhub.cli import database
from studyhub.cli.content import content
from studyhub.config import Config
from studyhub.persistence.models import Question, QuestionReport
from studyhub.persistence.session import reading, transaction
from tests.factories.content_folders import ContentFolder
from tests.factories.people import make_user
from tests.factories.questions import make_question, make_syllabus

CRYPTO = "question_pool/mini/q-crypto-001.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> ContentFolder:
    return ContentFolder(tmp_path / "content")


@pytest.fixture
def commands(
    engine: Engine, folder: ContentFolder, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured = Config(tmp_path / "instance", "sqlite:///unused", folder.root, "x" * 32, testing=True)
    monkeypatch.setattr(database, "config", lambda: configured)
    monkeypatch.setattr(database, "engine", lambda: engine)
    monkeypatch.setattr(database, "now", lambda: now)


def run(*words: str) -> Result:
    return CliRunner().invoke(content, list(words))


def count(engine: Engine) -> int:
    with reading(engine) as db:
        return db.scalar(select(func.count()).select_from(Question)) or 0


pytestmark = pytest.mark.usefixtures("commands")


def test_check_shows_what_the_pool_consists_of() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "小さなシラバス" in result.stdout
    assert "single_choice" in result.stdout
    assert "四択の正解（2問）" in result.stdout
    assert "誤り 0件" in result.stdout


def test_check_names_the_place_of_a_fault_and_ends_with_one(folder: ContentFolder) -> None:
    folder.replace(CRYPTO, "correct: true", "correct: false")
    result = run("check")
    assert result.exit_code == 1
    assert f"{CRYPTO}:1: error: [q-crypto-001] 正解" in result.stderr


def test_check_speaks_english_when_asked(folder: ContentFolder) -> None:
    folder.replace(CRYPTO, "[mini:crypto]", "[mini:nothing]")
    result = run("check", "--language", "en")
    assert "No syllabus has the topic “mini:nothing”" in result.stderr


def test_check_looks_into_another_folder_without_a_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ContentFolder(tmp_path / "other")
    monkeypatch.setattr(database, "engine", None)
    assert run("check", "--folder", str(other.root)).exit_code == 0


def test_sync_says_what_changed_and_then_that_nothing_did(engine: Engine) -> None:
    first = run("sync")
    assert first.exit_code == 0, first.output
    assert "問題: 新規 2、更新 0、廃止 0" in first.stdout
    assert "変更はありません" in run("sync").stdout
    assert count(engine) == 2


def test_a_dry_run_of_sync_writes_nothing(engine: Engine) -> None:
    assert "問題: 新規 2" in run("sync", "--dry-run").stdout
    assert count(engine) == 0


def test_sync_with_a_fault_names_it_and_writes_nothing(engine: Engine, folder: ContentFolder) -> None:
    folder.replace(CRYPTO, "[mini:crypto]", "[mini:nothing]")
    result = run("sync")
    assert result.exit_code == 1
    assert f"{CRYPTO}:1: error" in result.stderr
    assert "何も取り込みませんでした" in result.stderr
    assert count(engine) == 0


def test_import_questions_previews_and_then_imports(engine: Engine, tmp_path: Path) -> None:
    with transaction(engine) as db:
        make_syllabus(db)
    path = tmp_path / "2023r05.jsonl"
    row = {"number": 1, "small_category": 61, "stem": "問い", "choices": ["甲", "乙"], "answer": 0}
    path.write_text(json.dumps({**row, "source": "令和5年度 ITパスポート試験 問1"}), encoding="utf-8")
    assert "取り込む予定: 新規 1問" in run("import-questions", "--dry-run", str(path)).stdout
    assert count(engine) == 0
    assert "取込み: 新規 1問" in run("import-questions", str(path)).stdout
    assert count(engine) == 1


def test_import_questions_lists_faults_by_line(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"number": 1}\n{broken\n', encoding="utf-8")
    result = run("import-questions", str(path))
    assert result.exit_code == 1
    assert f"{path}:1: error" in result.stderr
    assert f"{path}:2: error" in result.stderr


def test_reports_lists_what_officers_found_wrong(engine: Engine, now: datetime) -> None:
    with transaction(engine) as db:
        [topic] = make_syllabus(db)
        question = make_question(db, now, topic, key="ip-61-001")
        for state in ("open", "settled"):
            db.add(
                QuestionReport(
                    user_id=make_user(db, now).id,
                    revision_id=question.current_revision_id,
                    kind="wrong_key",
                    text=f"{state}\n正解はイでは",
                    state=state,
                    created_at=now,
                    settled_at=now if state == "settled" else None,
                )
            )
    result = run("reports")
    assert "ip-61-001 第1版 正解の誤り: open 正解はイでは" in result.stdout
    assert "未対応の報告 1件" in result.stdout


def test_a_database_without_its_schema_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "newest_revision", lambda: "9999")
    result = run("sync")
    assert result.exit_code == 1
    assert "studyhub init" in result.stderr
