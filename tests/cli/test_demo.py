"""The demonstration: an empty site becomes one to look at, and nothing else ever does."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select

from studyhub.cli import database
from studyhub.cli.demo import demo
from studyhub.persistence.models import QuestionProgress, Response, User
from studyhub.persistence.session import reading
from studyhub.services import progress
from studyhub.services.passwords import verify
from tests.databases import strictest_engine
from tests.factories.content_folders import ContentFolder
from tests.personas import Personas

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_an_empty_site_gets_people_who_can_sign_in_and_a_history_that_adds_up(
    site: Path, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name != strictest_engine():
        monkeypatch.setenv("STUDYHUB_CONTENT", str(_small_content(tmp_path / "content")))
    told = CliRunner().invoke(demo, ["--if-empty"])
    assert told.exit_code == 0, told.output
    password = tomllib.loads((site / "config.toml").read_text("utf-8"))["demonstration_password"]
    assert password in told.output
    with reading(engine) as db:
        for login in ("officer", "lecturer", "supervisor", "admin"):
            stored = db.scalars(select(User.password_hash).where(User.login == login)).one()
            assert verify(stored, password).fits
        assert db.scalar(select(func.count()).select_from(Response)) == db.scalar(
            select(func.sum(QuestionProgress.responses))
        )
        assert len(progress.learners(db)) < (db.scalar(select(func.count()).select_from(User)) or 0)


def test_a_site_with_people_is_never_filled(site: Path, engine: Engine, personas: Personas) -> None:
    refused = CliRunner().invoke(demo)
    assert refused.exit_code == 1
    assert "お試し用のデータは、空のサイトにだけ入れられます。" in refused.output
    assert CliRunner().invoke(demo, ["--if-empty"]).exit_code == 0
    with reading(database.engine()) as db:
        assert db.scalar(select(func.count()).select_from(Response)) == 0
    assert not (site / "config.toml").exists()


def _small_content(root: Path) -> Path:
    """The study sessions and the syllabi that the demonstration names, with two questions: the whole of the project's
    content goes in on the other engine, and on this one in the tests of the browser."""
    folder = ContentFolder(root)
    for name in ("question_pool/syllabi", "courses/worksheets"):
        shutil.copytree(PROJECT / name, root / name, dirs_exist_ok=True)
    shutil.copytree(root / "courses/basics/01-crypto", root / "courses/basics/02-hearing")
    first, second = (f"courses/basics/{name}/session.md" for name in ("01-crypto", "02-hearing"))
    for name, key in ((first, "dx-basics-security"), (second, "support-practice-first-hearing")):
        folder.replace(name, "id: basics-crypto", f"id: {key}")
        folder.replace(name, "held_on: 2026-12-02", "held_on: 2026-10-01")
    return root
