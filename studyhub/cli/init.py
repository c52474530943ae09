"""``studyhub init`` and ``studyhub migrate``: from an empty database to a site with its first administrator."""

from __future__ import annotations

from pathlib import Path

import click

from studyhub.cli import database
from studyhub.domain.errors import Invalid
from studyhub.domain.identity import OPERATOR, Role
from studyhub.domain.passwords import MIN_LENGTH, check_password
from studyhub.reads.people import administrator_logins
from studyhub.services.people import NewUser, create_user


@click.command("migrate")
def migrate() -> None:
    """Bring the database to the schema of this version."""
    _bring_up_to_date()


@click.command("init")
@click.option("--login", help="Login of the first administrator; asked for when not given.")
@click.option("--family-name", help="Family name; asked for when not given.")
@click.option("--given-name", help="Given name; asked for when not given.")
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File whose first line is the pass phrase; asked for when not given.",
)
def init(
    login: str | None, family_name: str | None, given_name: str | None, password_file: Path | None
) -> None:
    """Prepare the database and make the first administrator. Running it again changes nothing."""
    _bring_up_to_date()
    with database.reading_db() as db:
        administrators = administrator_logins(db)
    if administrators:
        click.echo(f"管理者がすでにいます: {', '.join(administrators)}")
        return
    login = login or click.prompt("管理者のログインID")
    family_name = family_name or click.prompt("姓")
    given_name = given_name or click.prompt("名")
    password = (
        _first_line(password_file) if password_file else _asked_password(login, family_name, given_name)
    )
    roles = frozenset({Role.ADMINISTRATOR, Role.OFFICER})
    command = NewUser(login, family_name, given_name, roles=roles, password=password)
    with database.writing_db() as db:
        create_user(db, OPERATOR, command, database.now())
    click.echo(f"管理者「{login}」を登録しました。")


def _bring_up_to_date() -> None:
    click.echo("データベースを準備しました。" if database.migrate() else "データベースは最新です。")


def _asked_password(login: str, family_name: str, given_name: str) -> str:
    """Asks until the pass phrase meets the policy, so that one slip does not start everything over."""
    while True:
        password: str = click.prompt(
            f"パスワード（{MIN_LENGTH}文字以上）", hide_input=True, confirmation_prompt="もう一度"
        )
        try:
            check_password(password, login=login, names=(family_name, given_name))
        except Invalid as error:
            click.echo(str(error), err=True)
        else:
            return password


def _first_line(path: Path) -> str:
    lines = path.read_text("utf-8").splitlines()
    if not lines or not lines[0].strip():
        raise click.ClickException(f"{path} の1行目にパスワードがありません。")
    return lines[0].strip()
