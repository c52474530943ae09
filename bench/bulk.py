"""Rows by the hundred thousand: COPY on PostgreSQL, executemany on SQLite, both past the ORM and without safety.

The same tuples go to both engines: times as ``text_time`` writes them (UTC), booleans as 0 and 1, JSON as text. Keys
are not checked on the way in; whoever makes the rows makes them fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Engine

Row = Sequence[object]


class Bulk(Protocol):
    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None: ...

    def run(self, statement: str) -> None: ...


def text_time(moment: datetime) -> str:
    """As SQLite keeps a time; PostgreSQL reads it in the zone of its session, which is UTC here."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


@contextmanager
def bulk(engine: Engine) -> Iterator[Bulk]:
    """One transaction, kept when the block ends well."""
    raw = engine.raw_connection()
    try:
        found: _Sqlite | _Postgresql = (
            _Sqlite(raw.driver_connection)
            if engine.dialect.name == "sqlite"
            else _Postgresql(raw.driver_connection)
        )
        yield found
        found.end()
    finally:
        raw.invalidate()  # its settings must reach nobody else


class _Sqlite:
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-1000000", "temp_store=FILE"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN IMMEDIATE")

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        places = ", ".join("?" * len(columns))
        self._connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)

    def run(self, statement: str) -> None:
        self._connection.execute(statement)

    def end(self) -> None:
        self._connection.execute("COMMIT")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _Postgresql:
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        for setting in (
            "timezone TO 'UTC'", "session_replication_role TO replica", "work_mem TO '512MB'",
            "synchronous_commit TO off",
        ):  # fmt: skip
            connection.execute(f"SET {setting}")

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        with (
            self._connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def run(self, statement: str) -> None:
        self._connection.execute(statement)

    def end(self) -> None:
        for table, column in self._serial_columns():
            self._connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'),"
                f" (SELECT coalesce(max({column}), 0) + 1 FROM {table}), false)"
            )
        self._connection.commit()

    def _serial_columns(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = self._connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND column_default LIKE 'nextval(%'"
        ).fetchall()
        return found
