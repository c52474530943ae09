"""The audit log, searched and exported."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.days import TOKYO
from studyhub.domain.permissions import Permission
from studyhub.reads.audit import AuditFilter, AuditLine, audit_lines, audit_page
from studyhub.services import audit_export
from studyhub.services.audit_export import TableFormat
from studyhub.web.admin.audit_words import GROUPS, action_name, said
from studyhub.web.admin.blueprint import blueprint
from studyhub.web.admin.forms import day_or_none, number_or_none
from studyhub.web.downloads import send_bytes
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db


@blueprint.get("/audit")
@allows(Permission.MANAGE_SITE)
def audit() -> ResponseReturnValue:
    with reading_db() as db:
        page = audit_page(db, _asked())
    return render_template("admin/audit.html", page=page, said=said, groups=GROUPS)


@blueprint.post("/audit/export")
@allows(Permission.MANAGE_SITE)
def export_audit() -> ResponseReturnValue:
    format_ = TableFormat.CSV if request.form.get("format") == "csv" else TableFormat.XLSX
    with reading_db() as db:
        lines = audit_lines(db, _asked())
    headings = (
        gettext("日時"), gettext("した人"), gettext("何について"), gettext("したこと"), gettext("対象"), gettext("記号"),
    )  # fmt: skip
    content = audit_export.write_table(format_, gettext("操作の記録"), headings, _rows(lines))
    with writing_db() as db:
        audit_export.note_export(db, actor(), len(lines), now())
    return send_bytes(content, f"studyhub-audit.{format_}", format_.media_type)


def _rows(lines: tuple[AuditLine, ...]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        moment = f"{line.at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}"
        subject = line.subject or f"{line.subject_kind} {line.subject_id}".strip()
        yield moment, line.who, action_name(line.action), said(line), subject, line.action


def _asked() -> AuditFilter:
    values = request.values
    return AuditFilter(
        action=values.get("action", "")[:60],
        who=values.get("who", "").strip()[:80],
        about=values.get("about", "").strip()[:80],
        since=day_or_none(values.get("since")),
        until=day_or_none(values.get("until")),
        before=number_or_none(values.get("before")),
    )
