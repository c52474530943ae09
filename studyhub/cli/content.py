"""``studyhub content``: check the content files, bring them into the database, and hear what officers report."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from studyhub.cli import content_review, content_tables, database
from studyhub.domain.days import office_day
from studyhub.domain.errors import StudyHubError
from studyhub.reads.question_reports import OpenReport, open_reports
from studyhub.services import content_sync, question_import

REPORT_KINDS = {
    "wrong_key": "正解の誤り",
    "unclear": "分かりにくい",
    "outdated": "古い内容",
    "typing": "誤字",
    "other": "その他",
}
NOUNS = {
    "syllabi": "シラバス",
    "mappings": "対応表",
    "blueprints": "試験の設計",
    "terms": "用語",
    "questions": "問題",
    "courses": "講座",
    "worksheets": "ワークシート",
    "study_sessions": "勉強会",
}

_folder = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that holds courses/ and question_pool/; that of the configuration when not given.",
)


@click.group("content")
def content() -> None:
    """Study sessions and questions as files."""


@content.command("check")
@_folder
@click.option("--language", type=click.Choice(["ja", "en"]), default="ja", help="Language of the sentences.")
@click.option(
    "--past",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of real past examinations (*.jsonl) that no question may be a copy of.",
)
def check(folder: Path | None, language: content_sync.Language, past: Path | None) -> None:
    """Say every fault with its place, and what the pool consists of; end with 1 when there is an error."""
    examinations = sorted(past.glob("*.jsonl")) if past else []
    inspection = content_sync.inspect(folder or database.config().content, examinations)
    _print_findings(inspection.report, language)
    content_tables.print_inspection(inspection, len(examinations))
    errors, warnings = len(inspection.report.errors), len(inspection.report.warnings)
    click.echo(f"誤り {errors}件、注意 {warnings}件")
    if errors:
        sys.exit(1)


content.add_command(content_review.blind)
content.add_command(content_review.answers)


@content.command("sync")
@_folder
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def sync(folder: Path | None, dry_run: bool) -> None:
    """Bring the files into the database, all or nothing; nothing is written where nothing changed."""
    database.require_schema()
    root = folder or database.config().content
    with _faults_said():
        if dry_run:
            outcome = content_sync.preview(database.engine(), root)
        else:
            files = database.config().files
            with _bar("表示用に変換") as progress:
                outcome = content_sync.sync(database.engine(), root, files, database.now(), progress=progress)
    _print_findings(outcome.report, "ja")
    _print_plan(outcome, dry_run)


@content.command("import-questions")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def import_questions(files: tuple[Path, ...], dry_run: bool) -> None:
    """Bring in real past questions from FILES (JSON lines or CSV), all or nothing."""
    database.require_schema()
    with _faults_said():
        if dry_run:
            plan = question_import.preview_import(database.engine(), files)
        else:
            with _bar("問題を変換") as progress:
                plan = question_import.import_questions(
                    database.engine(), files, database.now(), progress=progress
                )
    for finding in plan.warnings:
        click.echo(_line(finding, "ja"), err=True)
    for key in plan.left_alone:
        click.echo(f"問題 {key}: 画面で編集されているため、ファイルからは取り込みません。")
    click.echo(
        f"{'取り込む予定' if dry_run else '取込み'}: 新規 {len(plan.added)}問、更新 {len(plan.changed)}問、"
        f"変更なし {plan.unchanged}問（うち下書き {plan.drafts}問）"
    )


@content.command("reports")
def reports() -> None:
    """List the faults in questions that officers reported and nobody has settled."""
    with database.reading_db() as db:
        found = open_reports(db)
    for report in found:
        click.echo(_report_line(report))
    click.echo(f"未対応の報告 {len(found)}件")


@contextmanager
def _faults_said() -> Iterator[None]:
    """Errors that are answers end the command with their sentence, faults of the files with their places."""
    try:
        yield
    except content_sync.FaultyContent as error:
        _print_findings(error.report, "ja")
        raise click.ClickException(str(error)) from error
    except StudyHubError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _bar(label: str) -> Iterator[content_sync.Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None, visible=False)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=total > 0)

        yield show


def _print_findings(report: content_sync.Report, language: content_sync.Language) -> None:
    for finding in report.findings:
        click.echo(_line(finding, language), err=True)


def _line(finding: content_sync.Finding, language: content_sync.Language) -> str:
    place = f"{finding.file}:{finding.line}" if finding.line else finding.file
    item = f" [{finding.item}]" if finding.item else ""
    return f"{place}: {finding.severity.value}:{item} {finding.sentence(language)}"


def _print_plan(outcome: content_sync.Outcome, dry_run: bool) -> None:
    for key in outcome.plan.left_alone:
        click.echo(f"勉強会 {key}: 画面で編集されているため、ファイルからは取り込みません。")
    for key in outcome.plan.questions_left_alone:
        click.echo(f"問題 {key}: 画面で編集されているため、ファイルからは取り込みません。")
    if outcome.plan.is_empty:
        click.echo("変更はありません。")
        return
    for noun, plan in outcome.plan.by_noun().items():
        if not plan.is_empty:
            click.echo(
                f"{NOUNS[noun]}: 新規 {len(plan.added)}、更新 {len(plan.changed)}、廃止 {len(plan.retired)}"
            )
    if not dry_run:
        click.echo(f"新しい版: 問題 {outcome.question_revisions}、勉強会 {outcome.study_session_revisions}")


def _report_line(report: OpenReport) -> str:
    day = office_day(report.created_at).isoformat()
    version = f"第{report.revision}版" + ("" if report.is_current else "（現在は別の版）")
    said = " ".join(report.text.split()) or "（記述なし）"
    return f"#{report.id} {day} {report.question_key} {version} {REPORT_KINDS[report.kind]}: {said}"
