"""The schema's version: bring it up, take it down, and say where it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

_SEARCH_TABLES = ("search_index", "search_vectors")


def upgrade(engine: Engine, revision: str = "head") -> None:
    _run(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str) -> None:
    _run(engine, lambda config: command.downgrade(config, revision))


def current_revision(engine: Engine) -> str | None:
    """None for a database that holds no schema yet."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None, "the package carries no migrations"
    return head


def is_ours(_object: object, name: str | None, _kind: str, _reflected: bool, _compare_to: object) -> bool:
    """Leaves the engine-specific search tables, which have no model, out of the comparison with the models."""
    return not (name or "").startswith(_SEARCH_TABLES)


def _config() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent.parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _run(engine: Engine, step: Callable[[AlembicConfig], None]) -> None:
    """One transaction. SQLite rebuilds tables to alter them, and with foreign keys on, dropping the old parent
    deletes its children: so they are off during the run, and every key is checked before it counts."""
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _sqlite_foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                config = _config()
                config.attributes["connection"] = connection
                step(config)
                if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                    raise RuntimeError(f"the migration would break foreign keys: {broken[:5]}")
        finally:
            if sqlite:  # the connection goes back to the pool, whatever became of the migration
                _sqlite_foreign_keys(connection, "ON")


def _sqlite_foreign_keys(connection: Connection, state: str) -> None:
    """Past SQLAlchemy: the pragma does nothing inside a transaction, which its first statement would begin."""
    connection.connection.execute(f"PRAGMA foreign_keys={state}")
