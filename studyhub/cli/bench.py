"""``studyhub bench``: measure this version on this machine. The code lies in bench/ of the project, not in the wheel."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from studyhub.config import PROJECT_ROOT

_ENGINES = ("sqlite", "postgresql")
_SERVER = "STUDYHUB_TEST_POSTGRESQL"


@click.command("bench")
@click.option("--engine", type=click.Choice(_ENGINES), help="One engine only; else all that there are.")
@click.option("--officers", type=click.IntRange(250), default=33_000, show_default=True)
@click.option("--responses", type=click.IntRange(1_000), default=2_000_000, show_default=True)
@click.option(
    "--seconds", type=click.FloatRange(1, 600), default=10.0, show_default=True, help="Of each figure."
)
@click.option(
    "--site",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to keep the generated site in; one that is there is measured as it is.",
)
def bench(engine: str | None, officers: int, responses: int, seconds: float, site: Path | None) -> None:
    """Measure answers and pages beside a floor, on a generated site of its own."""
    run, size = _measurements()
    for name in (engine,) if engine else _engines():
        if name == "postgresql" and not os.environ.get(_SERVER):
            raise click.ClickException(
                f"{_SERVER} に PostgreSQL の URL がありません。make bench なら、測定用のサーバーを自動で用意します。"
            )
        kept = site.resolve() / name if site else None
        click.echo(str(run(name, size(officers, responses), seconds, kept, click.echo)))


def _engines() -> tuple[str, ...]:
    return _ENGINES if os.environ.get(_SERVER) else _ENGINES[:1]


def _measurements() -> tuple[Any, Any]:
    if not (PROJECT_ROOT / "bench" / "run.py").is_file():
        raise click.ClickException(
            "測定のプログラムはパッケージに含まれていません。ソースコードのフォルダで実行してください。"
        )
    sys.path.insert(0, str(PROJECT_ROOT))
    return import_module("bench.run").run, import_module("bench.generate").Size
