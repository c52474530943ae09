"""What is asked of people: the officer's own list, and the supervisor's requests under /team/assignments."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.days import office_day
from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.domain.team import LookKind
from studyhub.reads.assignment_form import assignment_form, confirmation
from studyhub.reads.assignments import asked_page
from studyhub.reads.team_assignments import AssignmentPage, assignment_page, team_assignments
from studyhub.services import assignments
from studyhub.services.progress_looks import log_looks
from studyhub.web.assignments.forms import AskForm, DateForm, fill_choices, proposed
from studyhub.web.errors import add_to_form
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db

blueprint = Blueprint("assignments", __name__)


@blueprint.get("/assignments")
@allows(Permission.STUDY)
def mine() -> ResponseReturnValue:
    with reading_db() as db:
        page = asked_page(db, actor(), now())
    return render_template("assignments/mine.html", page=page)


@blueprint.get("/team/assignments")
@allows(Permission.SEE_TEAM)
def index() -> ResponseReturnValue:
    past = request.args.get("past", "") == "1"
    with reading_db() as db:
        page = team_assignments(db, actor(), now(), past=past, page=request.args.get("page", 1, type=int))
    return render_template("assignments/index.html", page=page)


@blueprint.get("/team/assignments/new")
@allows(Permission.SEE_TEAM)
def new() -> ResponseReturnValue:
    form = AskForm(formdata=None, data=proposed(office_day(now())))
    return _form(form, request.args.get("show", type=int))


@blueprint.post("/team/assignments/confirm")
@allows(Permission.SEE_TEAM)
def confirm() -> ResponseReturnValue:
    """Changes nothing: shows whom the request reaches, or the form again."""
    form = AskForm()
    if "show" in request.form or "back" in request.form:
        return _form(form, request.form.get("show", type=int))
    if not form.validate_on_submit():
        return _form(form), 400
    try:
        with reading_db() as db:
            checked = assignments.check_assignment(db, actor(), form.command(), now())
            page = confirmation(db, actor(), checked.goal, checked.asked, form.units.data or (), now())
    except Invalid as error:
        add_to_form(form, error)
        return _form(form), 400
    return render_template("assignments/confirm.html", form=form, page=page, what=checked.goal)


@blueprint.post("/team/assignments")
@allows(Permission.SEE_TEAM)
def make() -> ResponseReturnValue:
    form = AskForm()
    if not form.validate_on_submit():
        return _form(form), 400
    try:
        with writing_db() as db:
            assignment_id = assignments.make_assignment(db, actor(), form.command(), now())
    except Invalid as error:
        add_to_form(form, error)
        return _form(form), 400
    flash(gettext("頼みました。本人のホームと「お知らせ」に出ています。"), "ok")
    return redirect(url_for("assignments.show", assignment_id=assignment_id))


@blueprint.get("/team/assignments/<int:assignment_id>")
@allows(Permission.SEE_TEAM)
def show(assignment_id: int) -> ResponseReturnValue:
    """Names with what is done are a look at people's progress, which they can read of."""
    place = request.args.get("page", 1, type=int)
    with reading_db() as db:
        page = assignment_page(db, actor(), assignment_id, now(), page=place)
    with writing_db() as db:
        log_looks(db, actor(), [person.user_id for person in page.people], LookKind.MATRIX, now())
    return _page(page, DateForm(formdata=None))


@blueprint.post("/team/assignments/<int:assignment_id>/date")
@allows(Permission.SEE_TEAM)
def change_date(assignment_id: int) -> ResponseReturnValue:
    form = DateForm()
    if not form.validate_on_submit():
        return _page_again(assignment_id, form), 400
    assert form.due_on.data is not None  # asked for by its validator
    try:
        with writing_db() as db:
            assignments.change_date(db, actor(), assignment_id, form.due_on.data, now())
    except Invalid as error:
        add_to_form(form, error)
        return _page_again(assignment_id, form), 400
    flash(gettext("期限を変えました。まだ済んでいない人に知らせました。"), "ok")
    return redirect(url_for("assignments.show", assignment_id=assignment_id))


@blueprint.post("/team/assignments/<int:assignment_id>/cancel")
@allows(Permission.SEE_TEAM)
def cancel(assignment_id: int) -> ResponseReturnValue:
    with writing_db() as db:
        assignments.cancel(db, actor(), assignment_id, now())
    flash(gettext("取り消しました。まだ済んでいない人に知らせました。"), "ok")
    return redirect(url_for("assignments.index"))


def _form(form: AskForm, shown_unit: int | None = None) -> str:
    with reading_db() as db:
        page = assignment_form(db, actor(), shown_unit, form.people.data or (), now())
    return render_template("assignments/form.html", form=fill_choices(form, page), page=page)


def _page_again(assignment_id: int, form: DateForm) -> str:
    with reading_db() as db:
        return _page(assignment_page(db, actor(), assignment_id, now()), form)


def _page(page: AssignmentPage, form: DateForm) -> str:
    if form.due_on.data is None and not form.errors:
        form.due_on.data = page.line.due_on
    return render_template("assignments/assignment.html", page=page, form=form)
