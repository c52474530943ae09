"""``studyhub backup``, ``restore`` and ``verify``: keeping what a site holds, and knowing that it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from studyhub.cli import database
from studyhub.domain.errors import StudyHubError
from studyhub.services.backup import BackupCommand, write_backup
from studyhub.services.backup_archive import Archive, open_archive
from studyhub.services.restore import restore as restore_site
from studyhub.services.verify import Difference, SiteFaults, check_archive, check_site, compare

_FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@_FILE
def backup(file: Path) -> None:
    """Write everything the site holds into FILE, while it runs."""
    command = BackupCommand(file, database.config().files, database.schema_revision())
    with _sentences(), database.snapshot_db() as db:
        manifest = write_backup(db, command, database.now(), _say_rows)
    click.echo(f"{file}: {manifest.rows:,} 行、ファイル {manifest.files:,} 件を保存しました。")
    for sha256 in manifest.missing_files:
        click.echo(f"ファイル {sha256} がないか、壊れています。", err=True)
    if manifest.missing_files:
        raise click.ClickException(
            "バックアップは書きましたが、上のファイルは入っていません。studyhub verify で確かめてください。"
        )


@click.command()
@_FILE
def restore(file: Path) -> None:
    """Read FILE into this site, which must be empty; the schema is made when there is none."""
    with _sentences(), open_archive(file) as archive:
        database.make_missing_schema()
        with database.writing_db() as db:
            restore_site(
                db, archive, database.config().files, database.schema_revision(), database.now(), _say_rows
            )
    click.echo(f"{archive.manifest.rows:,} 行、ファイル {archive.manifest.files:,} 件を復元しました。")


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def verify(file: Path | None) -> None:
    """Check the site; with FILE, check that backup too and say how the site differs from it."""
    with database.snapshot_db() as db:
        faults = check_site(db, database.config().files)
    _say_faults(faults)
    lost = bool(file) and _verify_backup(Path(str(file)))
    if faults or lost:
        raise SystemExit(1)


def _verify_backup(file: Path) -> bool:
    """True when the site lost rows that it may never lose."""
    with _sentences(), open_archive(file) as archive:
        check_archive(archive)
        manifest = archive.manifest
        click.echo(f"{file}: 目録どおりです（{manifest.made_at}、StudyHub {manifest.version}）。")
        differences = _compare(archive)
    if all(difference.same for difference in differences):
        click.echo("サイトとバックアップの内容は同じです。")
    return any(difference.loses_history for difference in differences)


def _compare(archive: Archive) -> list[Difference]:
    with database.snapshot_db() as db:
        return compare(db, archive, _say_difference)


def _say_rows(table: str, rows: int) -> None:
    click.echo(f"  {table:26} {rows:>12,}")


def _say_difference(difference: Difference) -> None:
    if difference.same:
        click.echo(f"  {difference.table:26} {difference.rows:>12,} 行 同じ")
        return
    click.echo(
        f"  {difference.table:26} {difference.rows:>12,} 行 その後の追加 {difference.new:,} "
        f"変更 {difference.changed:,} 削除 {difference.missing:,}"
        + (" ← 消えてはいけない記録です" if difference.loses_history else "")
    )


def _say_faults(faults: SiteFaults) -> None:
    for line in faults.database:
        click.echo(f"データベース: {line}", err=True)
    for table, target, count in faults.broken_keys:
        click.echo(f"{table} の {count:,} 行が、{target} にない行を指しています。", err=True)
    for sha256, name in faults.files:
        click.echo(f"ファイル「{name}」（{sha256}）がないか、壊れています。", err=True)
    if not faults:
        click.echo("サイトに異常はありません（データベース、参照、ファイル）。")


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except StudyHubError as error:
        raise click.ClickException(str(error)) from error
