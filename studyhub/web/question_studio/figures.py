"""Pictures put into a question while it is written, each with its alternative text."""

from __future__ import annotations

from dataclasses import replace

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.domain.question_editing import TypedQuestion
from studyhub.services.question_figures import add_figure
from studyhub.services.study_session_figures import check_figure
from studyhub.services.upload_checks import Checker
from studyhub.services.virus_scan import VirusScanner
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.question_studio.blueprint import blueprint
from studyhub.web.request import actor, now, site, writing_db

FIGURE_STEP = "figure"


@blueprint.post("/studio/questions/figures")
@allows(Permission.WRITE_CONTENT)
def figures() -> ResponseReturnValue:
    """Answers the script with the Markdown to insert."""
    try:
        return jsonify(markdown=_added())
    except Invalid as error:
        return jsonify(message=sentence(error)), 400


def with_sent_figure(typed: TypedQuestion) -> tuple[TypedQuestion, Invalid | None]:
    """The stem with the sent picture at its end, or why there is none."""
    try:
        markdown = _added()
    except Invalid as error:
        return typed, error
    return replace(typed, stem=f"{typed.stem.rstrip()}\n\n{markdown}\n"), None


def _added() -> str:
    sent = request.files.get("figure")
    if not isinstance(sent, FileStorage) or not sent.filename:
        raise Invalid("図のファイルを選んでください。", field="figure")
    checked = check_figure(_checker(), sent.filename, sent.stream.read())
    with writing_db() as db:
        return add_figure(db, actor(), checked, request.form.get("figure_alt", ""), now())


def _checker() -> Checker:
    config = site().config
    return Checker(config.files, config.max_upload_mb * 1024 * 1024, VirusScanner(config.clamd))
