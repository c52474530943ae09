from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.case_notes import NoteKind, week_before
from studyhub.domain.days import office_day
from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.reads import case_notes as reads
from studyhub.services import case_notes
from studyhub.web.case_notes.forms import CommentForm, NoteForm, note_form
from studyhub.web.errors import add_to_form
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db

blueprint = Blueprint("case_notes", __name__, url_prefix="/case-notes")
MAX_KEY_CHARACTERS = 120


@blueprint.get("")
@allows(Permission.STUDY)
def index() -> ResponseReturnValue:
    kind = request.args.get("kind", "")
    asked = reads.NoteFilter(
        kind=NoteKind(kind) if kind in set(NoteKind) else None,
        topic=request.args.get("topic", "")[:MAX_KEY_CHARACTERS],
        unit_id=request.args.get("unit", type=int),
        since=_day(request.args.get("since", "")),
    )
    with reading_db() as db:
        page = reads.notes_page(db, actor(), asked, request.args.get("page", 1, type=int), now())
    return render_template("case_notes/index.html", page=page)


@blueprint.get("/week")
@allows(Permission.STUDY)
def week() -> ResponseReturnValue:
    since = _day(request.args.get("since", "")) or week_before(office_day(now()))
    with reading_db() as db:
        page = reads.meeting_page(db, since, now())
    return render_template("case_notes/week.html", page=page)


@blueprint.get("/new")
@allows(Permission.STUDY)
def new() -> ResponseReturnValue:
    return render_template("case_notes/form.html", form=_form(None), note_id=None)


@blueprint.post("/new")
@allows(Permission.STUDY)
def write() -> ResponseReturnValue:
    form = _form(None)
    note_id = _written(form) if form.validate_on_submit() else None
    if note_id is None:
        return render_template("case_notes/form.html", form=form, note_id=None), 400
    flash(gettext("ノートを公開しました。"), "ok")
    return redirect(url_for("case_notes.show", note_id=note_id))


@blueprint.get("/<int:note_id>")
@allows(Permission.STUDY)
def show(note_id: int) -> ResponseReturnValue:
    return _note(note_id, CommentForm())


@blueprint.get("/<int:note_id>/edit")
@allows(Permission.STUDY)
def edit(note_id: int) -> ResponseReturnValue:
    return render_template("case_notes/form.html", form=_form(note_id), note_id=note_id)


@blueprint.post("/<int:note_id>/edit")
@allows(Permission.STUDY)
def change(note_id: int) -> ResponseReturnValue:
    form = _form(note_id)
    if form.validate_on_submit() and _changed(note_id, form):
        flash(gettext("ノートを直しました。"), "ok")
        return redirect(url_for("case_notes.show", note_id=note_id))
    return render_template("case_notes/form.html", form=form, note_id=note_id), 400


@blueprint.post("/<int:note_id>/withdraw")
@allows(Permission.STUDY)
def withdraw(note_id: int) -> ResponseReturnValue:
    with writing_db() as db:
        case_notes.withdraw_note(db, actor(), note_id, now())
    flash(gettext("ノートを取り下げました。"), "ok")
    return redirect(url_for("case_notes.index"))


@blueprint.post("/<int:note_id>/comments")
@allows(Permission.STUDY)
def comment(note_id: int) -> ResponseReturnValue:
    form = CommentForm()
    if not form.validate_on_submit():
        return _note(note_id, form, 400)
    with writing_db() as db:
        comment_id = case_notes.comment_on_note(db, actor(), note_id, form.text.data or "", now())
    return redirect(url_for("case_notes.show", note_id=note_id, _anchor=f"comment-{comment_id}"))


@blueprint.post("/<int:note_id>/comments/<int:comment_id>/withdraw")
@allows(Permission.STUDY)
def withdraw_comment(note_id: int, comment_id: int) -> ResponseReturnValue:
    with writing_db() as db:
        case_notes.withdraw_comment(db, actor(), note_id, comment_id, now())
    flash(gettext("コメントを取り下げました。"), "ok")
    return redirect(url_for("case_notes.show", note_id=note_id))


def _note(note_id: int, form: CommentForm, status: int = 200) -> ResponseReturnValue:
    with reading_db() as db:
        page = reads.note_page(db, actor(), note_id, now())
    return render_template("case_notes/note.html", page=page, form=form), status


def _form(note_id: int | None) -> NoteForm:
    with reading_db() as db:
        offered = reads.note_form(db, actor(), note_id, now())
    return note_form(offered, office_day(now()))


def _written(form: NoteForm) -> int | None:
    """The note's id, or None with the sentence beside its field."""
    fields = form.fields()
    try:
        html = case_notes.render_note(fields.text)
        with writing_db() as db:
            return case_notes.write_note(db, actor(), fields, html, now())
    except Invalid as error:
        add_to_form(form, error)
        return None


def _changed(note_id: int, form: NoteForm) -> bool:
    fields = form.fields()
    try:
        html = case_notes.render_note(fields.text)
        with writing_db() as db:
            case_notes.change_note(db, actor(), note_id, fields, html, now())
    except Invalid as error:
        return add_to_form(form, error)
    return True


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
