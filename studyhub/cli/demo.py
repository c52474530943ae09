"""``studyhub demo``: fill an empty site with fictional people and their history."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from studyhub.cli.database import config, now, writing_db
from studyhub.services import demo as demo_service

_WORDS = (
    "harbour",
    "lantern",
    "maple",
    "river",
    "pencil",
    "window",
    "garden",
    "bridge",
    "cotton",
    "meadow",
    "signal",
)


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing on a site that already has people.")
def demo(if_empty: bool) -> None:
    """Fill an empty site with fictional people, and eight weeks of what they studied."""
    with writing_db() as db:
        if if_empty and demo_service.has_people(db):
            return
        password = config().demonstration_password or "-".join(secrets.SystemRandom().sample(_WORDS, 3))
        people = demo_service.populate(db, password, now())
        answers = demo_service.live_through(db, people, now())
    _remember(config().instance / "config.toml", password)
    click.echo(f"お試し用の利用者{len(people)}人と回答{answers}件を入れました。")
    click.echo(f"ログインID: {', '.join(demo_service.DEMO_LOGINS)}  パスワード: {password}")


def _remember(path: Path, password: str) -> None:
    """In the instance's settings, so that the sign-in page can show it."""
    if config().demonstration_password:
        return
    with path.open("a", encoding="utf-8") as file:
        file.write(f'demonstration_password = "{password}"\n')
    path.chmod(0o600)
