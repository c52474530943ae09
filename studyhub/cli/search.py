"""``studyhub search``: the search index, which the worker keeps in step by itself."""

from __future__ import annotations

import click

from studyhub.cli import database
from studyhub.services import search as service


@click.group()
def search() -> None:
    """The search index."""


@search.command()
@click.option("--full", is_flag=True, help="Write every document anew, not only what changed.")
def reindex(full: bool) -> None:
    """Bring the search index in step with the content now."""
    with database.reading_db() as db:
        batches = service.plan_reindex(db, full=full)
    for batch in batches:
        with database.writing_db() as db:
            service.store_batch(db, batch)
    written = sum(len(batch.written) for batch in batches)
    removed = sum(len(batch.removed) for batch in batches)
    click.echo(f"検索の索引を更新しました（書き込み {written} 件、削除 {removed} 件）。")
