"""Looks at the content folders without a database: what the checks say, and what the pool consists of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studyhub.content.checks import check
from studyhub.content.loader import load
from studyhub.content.pool_table import PoolTable, pool_table
from studyhub.formats.report import Report


@dataclass(frozen=True, slots=True)
class Inspection:
    report: Report
    pool: PoolTable


def inspect(content_root: Path) -> Inspection:
    content = load(content_root)
    return Inspection(check(content), pool_table(content))
