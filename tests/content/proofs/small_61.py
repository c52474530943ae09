"""Proofs of the keys of small category 61."""

from __future__ import annotations

import sqlite3
from contextlib import closing


def ip_61_019() -> str:
    """Accounts that fall to four common passwords tried once each, below the limit of five failures."""
    tries, limit = 4, 5
    broken = 3000 * 4 // 1000 if tries < limit else 0
    return str(broken)


def ip_61_025() -> str:
    """Rows returned when the second value closes the quotation and adds a condition that is always true."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE 会員 (会員番号 TEXT, 暗証 TEXT)")
        members = [("1001", "k7pa"), ("1002", "m3xz"), ("1003", "q9tb"), ("1004", "w5ce")]
        database.executemany("INSERT INTO 会員 VALUES (?, ?)", members)
        first, second = "1002", "' OR 'a' = 'a"
        query = f"SELECT 会員番号 FROM 会員 WHERE 会員番号 = '{first}' AND 暗証 = '{second}'"
        return str(len(database.execute(query).fetchall()))
