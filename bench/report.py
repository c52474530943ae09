"""The one table of a run: printed, and written to bench/results/ as Markdown and JSON."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from studyhub.config import PROJECT_ROOT

RESULTS = PROJECT_ROOT / "bench" / "results"
HEADINGS = (
    "figure",
    "value",
    "p50 / p95 / p99 ms",
    "server CPU ms",
    "floor or peer",
    "ratio",
    "SQL",
    "weight kB",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. What does not apply is empty. ``weight`` is cold (requests) and warm."""

    name: str
    value: str
    times: str = ""
    cpu: str = ""
    beside: str = ""
    ratio: str = ""
    statements: str = ""
    weight: str = ""

    def cells(self) -> tuple[str, ...]:
        return (
            self.name, self.value, self.times, self.cpu, self.beside, self.ratio, self.statements, self.weight,
        )  # fmt: skip


ELSEWHERE = (
    Figure(
        "elsewhere, earlier: saving an answer", "", beside="Moodle 58/s (p95 197 ms), Kolibri 59/s (750 ms)"
    ),
    Figure("elsewhere, earlier: save and show the next page", "", beside="Moodle 12/s (p95 872 ms)"),
    Figure(
        "elsewhere, earlier: signed-in page", "", beside="Moodle 19/s (p95 541 ms), Kolibri 54/s (209 ms)"
    ),
    Figure(
        "elsewhere, earlier: cold page", "", beside="Moodle 1.25–3.9 MB in 28 requests, Kolibri 2.3 MB in 35"
    ),
    Figure("elsewhere, earlier: memory of the whole stack", "", beside="Moodle 878 MB, Kolibri 278 MB"),
)
"""Moodle 4.5.6 and Kolibri 0.19.5 on another two shared cores (quality.md); not measured in this run."""


def machine() -> dict[str, str]:
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": f"{os.cpu_count()} × {_processor()}",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load average before": " ".join(f"{each:.1f}" for each in os.getloadavg()),
        "packages": ", ".join(
            f"{name} {version(name)}" for name in ("flask", "sqlalchemy", "gunicorn", "psycopg")
        ),
        "revision": _revision(),
    }


def write(engine: str, facts: Mapping[str, str], figures: Sequence[Figure]) -> Path:
    """The path of the Markdown; the JSON lies beside it."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{datetime.now(UTC):%Y-%m-%d}-{engine}.md"
    head = "\n".join(f"- {name}: {value}" for name, value in facts.items())
    path.write_text(f"# StudyHub on {engine}\n\n{head}\n\n{table(figures)}\n", "utf-8")
    data = {"facts": dict(facts), "figures": [asdict(figure) for figure in figures]}
    path.with_suffix(".json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def table(figures: Sequence[Figure]) -> str:
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return "| " + " | ".join(padded) + " |"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _revision() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    found = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"
