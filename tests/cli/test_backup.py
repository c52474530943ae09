"""The three commands as an operator types them."""

from __future__ import annotations

import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

from studyhub.config import PROJECT_ROOT
from studyhub.persistence.engine import make_engine
from studyhub.persistence.models import Response
from studyhub.persistence.session import transaction
from tests import serving
from tests.services.site_with_history import fill_site


def studyhub(instance: Path, url: str, *arguments: str) -> tuple[int, str]:
    ended = subprocess.run(
        serving.command(*arguments),
        env=serving.environment(instance, url, 5000),
        cwd=PROJECT_ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, (ended.stdout + ended.stderr).decode()


@pytest.fixture
def site(engine: Engine, tmp_path: Path, now: datetime) -> tuple[Path, str]:
    instance = tmp_path / "instance"
    fill_site(engine, instance / "files", now)
    return instance, engine.url.render_as_string(hide_password=False)


def test_a_site_moves_by_backup_restore_and_verify(site: tuple[Path, str], tmp_path: Path) -> None:
    """Into a database that does not even have a schema yet."""
    file = str(tmp_path / "b.zip")
    elsewhere = tmp_path / "elsewhere", f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}"
    assert studyhub(*site, "backup", file)[0] == 0
    code, said = studyhub(*site, "verify", file)
    assert (code, "サイトとバックアップの内容は同じです。" in said) == (0, True)
    code, said = studyhub(*elsewhere, "restore", file)
    assert (code, "ファイル 1 件を復元しました。" in said) == (0, True)
    code, said = studyhub(*elsewhere, "verify", file)
    assert (code, "目録どおりです" in said) == (0, True)
    code, said = studyhub(*elsewhere, "restore", file)
    assert (code, "空のサイトにだけ" in said) == (1, True)


def test_verify_ends_with_an_error_when_answers_are_gone(site: tuple[Path, str], tmp_path: Path) -> None:
    file = str(tmp_path / "b.zip")
    assert studyhub(*site, "backup", file)[0] == 0
    other = make_engine(site[1])
    with transaction(other) as db:
        db.execute(delete(Response))
    other.dispose()
    code, said = studyhub(*site, "verify", file)
    assert (code, "消えてはいけない記録です" in said) == (1, True)


def test_verify_and_backup_say_which_file_is_damaged(site: tuple[Path, str], tmp_path: Path) -> None:
    stored = next(path for path in (site[0] / "files").glob("*/*") if path.is_file())
    stored.write_bytes(b"")
    code, said = studyhub(*site, "verify")
    assert (code, "暗号入門.pdf" in said) == (1, True)
    code, said = studyhub(*site, "backup", str(tmp_path / "b.zip"))
    assert (code, stored.name in said) == (1, True)
    assert (tmp_path / "b.zip").exists(), "what is left is kept all the same"


def test_the_worker_runs_what_is_ready_and_ends(site: tuple[Path, str]) -> None:
    """The slides of this site do not exist: the job fails, the worker does not."""
    code, said = studyhub(*site, "worker", "--once")
    assert (code, "1 件の処理を行いました。" in said) == (0, True)
