"""Looks at the content folders without a database: what the checks say, and what the pool consists of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from studyhub.content.checks import check
from studyhub.content.loader import Content, load
from studyhub.content.pool_table import PoolTable, pool_table
from studyhub.content.quotas import Count, counts_of
from studyhub.content.similarity import BAR, Pair, nearest
from studyhub.formats import past_exam
from studyhub.formats.report import Finding, Report, Severity
from studyhub.services.content_sync.fitting import unfitting
from studyhub.services.content_sync.outcome import FaultyContent


@dataclass(frozen=True, slots=True)
class Inspection:
    report: Report
    pool: PoolTable
    counts: tuple[Count, ...]
    nearest: tuple[Pair, ...]
    """For each question of our own the most similar other one, of the pool or of ``past``; nearest first."""
    bar: float = BAR


def inspect(content_root: Path, past: Iterable[Path] = ()) -> Inspection:
    """``past`` are files of real past examinations that no question of our own may be a copy of."""
    content = load(content_root)
    pairs = tuple(_nearest(content, past))
    report = check_all(content) + Report(tuple(_copies(content, pairs)))
    return Inspection(report, pool_table(content), counts_of(content), pairs)


def _nearest(content: Content, past: Iterable[Path]) -> Iterator[Pair]:
    own = [loaded.question for loaded in content.questions if loaded.question.source_line is None]
    others = [
        found.item
        for path in past
        for found in past_exam.read_jsonl(path.read_text("utf-8"), path.name).items
    ]
    yield from nearest(own, own + others)


def _copies(content: Content, pairs: Iterable[Pair]) -> Iterator[Finding]:
    places = {loaded.question.id: loaded for loaded in content.questions}
    for pair in pairs:
        if pair.share >= BAR:
            loaded = places[pair.question_id]
            shares = {"percent": round(pair.share * 100), "bar": round(BAR * 100)}
            params: dict[str, object] = {"other": pair.other_id, **shares}
            yield Finding(Severity.WARNING, loaded.file, loaded.line, "near-copy", pair.question_id, params)


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
