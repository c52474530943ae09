"""Looks at the content folders without a database: what the checks say, and what the pool consists of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studyhub.content.checks import check
from studyhub.content.loader import Content, load
from studyhub.content.pool_table import PoolTable, pool_table
from studyhub.formats.report import Report
from studyhub.services.content_sync.fitting import unfitting
from studyhub.services.content_sync.outcome import FaultyContent


@dataclass(frozen=True, slots=True)
class Inspection:
    report: Report
    pool: PoolTable


def inspect(content_root: Path) -> Inspection:
    content = load(content_root)
    return Inspection(check_all(content), pool_table(content))


def check_all(content: Content) -> Report:
    """The checks of the content itself, and whether it fits the database."""
    return check(content) + Report(tuple(unfitting(content)))


def load_checked(content_root: Path) -> tuple[Content, Report]:
    """Raises FaultyContent when there is an error; the report holds warnings only."""
    content = load(content_root)
    report = check_all(content)
    if not report.ok:
        raise FaultyContent(report)
    return content, report
