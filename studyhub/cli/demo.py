"""``studyhub demo``: fill an empty site with content, fictional people and what they studied."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from studyhub.cli import database
from studyhub.cli.content import sync
from studyhub.services import demo as demo_service

_WORDS = (
    "harbour", "lantern", "maple", "river", "pencil", "window", "garden", "bridge", "cotton", "meadow", "signal",
    "violet", "granite", "orchard", "compass", "thimble",
)  # fmt: skip


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing on a site that already has people.")
@click.pass_context
def demo(context: click.Context, if_empty: bool) -> None:
    """Fill an empty site with the content, fictional people and eight weeks of their study."""
    database.migrate()
    with database.reading_db() as db:
        taken = demo_service.has_people(db)
    if taken and if_empty:
        return
    if not taken:
        context.invoke(sync, folder=None, dry_run=False)
    password = database.config().demonstration_password or "-".join(secrets.SystemRandom().sample(_WORDS, 3))
    notes, exchanged = demo_service.render_sessions(), demo_service.render_exchange()
    asked = demo_service.render_questions()
    with database.writing_db() as db:
        people = demo_service.populate(db, password, database.now())
        answers = demo_service.live_through(db, people, database.now())
        demo_service.lead(db, database.now())
        demo_service.ask(db, database.now())
        demo_service.prepare_april(db, database.now())
        demo_service.show_results(db, people, database.now())
        demo_service.gather(db, people, database.now())
        demo_service.write_sessions(db, notes, database.now())
        demo_service.write_questions(db, asked, database.now())
        demo_service.exchange(db, exchanged, database.now())
    _remember(database.config().instance / "config.toml", password)
    click.echo(f"お試し用の利用者{len(people)}人と回答{answers}件を入れました。パスワード: {password}")


def _remember(path: Path, password: str) -> None:
    """In the instance's settings, so that the sign-in page can show it."""
    if database.config().demonstration_password:
        return
    with path.open("a", encoding="utf-8") as file:
        file.write(f'demonstration_password = "{password}"\n')
    path.chmod(0o600)
