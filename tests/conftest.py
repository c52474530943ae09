"""Fixtures of the whole suite. Whoever asks for `engine` (or for `db`, `personas`, `app`, `client`, which build on it)
runs once on each engine of STUDYHUB_TEST_ENGINES, on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from studyhub.app import create_app, open_site
from studyhub.config import Config
from studyhub.persistence.session import transaction
from tests.browsing import Browser, SteppedClock
from tests.databases import POSTGRESQL, PostgresqlDatabases, SqliteDatabases, wanted_engines
from tests.personas import Personas, store_personas

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Ten in the morning in Tokyo, on the day the first version was written."""


def _engine_params() -> list[object]:
    marks = {POSTGRESQL: [pytest.mark.postgresql]}
    return [pytest.param(name, marks=marks.get(name, [])) for name in wanted_engines()]


@pytest.fixture(scope="session", params=_engine_params())
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def databases(
    engine_name: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[SqliteDatabases | PostgresqlDatabases]:
    made: SqliteDatabases | PostgresqlDatabases
    if engine_name == POSTGRESQL:
        made = PostgresqlDatabases(worker_id)
    else:
        made = SqliteDatabases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture
def engine(databases: SqliteDatabases | PostgresqlDatabases, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a migrated, empty database."""
    with databases.fresh(tmp_path) as fresh:
        yield fresh


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def personas(engine: Engine, now: datetime) -> Personas:
    """Six people in a small organisation, committed, so that `db` and `client` both see them."""
    with transaction(engine) as db:
        return store_personas(db, now)


@pytest.fixture
def db(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session that is rolled back after the test, for services and reads.

    On SQLite its first statement takes the writer's lock: a test of the web stores what it needs through
    `transaction(engine)` instead, before it uses `client`.
    """
    if "personas" in request.fixturenames:
        request.getfixturevalue("personas")
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def clock(now: datetime) -> SteppedClock:
    """The time of `app`; stands still until a test moves it on."""
    return SteppedClock(now)


@pytest.fixture(scope="session")
def prepared_static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compressing the static files takes longer than most tests: each worker does it once."""
    static = tmp_path_factory.mktemp("built") / "static"
    static.mkdir()
    return static


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Kept between the applications of a worker, each of which would compile its templates anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def config(engine: Engine, tmp_path: Path, prepared_static: Path) -> Config:
    instance = tmp_path / "instance"
    instance.mkdir()
    (instance / "static").symlink_to(prepared_static, target_is_directory=True)
    return _config(instance, engine.url.render_as_string(hide_password=False))


def _config(instance: Path, database_url: str) -> Config:
    return Config(
        instance=instance,
        database_url=database_url,
        content=ROOT,
        secret_key="a key that is long enough and only for tests",
        log_level="ERROR",
        testing=True,
    )


@pytest.fixture(scope="session")
def built_app(prepared_static: Path, compiled_templates: BytecodeCache) -> Flask:
    """One application for all tests of a worker; `app` puts the site of a test behind it."""
    made = create_app(_config(prepared_static.parent, "sqlite://"))
    made.test_client_class = Browser
    made.jinja_env.bytecode_cache = compiled_templates
    # Errors are answered with a page as on a real site; a test of a page sees the status.
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def app(built_app: Flask, config: Config, clock: SteppedClock) -> Iterator[Flask]:
    open_site(built_app, config, clock)
    yield built_app
    built_app.extensions["studyhub"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> Browser:
    """Nobody yet; `client.sign_in(personas.officer)` makes it somebody's."""
    return cast(Browser, app.test_client())
