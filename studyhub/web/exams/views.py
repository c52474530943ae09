from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.permissions import Permission
from studyhub.reads.exams import exams_page
from studyhub.services.account import StudyPlan, set_study_plan
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
    """Date and minutes stay as they are: they are the account's matter."""
    with reading_db() as db:
        page = exams_page(db, actor(), now())
    plan = StudyPlan(request.form.get("target", ""), page.exam_on, page.daily_minutes)
    with writing_db() as db:
        set_study_plan(db, actor(), plan, now())
    flash(gettext("目標の試験を切り替えました。これまでの回答はそのまま残っています。"), "ok")
    return redirect(url_for("exams.index"))
