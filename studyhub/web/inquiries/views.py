from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.errors import Invalid, NotFound
from studyhub.domain.inquiries import About, AskInquiry
from studyhub.domain.permissions import Permission
from studyhub.reads import inquiries as reads
from studyhub.services import inquiries
from studyhub.web.errors import add_to_form
from studyhub.web.guards import allows
from studyhub.web.inquiries.forms import AnswerForm, AskForm
from studyhub.web.request import actor, now, reading_db, writing_db

blueprint = Blueprint("inquiries", __name__, url_prefix="/ask")
MAX_KEY_CHARACTERS = 80


@blueprint.get("")
@allows(Permission.STUDY)
def index() -> ResponseReturnValue:
    shown = request.args.get("shown", "")
    which = reads.Shown(shown) if shown in set(reads.Shown) else reads.Shown.ANSWERED
    session_key = request.args.get("session", "")[:MAX_KEY_CHARACTERS]
    with reading_db() as db:
        page = reads.inquiries_page(db, actor(), which, session_key, request.args.get("page", 1, type=int))
    return render_template("inquiries/index.html", page=page)


@blueprint.get("/new")
@allows(Permission.STUDY)
def new() -> ResponseReturnValue:
    return _ask_page(AskForm())


@blueprint.post("/new")
@allows(Permission.STUDY)
def ask() -> ResponseReturnValue:
    form = AskForm()
    inquiry_id = _asked(form) if form.validate_on_submit() else None
    if inquiry_id is None:
        return _ask_page(form, 400)
    flash(gettext("質問を送りました。回答が付くと、お知らせに届きます。"), "ok")
    return redirect(url_for("inquiries.show", inquiry_id=inquiry_id))


@blueprint.get("/<int:inquiry_id>")
@allows(Permission.STUDY)
def show(inquiry_id: int) -> ResponseReturnValue:
    return _inquiry_page(inquiry_id, AnswerForm())


@blueprint.post("/<int:inquiry_id>/answers")
@allows(Permission.WRITE_CONTENT)
def answer(inquiry_id: int) -> ResponseReturnValue:
    form = AnswerForm()
    if not (form.validate_on_submit() and _answered(inquiry_id, form)):
        return _inquiry_page(inquiry_id, form, 400)
    flash(gettext("回答を公開しました。"), "ok")
    return redirect(url_for("inquiries.show", inquiry_id=inquiry_id))


@blueprint.get("/<int:inquiry_id>/answers/<int:answer_id>")
@allows(Permission.WRITE_CONTENT)
def edit_answer(inquiry_id: int, answer_id: int) -> ResponseReturnValue:
    return _answer_page(inquiry_id, answer_id, None)


@blueprint.post("/<int:inquiry_id>/answers/<int:answer_id>")
@allows(Permission.WRITE_CONTENT)
def change_answer(inquiry_id: int, answer_id: int) -> ResponseReturnValue:
    form = AnswerForm()
    if not (form.validate_on_submit() and _changed(inquiry_id, answer_id, form)):
        return _answer_page(inquiry_id, answer_id, form)
    flash(gettext("回答を直しました。"), "ok")
    return redirect(url_for("inquiries.show", inquiry_id=inquiry_id))


@blueprint.post("/<int:inquiry_id>/withdraw")
@allows(Permission.STUDY)
def withdraw(inquiry_id: int) -> ResponseReturnValue:
    with writing_db() as db:
        inquiries.withdraw(db, actor(), inquiry_id, now())
    flash(gettext("質問を取り下げました。"), "ok")
    return redirect(url_for("inquiries.index"))


def _about() -> About:
    """From the address, which the form keeps when it is sent."""
    session_key = request.args.get("session", "")[:MAX_KEY_CHARACTERS]
    slide = request.args.get("slide", type=int) if session_key else None
    return About(session_key, slide, request.args.get("question", type=int))


def _ask_page(form: AskForm, status: int = 200) -> ResponseReturnValue:
    with reading_db() as db:
        subject = reads.subject_of(db, actor(), _about())
    return render_template("inquiries/new.html", form=form, subject=subject, about=_about()), status


def _asked(form: AskForm) -> int | None:
    command = AskInquiry(form.title.data or "", form.text.data or "", _about(), form.nameless.data)
    try:
        with writing_db() as db:
            return inquiries.ask(db, actor(), command, now())
    except Invalid as error:
        add_to_form(form, error)
        return None


def _inquiry_page(inquiry_id: int, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    with reading_db() as db:
        page = reads.inquiry_page(db, actor(), inquiry_id)
    return render_template("inquiries/inquiry.html", page=page, form=form), status


def _answer_page(inquiry_id: int, answer_id: int, refused: AnswerForm | None) -> ResponseReturnValue:
    with reading_db() as db:
        page = reads.inquiry_page(db, actor(), inquiry_id)
    own = next((given for given in page.answers if given.id == answer_id and given.is_own), None)
    if own is None:
        raise NotFound("その回答はありません。")
    form = refused or AnswerForm(text=own.text)
    return render_template("inquiries/answer.html", page=page, form=form, answer_id=answer_id), (
        400 if refused else 200
    )


def _answered(inquiry_id: int, form: AnswerForm) -> bool:
    text = form.text.data or ""
    try:
        html = inquiries.render_answer(text)
        with writing_db() as db:
            inquiries.answer(db, actor(), inquiry_id, text, html, now())
    except Invalid as error:
        return add_to_form(form, error)
    return True


def _changed(inquiry_id: int, answer_id: int, form: AnswerForm) -> bool:
    text = form.text.data or ""
    try:
        html = inquiries.render_answer(text)
        with writing_db() as db:
            inquiries.change_answer(db, actor(), inquiry_id, answer_id, text, html, now())
    except Invalid as error:
        return add_to_form(form, error)
    return True
