"""What needs attention, in sentences with a link each; the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext, ngettext

from studyhub.reads.admin_overview import Overview
from studyhub.services.content_state import ContentState
from studyhub.services.kept_backups import KeptBackup

BACKUP_IS_OLD_AFTER = timedelta(days=7)
LITTLE_SPACE_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Point:
    """``kind`` is that of a notice: error or warn for what must be done, info for what may wait."""

    kind: str
    text: str
    link: str
    address: str


def attention(
    counts: Overview,
    content: ContentState | None,
    backups: Sequence[KeptBackup],
    free_bytes: int,
    now: datetime,
) -> tuple[Point, ...]:
    points = [*_machine(counts, backups, free_bytes, now), *_content(counts, content), *_people(counts)]
    order = {"error": 0, "warn": 1, "info": 2}
    return tuple(sorted(points, key=lambda point: order[point.kind]))


def _machine(
    counts: Overview, backups: Sequence[KeptBackup], free_bytes: int, now: datetime
) -> Iterator[Point]:
    if counts.late_jobs:
        text = gettext("処理が進んでいません。studyhub worker が動いているか確かめてください。")
        yield Point("error", text, gettext("処理を見る"), url_for("admin.jobs", state="queued"))
    if counts.failed_jobs:
        text = ngettext(
            "失敗した処理が%(num)s件あります。", "失敗した処理が%(num)s件あります。", counts.failed_jobs
        )
        yield Point("error", text, gettext("処理を見る"), url_for("admin.jobs", state="failed"))
    if free_bytes < LITTLE_SPACE_BYTES:
        text = gettext("ディスクの空きが%(size)s MBしかありません。", size=free_bytes // 1024**2)
        yield Point("error", text, gettext("バックアップを見る"), url_for("admin.backups"))
    if counts.failed_mails:
        text = ngettext(
            "送れなかったメールが%(num)s通あります。",
            "送れなかったメールが%(num)s通あります。",
            counts.failed_mails,
        )
        yield Point("warn", text, gettext("メールの設定を見る"), url_for("admin.settings"))
    if not backups or now - backups[0].made_at > BACKUP_IS_OLD_AFTER:
        text = gettext("この1週間、ここで作ったバックアップがありません。")
        yield Point("warn", text, gettext("バックアップを作る"), url_for("admin.backups"))


def _content(counts: Overview, content: ContentState | None) -> Iterator[Point]:
    link, address = gettext("内容の状態を見る"), url_for("admin.content")
    if content is not None and content.errors:
        text = ngettext(
            "教材のファイルに誤りが%(num)s件あります。",
            "教材のファイルに誤りが%(num)s件あります。",
            content.errors,
        )
        yield Point("error", text, link, address)
    if (
        content is not None
        and content.nouns
        and any(n.added or n.changed or n.retired for n in content.nouns)
    ):
        yield Point("info", gettext("教材のファイルに、まだ取り込んでいない変更があります。"), link, address)
    if counts.open_reports:
        text = ngettext(
            "まだ答えていない問題の報告が%(num)s件あります。", "まだ答えていない問題の報告が%(num)s件あります。",
            counts.open_reports,
        )  # fmt: skip
        yield Point("info", text, gettext("講師の作業場を開く"), url_for("studio.home"))


def _people(counts: Overview) -> Iterator[Point]:
    if counts.administrators < 2:
        text = gettext("管理者が一人だけです。休んだときのために、もう一人決めておいてください。")
        yield Point("warn", text, gettext("職員を見る"), url_for("admin.people", role="administrator"))
    if counts.unplaced:
        text = ngettext(
            "今日の所属がない人が%(num)s人います。", "今日の所属がない人が%(num)s人います。", counts.unplaced
        )
        yield Point("info", text, gettext("職員を見る"), url_for("admin.people", state="unplaced"))
    if counts.new:
        text = ngettext(
            "最初のパスワードをまだ変えていない人が%(num)s人います。",
            "最初のパスワードをまだ変えていない人が%(num)s人います。",
            counts.new,
        )
        yield Point("info", text, gettext("職員を見る"), url_for("admin.people", state="new"))
