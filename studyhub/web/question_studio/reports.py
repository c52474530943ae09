"""The inbox of faults that officers reported."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.reads.question_reports import reports_page
from studyhub.services.question_reports import SettleReports, settle_reports
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.question_studio.blueprint import blueprint
from studyhub.web.request import actor, now, reading_db, writing_db


@blueprint.get("/studio/questions/reports")
@allows(Permission.WRITE_CONTENT)
def reports() -> ResponseReturnValue:
    return _show()


@blueprint.post("/studio/questions/<key>/reports")
@allows(Permission.WRITE_CONTENT)
def settle(key: str) -> ResponseReturnValue:
    ids = frozenset(request.form.getlist("report", type=int))
    command = SettleReports(key, ids, request.form.get("answer", ""))
    try:
        with writing_db() as db:
            settled = settle_reports(db, actor(), command, now())
    except Invalid as error:
        return _show(error, key), 400
    flash(
        ngettext("%(num)s件の知らせに返事をしました。", "%(num)s件の知らせに返事をしました。", settled), "ok"
    )
    return redirect(url_for("question_studio.reports"))


def _show(error: Invalid | None = None, key: str = "") -> str:
    """``key`` is of the question whose answer could not be sent: what was typed stays."""
    with reading_db() as db:
        page = reports_page(db, actor(), request.args.get("page", 1, type=int))
    said = sentence(error) if error else ""
    return render_template(
        "question_studio/reports.html", page=page, error=said, refused=key, given=request.form
    )


@blueprint.app_template_global()
def report_kind_name(kind: str) -> str:
    names = {
        "wrong_key": gettext("正解が違う"),
        "unclear": gettext("問題文が分かりにくい"),
        "outdated": gettext("内容が古い"),
        "typing": gettext("誤字や表示の崩れ"),
        "other": gettext("そのほか"),
    }
    return str(names.get(kind, kind))
