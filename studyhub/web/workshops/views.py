from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.permissions import Permission
from studyhub.domain.worksheets import Values, cell_name, read_values
from studyhub.reads import workshops as reads
from studyhub.services import workshops
from studyhub.services.workshops import KeepSheet
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, wants_json, writing_db
from studyhub.web.workshops.export import as_markdown

blueprint = Blueprint("workshops", __name__, url_prefix="/workshops")
blueprint.app_template_global("cell_name")(cell_name)


@blueprint.get("")
@allows(Permission.STUDY)
def index() -> ResponseReturnValue:
    with reading_db() as db:
        rows = reads.workshops_page(db, actor())
    return render_template("workshops/index.html", rows=rows)


@blueprint.get("/<key>")
@allows(Permission.STUDY)
def show(key: str) -> ResponseReturnValue:
    return _sheet(key)


@blueprint.post("/<key>")
@allows(Permission.STUDY)
def keep(key: str) -> ResponseReturnValue:
    """Kept by the button, or while one types; what is stored meanwhile is shown beside what was typed."""
    version = request.form.get("version", 0, type=int)
    try:
        with writing_db() as db:
            kept = workshops.keep_sheet(db, actor(), KeepSheet(key, _group(), version, _sent), now())
    except Conflict as error:
        return _refused(key, sentence(error), 409)
    except Invalid as error:
        return _refused(key, sentence(error), 400)
    if wants_json():
        return jsonify(version=kept.version)
    if "hand_in" in request.form:
        return hand_in(key)
    flash(gettext("保存しました。"), "ok")
    return redirect(url_for("workshops.show", key=key))


@blueprint.post("/<key>/hand-in")
@allows(Permission.STUDY)
def hand_in(key: str) -> ResponseReturnValue:
    try:
        with writing_db() as db:
            workshops.hand_in(db, actor(), key, _group(), now())
    except Invalid as error:
        return _sheet(key, fault=sentence(error), status=400)
    except Conflict as error:
        return _sheet(key, fault=sentence(error), status=409)
    flash(gettext("シートを提出しました。ほかの参加者のシートと並べて見られます。"), "ok")
    return redirect(url_for("workshops.sheets", key=key))


@blueprint.post("/<key>/take-back")
@allows(Permission.STUDY)
def take_back(key: str) -> ResponseReturnValue:
    try:
        with writing_db() as db:
            workshops.take_back(db, actor(), key, _group())
    except Conflict as error:
        return _sheet(key, fault=sentence(error), status=409)
    flash(gettext("提出を取り消しました。続きを書けます。"), "ok")
    return redirect(url_for("workshops.show", key=key))


@blueprint.post("/<key>/groups")
@allows(Permission.STUDY)
def begin_group(key: str) -> ResponseReturnValue:
    try:
        with writing_db() as db:
            workshops.begin_group(db, actor(), key, request.form.get("name", ""))
    except Invalid as error:
        return _sheet(key, fault=sentence(error), status=400)
    return redirect(url_for("workshops.show", key=key))


@blueprint.post("/<key>/groups/<int:group_id>/join")
@allows(Permission.STUDY)
def join_group(key: str, group_id: int) -> ResponseReturnValue:
    with writing_db() as db:
        workshops.join_group(db, actor(), key, group_id)
    return redirect(url_for("workshops.show", key=key))


@blueprint.post("/<key>/groups/leave")
@allows(Permission.STUDY)
def leave_group(key: str) -> ResponseReturnValue:
    with writing_db() as db:
        workshops.leave_group(db, actor(), key)
    return redirect(url_for("workshops.show", key=key))


@blueprint.get("/<key>/sheets")
@allows(Permission.STUDY)
def sheets(key: str) -> ResponseReturnValue:
    with reading_db() as db:
        page = reads.sheets_page(db, actor(), key)
    return render_template("workshops/sheets.html", page=page, fault="")


@blueprint.get("/<key>/sheets.md")
@allows(Permission.STUDY)
def export(key: str) -> ResponseReturnValue:
    with reading_db() as db:
        page = reads.sheets_page(db, actor(), key)
    response = Response(as_markdown(page), mimetype="text/markdown")
    response.headers.set("Content-Disposition", "attachment", filename=f"{page.workshop.key}-sheets.md")
    return response


@blueprint.post("/<key>/sheets/<int:sheet_id>/comments")
@allows(Permission.STUDY)
def comment(key: str, sheet_id: int) -> ResponseReturnValue:
    field, text = request.form.get("field", ""), request.form.get("text", "")
    try:
        with writing_db() as db:
            workshops.comment(db, actor(), sheet_id, field, text, now())
    except Invalid as error:
        with reading_db() as db:
            page = reads.sheets_page(db, actor(), key)
        return render_template("workshops/sheets.html", page=page, fault=sentence(error)), 400
    return redirect(url_for("workshops.sheets", key=key, _anchor=f"sheet-{sheet_id}"))


def _group() -> int | None:
    """Of the sheet that the page showed; none for a sheet of one's own."""
    return request.form.get("group", type=int)


def _sent(name: str) -> str:
    return request.form.get(name, "")


def _sheet(
    key: str, *, typed: Values | None = None, fault: str = "", status: int = 200
) -> ResponseReturnValue:
    """``typed`` stands in the form instead of what is stored."""
    with reading_db() as db:
        page = reads.sheet_page(db, actor(), key)
    return render_template("workshops/sheet.html", page=page, typed=typed, fault=fault), status


def _refused(key: str, fault: str, status: int) -> ResponseReturnValue:
    """What was typed stays on the page; what is stored is shown beside it."""
    if wants_json():
        return jsonify(message=fault), status
    with reading_db() as db:
        page = reads.sheet_page(db, actor(), key)
    try:
        typed = read_values(page.form, _sent)
    except Invalid:
        typed = {field.key: _sent(field.key) for field in page.form}
    return render_template("workshops/sheet.html", page=page, typed=typed, fault=fault), status
