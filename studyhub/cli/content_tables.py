"""Tables of ``studyhub content check``."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from studyhub.services.content_sync import Inspection, PoolRow, PoolTable

WIDTH_WITHOUT_TERMINAL = 140
STATUSES = {"published": "公開", "review": "確認中", "draft": "下書き", "retired": "廃止"}
LEVELS = {"recall": "想起", "understand": "理解", "apply": "応用"}


WORST_PAIRS = 10


def print_inspection(inspection: Inspection, examinations: int) -> None:
    """``examinations`` is how many past examinations the questions were compared with."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH_WITHOUT_TERMINAL)
    pool = inspection.pool
    for title, rows in pool.rows:
        if rows:
            console.print(_syllabus(title, rows))
    console.print(_kinds(pool))
    if pool.of_four:
        console.print(_keys(pool))
    if inspection.counts:
        console.print(_quotas(inspection))
    if inspection.nearest:
        console.print(_pairs(inspection, examinations))


def _syllabus(title: str, rows: tuple[PoolRow, ...]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("分野")
    table.add_column("まとまり")
    for heading in ("問題", *STATUSES.values(), *LEVELS.values(), "分類", "問題なし"):
        table.add_column(heading, justify="right")
    for row in rows:
        statuses = {status.value: count for status, count in row.statuses.items()}
        levels = {level.value: count for level, count in row.levels.items() if level}
        counts = [row.total, *(statuses.get(s, 0) for s in STATUSES), *(levels.get(v, 0) for v in LEVELS)]
        table.add_row(row.root, row.group, *map(str, (*counts, row.topics, row.empty)))
    return table


def _kinds(pool: PoolTable) -> Table:
    table = Table("種類", "問題", title="問題の種類", title_justify="left")
    for kind, count in sorted(pool.kinds.items()):
        table.add_row(kind.value, str(count))
    return table


def _keys(pool: PoolTable) -> Table:
    title = f"四択の正解（{pool.of_four}問）"
    table = Table("ア", "イ", "ウ", "エ", "正解が最長", title=title, title_justify="left")
    shares = (f"{count} ({count / pool.of_four:.0%})" for count in (*pool.key_positions, pool.key_longest))
    table.add_row(*shares)
    return table


def _quotas(inspection: Inspection) -> Table:
    table = Table("数えるもの", "公開", "必要", "", title="目標の数", title_justify="left")
    for count in inspection.counts:
        table.add_row(count.name, str(count.count), str(count.at_least), "" if count.met else "不足")
    return table


def _pairs(inspection: Inspection, examinations: int) -> Table:
    compared = f"互いと過去の試験{examinations}回分" if examinations else "互い"
    title = f"似ている問題（{compared}。{inspection.bar:.0%} 以上は写しとみなす）"
    table = Table("問題", "似ているもの", "一致", title=title, title_justify="left")
    for pair in inspection.nearest[:WORST_PAIRS]:
        table.add_row(pair.question_id, pair.other_id, f"{pair.share:.0%}")
    return table
