"""Everything about a person in one file, and erasing a person."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.reads.admin_people import person_page
from studyhub.services import erasure, personal_data
from studyhub.services.personal_tables import TRACES, Fate
from studyhub.web.admin.blueprint import blueprint
from studyhub.web.admin.forms import EraseForm, ReasonForm
from studyhub.web.downloads import send_bytes
from studyhub.web.errors import add_to_form
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, snapshot_db, writing_db


@blueprint.post("/people/<int:user_id>/data")
@allows(Permission.MANAGE_PEOPLE)
def person_data(user_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate_on_submit():
        flash(gettext("理由を入力してください。"), "error")
        return redirect(url_for("admin.person", user_id=user_id))
    with writing_db() as db:
        personal_data.ask_for_person(db, actor(), user_id, form.reason.data or "", now())
    with snapshot_db() as db:
        file = personal_data.collect(db, user_id, now())
    return send_bytes(file.content, file.name, "application/zip")


@blueprint.get("/people/<int:user_id>/erase")
@allows(Permission.MANAGE_PEOPLE)
def erase_form(user_id: int) -> ResponseReturnValue:
    return _erase_page(user_id, EraseForm())


@blueprint.post("/people/<int:user_id>/erase")
@allows(Permission.MANAGE_PEOPLE)
def erase(user_id: int) -> ResponseReturnValue:
    form = EraseForm()
    if not form.validate_on_submit():
        return _erase_page(user_id, form), 400
    try:
        with writing_db() as db:
            erasure.erase(db, actor(), user_id, form.login.data or "", now())
    except Invalid as refused:
        add_to_form(form, refused)
        return _erase_page(user_id, form), 400
    flash(
        gettext("この人の情報を消しました。回答の統計だけが、だれのものか分からない形で残っています。"), "ok"
    )
    return redirect(url_for("admin.people"))


def _erase_page(user_id: int, form: EraseForm) -> str:
    with reading_db() as db:
        page = person_page(db, user_id, now())
    fates = {fate.value: [trace for trace in TRACES if trace.fate is fate] for fate in Fate}
    return render_template("admin/erase.html", page=page, form=form, fates=fates)
