"""Acknowledged means on the disk: with our settings a row that was committed is there after any power cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import apsw
import pytest

from studyhub.persistence.engine import _set_pragmas, make_engine
from tests.persistence.forgetful_disk import ForgetfulDisk

CUTS = 60


class Connection(apsw.Connection):
    """With the attribute of Python's own driver that our settings set."""

    isolation_level: Any = ""


@contextmanager
def opened(disk: ForgetfulDisk, folder: Path) -> Iterator[Connection]:
    """With exactly the settings every connection of StudyHub gets."""
    connection = Connection(str(folder / "site.sqlite3"), vfs=disk.name)
    _set_pragmas(connection, None)
    connection.execute("CREATE TABLE responses (seq INTEGER PRIMARY KEY, given TEXT)")
    connection.execute("PRAGMA wal_autocheckpoint = 20")  # so that cuts also fall into checkpoints
    try:
        yield connection
    finally:
        connection.close()


def acknowledge_and_cut(folder: Path, *, torn: bool, relaxed: bool = False) -> list[tuple[int, int, str]]:
    """For each of the power cuts: rows acknowledged, rows found afterwards, and what SQLite's check says."""
    disk, rng, outcomes = ForgetfulDisk(), Random(2026), []
    with opened(disk, folder) as connection:
        if relaxed:
            connection.execute("PRAGMA synchronous = NORMAL")
        for cut in range(1, CUTS + 1):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO responses (given) VALUES (?)", ("ア" * rng.randrange(2000),))
            connection.execute("COMMIT")
            database = disk.cut_power(folder / f"after-{cut}", rng if torn else None)
            outcomes.append((cut, *after_restart(database)))
    return outcomes


def after_restart(database: Path) -> tuple[int, str]:
    engine = make_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        if not connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first():
            return 0, "no table"
        rows = connection.exec_driver_sql("SELECT count(*) FROM responses").scalar_one()
        check = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
    engine.dispose()
    return rows, check


@pytest.mark.parametrize("torn", [False, True], ids=["nothing-unsynced-kept", "any-part-of-it-kept"])
def test_no_acknowledged_row_is_lost_at_a_power_cut(tmp_path: Path, torn: bool) -> None:
    assert acknowledge_and_cut(tmp_path, torn=torn) == [(cut, cut, "ok") for cut in range(1, CUTS + 1)]


def test_the_disk_of_these_tests_does_forget(tmp_path: Path) -> None:
    """With SQLite's customary setting for WAL most cuts lose rows, so the test above can fail."""
    outcomes = acknowledge_and_cut(tmp_path, torn=False, relaxed=True)
    assert sum(found < acknowledged for acknowledged, found, _check in outcomes) > CUTS / 2
