"""The one module of the command line that opens the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache

import click
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from studyhub.config import Config, ConfigurationError, load_config
from studyhub.domain.errors import StudyHubError
from studyhub.persistence.engine import make_engine
from studyhub.persistence.schema import current_revision, newest_revision, upgrade
from studyhub.persistence.session import reading, snapshot, transaction


@lru_cache(maxsize=1)
def config() -> Config:
    try:
        return load_config()
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error


@lru_cache(maxsize=1)
def engine() -> Engine:
    return make_engine(config().database_url)


def now() -> datetime:
    return datetime.now(UTC)


def require_schema() -> None:
    """Stops the command when the database is not at this version's schema."""
    try:
        found = current_revision(engine())
    except SQLAlchemyError as error:
        raise click.ClickException(f"データベースに接続できません: {error.__cause__ or error}") from error
    if found is None:
        raise click.ClickException(
            "データベースの準備ができていません。先に studyhub init を実行してください。"
        )
    if found != newest_revision():
        raise click.ClickException(
            f"データベースの版（{found}）がこのプログラムの版（{newest_revision()}）と違います。"
            "バックアップを取ってから studyhub init を実行してください。"
        )


def schema_revision() -> str:
    """Of this version; of the database too, after ``require_schema``."""
    return newest_revision()


def make_missing_schema() -> None:
    """Of an empty database; one that holds another schema is left alone."""
    if current_revision(engine()) is None:
        upgrade(engine())


def migrate() -> bool:
    """Brings the database to this version's schema; whether there was anything to do."""
    try:
        if current_revision(engine()) == newest_revision():
            return False
        upgrade(engine())
    except SQLAlchemyError as error:
        raise click.ClickException(f"データベースに接続できません: {error.__cause__ or error}") from error
    except CommandError as error:
        raise click.ClickException(
            f"データベースがこの版の StudyHub より新しいようです（{error}）。新しい版を使ってください。"
        ) from error
    return True


@contextmanager
def writing_db() -> Iterator[Session]:
    """A transaction; the errors that are answers end the command with their sentence."""
    require_schema()
    try:
        with transaction(engine()) as db:
            yield db
    except StudyHubError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def reading_db() -> Iterator[Session]:
    require_schema()
    with reading(engine()) as db:
        yield db


@contextmanager
def snapshot_db() -> Iterator[Session]:
    """Reading for long, all of it at one moment."""
    require_schema()
    with snapshot(engine()) as db:
        yield db
