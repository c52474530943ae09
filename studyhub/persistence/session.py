"""The only place that commits.

``transaction`` is for services: it commits when the block ends and rolls back when it raises. ``reading`` is for
reads: it never commits, and on SQLite does not queue behind writers. On SQLite the writers of several processes
take turns at a file lock: waiting there is a queue in the kernel, waiting inside SQLite is a poll with long tails.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

_READ_ONLY = {"readonly": True, "postgresql_readonly": True}


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Short by contract: no rendering, conversion or network inside."""
    with _writers_turn(engine), Session(engine, expire_on_commit=False) as db:
        yield db
        db.commit()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    with Session(engine, autoflush=False) as db:
        db.connection(execution_options=_READ_ONLY)
        yield db


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """Reading in which every statement sees the same moment, however long it takes and whoever writes meanwhile.

    On SQLite any reading is that; PostgreSQL is asked for REPEATABLE READ.
    """
    options: dict[str, object] = dict(_READ_ONLY)
    if engine.dialect.name != "sqlite":
        options["isolation_level"] = "REPEATABLE READ"
    with Session(engine.execution_options(**options), autoflush=False) as db:
        if engine.dialect.name == "sqlite":
            # Else a walk through the whole file would count as memory of this process, as much as is mapped.
            db.execute(text("PRAGMA mmap_size = 0"))
        yield db


def _writers_turn(engine: Engine) -> AbstractContextManager[None]:
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        return nullcontext()
    return _locked(f"{path}.lock")


@contextmanager
def _locked(path: str) -> Iterator[None]:
    """A lock of its own per opening, so that it also holds between threads; the kernel frees it if we die."""
    with open(path, "w") as file:  # noqa: PTH123 (called for every write; Path adds nothing here)
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
