"""What came of a survey: counts and texts, once it is closed and from five answers up."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from studyhub.domain.permissions import Permission
from studyhub.reads.surveys import results_page
from studyhub.services.surveys import TableFormat, export_results
from studyhub.web.downloads import send_bytes
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db
from studyhub.web.surveys.blueprint import blueprint
from studyhub.web.surveys.forms import moment_of

_BASE = "/studio/study-sessions/<key>/surveys/<moment>/results"


@blueprint.get(_BASE)
@allows(Permission.WRITE_CONTENT)
def outcome(key: str, moment: str) -> ResponseReturnValue:
    with reading_db() as db:
        page = results_page(db, key, moment_of(moment), now())
    return render_template("surveys/results.html", page=page)


@blueprint.post(f"{_BASE}/export")
@allows(Permission.WRITE_CONTENT)
def export(key: str, moment: str) -> ResponseReturnValue:
    format_ = TableFormat.CSV if request.form.get("format") == "csv" else TableFormat.XLSX
    with writing_db() as db:
        table = export_results(db, actor(), key, moment_of(moment), format_, now())
    return send_bytes(table.written(), f"{key}-survey-{moment}.{format_}", format_.media_type)
