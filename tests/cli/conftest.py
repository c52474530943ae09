"""The commands' own configuration, pointed at the test's database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from studyhub.cli import database


@pytest.fixture
def site(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The instance folder of a site whose commands run in this process."""
    instance = tmp_path / "instance"
    monkeypatch.setenv("STUDYHUB_INSTANCE", str(instance))
    monkeypatch.setenv("STUDYHUB_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    database.config.cache_clear()
    database.engine.cache_clear()
    yield instance
    database.engine().dispose()
    database.config.cache_clear()
    database.engine.cache_clear()
