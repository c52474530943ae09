from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.permissions import Permission
from studyhub.reads.exams import exams_page
from studyhub.services import account
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db

blueprint = Blueprint("exams", __name__, url_prefix="/exams")


@blueprint.get("")
@allows(Permission.STUDY)
def index() -> ResponseReturnValue:
    with reading_db() as db:
        page = exams_page(db, actor(), now())
    return render_template("exams/index.html", page=page)


@blueprint.post("/target")
@allows(Permission.STUDY)
def set_target() -> ResponseReturnValue:
    with writing_db() as db:
        account.set_target(db, actor(), request.form.get("target", ""))
    flash(gettext("目標の試験を切り替えました。これまでの回答はそのまま残っています。"), "ok")
    return redirect(url_for("exams.index"))
