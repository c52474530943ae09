"""``studyhub progress``: what is made from the log of responses can be made again from it."""

from __future__ import annotations

import click
from rich.progress import track

from studyhub.cli.database import reading_db, writing_db
from studyhub.services import progress as progress_service


@click.group()
def progress() -> None:
    """Projections of the log of responses."""


@progress.command()
@click.option("--check", is_flag=True, help="Change nothing; end with 1 when anything differs from the log.")
def rebuild(check: bool) -> None:
    """Make everybody's progress anew from the log, one officer a transaction."""
    with reading_db() as db:
        learners = progress_service.learners(db)
    differing = [user_id for user_id in track(learners, "記録を作り直しています") if _rebuild(user_id, check)]
    if not differing:
        click.echo(f"{len(learners)}人の記録は、回答の履歴と一致しています。")
    elif check:
        raise click.ClickException(
            f"{len(learners)}人のうち{len(differing)}人の記録が、回答の履歴と一致しません。"
            "studyhub progress rebuild で作り直せます。"
        )
    else:
        click.echo(f"{len(learners)}人のうち{len(differing)}人の記録を、回答の履歴に合わせました。")


def _rebuild(user_id: int, check: bool) -> bool:
    """Whether it differed."""
    with writing_db() as db:
        before = progress_service.projections(db, user_id)
        progress_service.rebuild(db, user_id)
        differs = progress_service.projections(db, user_id) != before
        if check:
            db.rollback()
    return differs
