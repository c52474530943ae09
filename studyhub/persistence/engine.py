"""Engines: SQLite set up so that acknowledged means durable, and PostgreSQL.

Why SQLite is not left to its defaults (measured, see docs/decisions/0003-sqlite-settings.md): the driver's own
transactions lose updates silently, deferred BEGIN fails half-way under load, synchronous=NORMAL loses
acknowledged rows at a power cut. So the driver is told not to open transactions, every writing transaction
starts with BEGIN IMMEDIATE, and reads marked ``readonly`` start with a plain BEGIN.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

BUSY_TIMEOUT_MS = 15_000
HIDE_PARAMETERS = True
"""Errors go to the log, and what people wrote must not."""


def make_engine(url: str, *, pool_size: int = 5) -> Engine:
    if url.startswith("sqlite"):
        return _sqlite(url)
    return create_engine(
        url, pool_size=pool_size, max_overflow=10, pool_pre_ping=True, hide_parameters=HIDE_PARAMETERS
    )


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        hide_parameters=HIDE_PARAMETERS,
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-16000",
        "mmap_size=268435456",
        # 16 MB between two checkpoints instead of 4: an answer touches a dozen pages all over the file, and the same
        # pages are then written back once instead of several times.
        "wal_autocheckpoint=4000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    readonly = connection.get_execution_options().get("readonly", False)
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")
