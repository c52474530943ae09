"""Figures put into the notes while writing: pasted, dropped or chosen, each with its alternative text."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.services.study_session_figures import add_figure, check_figure, markdown_of
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, writing_db
from studyhub.web.studio.blueprint import blueprint
from studyhub.web.studio.forms import SessionForm
from studyhub.web.studio.uploads import checker

FIGURE_STEP = "figure"
_LONGEST_ALTERNATIVE = 500


@blueprint.post("/study-sessions/<key>/figures")
@allows(Permission.WRITE_CONTENT)
def figures(key: str) -> ResponseReturnValue:
    """Answers the script with the Markdown to insert."""
    try:
        return jsonify(markdown=_added(key))
    except Invalid as error:
        return jsonify(message=sentence(error)), 400


def add_sent_figure(key: str, form: SessionForm) -> str:
    """The form's notes with the sent figure at their end; a refused one is told above the form."""
    body = form.body.data or ""
    try:
        return f"{body.rstrip()}\n\n{_added(key)}\n"
    except Invalid as error:
        form.form_errors.append(sentence(error))
        return body


def _added(key: str) -> str:
    sent = request.files.get("figure")
    alternative = " ".join(request.form.get("figure_alt", "").split())[:_LONGEST_ALTERNATIVE]
    if not isinstance(sent, FileStorage) or not sent.filename:
        raise Invalid("図のファイルを選んでください。", field="figure")
    if not alternative:
        raise Invalid("図が見えない人のために、何を表す図かを書いてください。", field="figure_alt")
    figure = check_figure(checker(), sent.filename, sent.stream.read())
    with writing_db() as db:
        path = add_figure(db, actor(), key, figure, now())
    return markdown_of(path, alternative)
