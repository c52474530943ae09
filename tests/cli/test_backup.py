"""The three commands as an operator types them."""

from __future__ import annotations

import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, delete

from studyhub.cli import main
from studyhub.config import PROJECT_ROOT
from studyhub.persistence.models import Response
from studyhub.persistence.session import transaction
from tests import serving
from tests.services.site_with_history import fill_site


def studyhub(instance: Path, url: str, *arguments: str) -> tuple[int, str]:
    """In a process of its own, from the interpreter on."""
    ended = subprocess.run(
        serving.command(*arguments),
        env=serving.environment(instance, url, 5000),
        cwd=PROJECT_ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, (ended.stdout + ended.stderr).decode()


def run(*arguments: str) -> tuple[int, str]:
    """The same command in the process of the test: most of the time of another one is Python's start."""
    ended = CliRunner().invoke(main, arguments)
    return ended.exit_code, ended.output


@pytest.fixture
def filled(site: Path, engine: Engine, now: datetime) -> Path:
    """The instance folder of a site with something of everything."""
    fill_site(engine, site / "files", now)
    return site


def test_a_site_moves_by_backup_restore_and_verify(filled: Path, engine: Engine, tmp_path: Path) -> None:
    """Into a database that does not even have a schema yet."""
    file = str(tmp_path / "b.zip")
    here = filled, engine.url.render_as_string(hide_password=False)
    elsewhere = tmp_path / "elsewhere", f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}"
    assert studyhub(*here, "backup", file)[0] == 0
    code, said = studyhub(*here, "verify", file)
    assert (code, "サイトとバックアップの内容は同じです。" in said) == (0, True)
    code, said = studyhub(*elsewhere, "restore", file)
    assert (code, "ファイル 1 件を復元しました。" in said) == (0, True)
    code, said = studyhub(*elsewhere, "verify", file)
    assert (code, "目録どおりです" in said) == (0, True)
    code, said = studyhub(*elsewhere, "restore", file)
    assert (code, "空のサイトにだけ" in said) == (1, True)


def test_verify_ends_with_an_error_when_answers_are_gone(
    filled: Path, engine: Engine, tmp_path: Path
) -> None:
    file = str(tmp_path / "b.zip")
    assert run("backup", file)[0] == 0
    with transaction(engine) as db:
        db.execute(delete(Response))
    code, said = run("verify", file)
    assert (code, "消えてはいけない記録です" in said) == (1, True)


def test_verify_and_backup_say_which_file_is_damaged(filled: Path, tmp_path: Path) -> None:
    stored = next(path for path in (filled / "files").glob("*/*") if path.is_file())
    stored.write_bytes(b"")
    code, said = run("verify")
    assert (code, "暗号入門.pdf" in said) == (1, True)
    code, said = run("backup", str(tmp_path / "b.zip"))
    assert (code, stored.name in said) == (1, True)
    assert (tmp_path / "b.zip").exists(), "what is left is kept all the same"


def test_the_worker_runs_what_is_ready_and_ends(filled: Path, engine: Engine) -> None:
    """The slides of this site do not exist: the job fails, the worker does not. A process of its own, since it takes
    over the signals of the one it runs in."""
    url = engine.url.render_as_string(hide_password=False)
    code, said = studyhub(filled, url, "worker", "--once")
    assert (code, "1 件の処理を行いました。" in said) == (0, True)
