"""``studyhub content blind`` and ``content answers``: the pool is answered by people who do not see the key."""

from __future__ import annotations

import json
from pathlib import Path

import click

from studyhub.cli import database
from studyhub.domain.days import office_day
from studyhub.services import content_review

_folder = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that holds courses/ and question_pool/; that of the configuration when not given.",
)


@click.command("blind")
@_folder
@click.option("--all", "every", is_flag=True, help="Also those that have enough agreeing answers.")
def blind(folder: Path | None, every: bool) -> None:
    """Print the questions that still need answers, one JSON object a line, without key, reasons and explanation."""
    for sheet in content_review.sheets(folder or database.config().content, every=every):
        click.echo(json.dumps(sheet, ensure_ascii=False))


@click.command("answers")
@_folder
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def answers(folder: Path | None, files: tuple[Path, ...]) -> None:
    """Take in FILES (CSV with id, asked, answer) and say which answers are not the key."""
    root = folder or database.config().content
    for file in files:
        taken = content_review.take_answers(root, file.read_text("utf-8-sig"), office_day(database.now()))
        click.echo(f"{file.name}：{taken.answered}問、正解と違うもの {len(taken.differing)}問")
        for question_id, answer in taken.differing:
            click.echo(f"  {question_id}：{answer}")
        if taken.unknown:
            click.echo(f"  今の問題文ではないもの：{'、'.join(taken.unknown)}")
