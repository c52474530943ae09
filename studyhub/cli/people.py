"""``studyhub people``: bring in people from a table, list them, hand out a new pass phrase."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from studyhub.cli import database
from studyhub.domain.days import TOKYO, office_day
from studyhub.domain.identity import OPERATOR, Role
from studyhub.reads.people import people_list
from studyhub.services import people_import
from studyhub.services.people import HandedOut, reset_password_of
from studyhub.services.people_import import ImportPlan, PersonPlan

_SHOWN = 20
"""Lines of each kind in a preview; --all shows every one."""
ROLES = {Role.OFFICER: "職員", Role.LECTURER: "講師", Role.SUPERVISOR: "管理職", Role.ADMINISTRATOR: "管理者"}


@click.group("people")
def people() -> None:
    """People, their posts and their pass phrases."""


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Take it in without asking.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--all", "show_all", is_flag=True, help="Show every person in the preview.")
def import_(file: Path, yes: bool, dry_run: bool, show_all: bool) -> None:
    """Bring in people from FILE (.xlsx or .csv): all rows or none. docs/people.md describes the columns."""
    reading = people_import.read_table(file.read_bytes(), file.name)
    with database.reading_db() as db:
        plan = people_import.plan_import(db, reading, database.now())
    for finding in plan.report.findings:
        click.echo(str(finding), err=True)
    if not plan.ok:
        click.echo(f"誤りが {len(plan.report.errors)} 件あるため、1行も取り込みませんでした。", err=True)
        sys.exit(1)
    _print_plan(plan, show_all)
    if dry_run or not (plan.people or plan.units):
        return
    if not yes:
        click.confirm("取り込みますか", abort=True)
    path = _take_in(reading, plan)
    click.echo("取り込みました。")
    if path is not None:
        click.echo(f"最初のサインイン用のパスワードを {path} に書きました。渡し終えたら削除してください。")


@people.command("list")
def list_() -> None:
    """Everybody with roles and today's main post."""
    with database.reading_db() as db:
        lines = people_list(db, office_day(database.now()))
    for line in lines:
        roles = "・".join(ROLES[role] for role in line.roles)
        out_of_use = "" if line.active else "\t利用停止"
        click.echo(f"{line.login}\t{line.display_name}\t{roles}\t{' '.join(line.unit_path)}{out_of_use}")


@people.command("reset-password")
@click.argument("login")
def reset_password_command(login: str) -> None:
    """Make a new pass phrase for LOGIN, to be changed at the next sign-in; signs the person out everywhere."""
    with _passphrase_file() as path, database.writing_db() as db:
        _write(path, [reset_password_of(db, OPERATOR, login, database.now())])
    click.echo(f"新しいパスワードを {path} に書きました。渡し終えたら削除してください。")


def _take_in(reading: people_import.Table, plan: ImportPlan) -> Path | None:
    """Where the pass phrases stand, when there are new people."""
    with _passphrase_file() as path, database.writing_db() as db:
        handed_out = people_import.apply_import(db, OPERATOR, reading, plan, database.now())
        if handed_out:
            _write(path, handed_out)
    return path if handed_out else None


@contextmanager
def _passphrase_file() -> Iterator[Path]:
    """Where to write pass phrases. The file is on disk before the transaction inside commits, since the other way round
    they could be lost; when anything fails, the file goes again."""
    folder = database.config().instance / "passphrases"
    path = folder / f"{datetime.now(TOKYO):%Y%m%d-%H%M%S-%f}.csv"
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _write(path: Path, handed_out: Iterable[HandedOut]) -> None:
    """CSV that Excel opens, readable by its owner only."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("ログインID", "氏名", "パスワード"))
        writer.writerows((one.login, _no_formula(one.display_name), one.passphrase) for one in handed_out)
        out.flush()
        os.fsync(out.fileno())


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _print_plan(plan: ImportPlan, show_all: bool) -> None:
    new = [person for person in plan.people if person.is_new]
    changed = [person for person in plan.people if not person.is_new]
    click.echo(
        f"新しい人 {len(new)}人、変わる人 {len(changed)}人、そのままの人 {plan.unchanged}人、"
        f"新しい組織 {len(plan.units)}"
    )
    limit = None if show_all else _SHOWN
    for unit in plan.units[:limit]:
        click.echo(f"  新しい組織 {people_import.shown(unit.path)}（{unit.starts_on} から）")
    _say_more(len(plan.units), limit)
    table = Table("", "ログインID", "氏名", "内容", box=None)
    for person in (*new[:limit], *changed[:limit]):
        name = f"{person.person.family_name} {person.person.given_name}"
        table.add_row("新規" if person.is_new else "変更", person.person.login, name, _described(person))
    if table.row_count:
        Console(highlight=False, markup=False).print(table)
    _say_more(max(len(new), len(changed)), limit)


def _say_more(count: int, limit: int | None) -> None:
    if limit is not None and count > limit:
        click.echo(f"  … 各 {limit} 件まで表示しています。--all で全件を表示します。")


def _described(person: PersonPlan) -> str:
    parts = [f"{people_import.column_name(c.field)}「{c.before}」→「{c.after}」" for c in person.changes]
    for change in person.changed_posts:
        before, after = change.before, change.after
        if after.period != before.period:
            parts.append(f"{before.unit_name} {before.title}".rstrip() + f" は {after.period.ends_on} まで")
        if (before.title, before.heads_unit) != (after.title, after.heads_unit):
            parts.append(
                f"職名「{before.title}」→「{after.title}」{'（所属長）' if after.heads_unit else ''}"
            )
    for post in person.new_posts:
        kind = "兼務" if post.kind == "concurrent" else "本務"
        parts.append(f"{post.period.starts_on} から {post.unit_name} {post.title}".rstrip() + f"（{kind}）")
    return "\n".join(parts)
