from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from random import SystemRandom
from uuid import UUID, uuid4

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Locale
from studyhub.domain.permissions import Permission
from studyhub.domain.practice import Mode
from studyhub.reads import practice as reads
from studyhub.reads.practice_start import practice_start
from studyhub.reads.questions import check_questions
from studyhub.services import practice, practice_answers
from studyhub.services.practice_answers import Answered, GiveAnswer, GiveCheckAnswer
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.practice import parsing
from studyhub.web.rendering import current_locale
from studyhub.web.request import actor, now, reading_db, safe_path, wants_json, writing_db

blueprint = Blueprint("practice", __name__)


@blueprint.get("/practice")
@allows(Permission.STUDY)
def show() -> ResponseReturnValue:
    with reading_db() as db:
        start = practice_start(db, actor(), now())
    return render_template("practice/start.html", start=start, nothing_for=request.args.get("nothing", ""))


@blueprint.post("/practice/sets")
@allows(Permission.STUDY)
def start_set() -> ResponseReturnValue:
    command = parsing.start_command(parsing.sent())
    with writing_db() as db:
        set_id = practice.start_set(db, actor(), command, now(), SystemRandom())
    if set_id is None:
        return redirect(url_for("practice.show", nothing=command.mode.value))
    return redirect(url_for("practice.show_item", set_id=set_id, position=1))


@blueprint.get("/practice/sets/<uuid:set_id>")
@allows(Permission.STUDY)
def show_set(set_id: UUID) -> ResponseReturnValue:
    with reading_db() as db:
        state = reads.set_state(db, actor(), str(set_id))
    return redirect(_address(state, state.current))


@blueprint.get("/practice/sets/<uuid:set_id>/state")
@allows(Permission.STUDY)
def set_state(set_id: UUID) -> ResponseReturnValue:
    with reading_db() as db:
        state = reads.set_state(db, actor(), str(set_id))
    items = [{"position": s.position, "answered": s.answered, "correct": s.correct} for s in state.steps]
    return jsonify(id=state.id, mode=state.mode, state=state.state, current=state.current, items=items)


@blueprint.get("/practice/sets/<uuid:set_id>/<int:position>")
@allows(Permission.STUDY)
def show_item(set_id: UUID, position: int) -> ResponseReturnValue:
    with reading_db() as db:
        sitting = reads.sitting(db, actor(), str(set_id), position)
    return render_template("practice/item.html", sitting=sitting, next_address=_next_address(sitting))


@blueprint.post("/practice/sets/<uuid:set_id>/<int:position>/answer")
@allows(Permission.STUDY)
def answer(set_id: UUID, position: int) -> ResponseReturnValue:
    fields = parsing.sent()
    try:
        command = GiveAnswer(str(set_id), position, parsing.given(fields))
        with writing_db() as db:
            answered = practice_answers.record_answer(db, actor(), command, now())
    except Invalid as error:
        return _ask_again(set_id, position, fields, error)
    if not wants_json():
        return redirect(url_for("practice.show_item", set_id=set_id, position=position))
    with reading_db() as db:
        sitting = reads.sitting(db, actor(), str(set_id), position)
    context = {"sitting": sitting, "next_address": _next_address(sitting), "beaten": answered.beaten}
    html, bar = (render_template(f"practice/{part}.html", **context) for part in ("_sitting", "_bar"))
    return _saved(answered, html, bar=bar)


@blueprint.post("/practice/sets/<uuid:set_id>/<int:position>/unsure")
@allows(Permission.STUDY)
def mark_unsure(set_id: UUID, position: int) -> ResponseReturnValue:
    with writing_db() as db:
        practice_answers.mark_unsure(db, actor(), str(set_id), position, now())
    return redirect(url_for("practice.show_item", set_id=set_id, position=position))


@blueprint.post("/practice/sets/<uuid:set_id>/finish")
@allows(Permission.STUDY)
def finish(set_id: UUID) -> ResponseReturnValue:
    with writing_db() as db:
        practice.finish_set(db, actor(), str(set_id), now())
    return redirect(url_for("practice.result", set_id=set_id))


@blueprint.get("/practice/sets/<uuid:set_id>/result")
@allows(Permission.STUDY)
def result(set_id: UUID) -> ResponseReturnValue:
    with reading_db() as db:
        found = reads.result(db, actor(), str(set_id))
    return render_template("practice/result.html", result=found)


@blueprint.post("/practice/reports")
@allows(Permission.STUDY)
def report() -> ResponseReturnValue:
    fields = parsing.sent()
    with writing_db() as db:
        practice.report_question(db, actor(), parsing.report_command(fields), now())
    flash(gettext("お知らせを受け付けました。問題を作った人が確かめます。"), "ok")
    return redirect(safe_path(fields.get("next"), url_for("practice.show")))


@blueprint.post("/practice/checks/<key>/answer")
@allows(Permission.STUDY)
def answer_check(key: str) -> ResponseReturnValue:
    fields = parsing.sent()
    back = safe_path(fields.get("next"), url_for("practice.show"))
    try:
        command = GiveCheckAnswer(key, parsing.revision_id(fields), parsing.given(fields))
        with writing_db() as db:
            answered = practice_answers.record_check_answer(db, actor(), command, now())
    except Invalid as error:
        if wants_json():
            raise
        flash(sentence(error), "error")
        return redirect(back)
    if not wants_json():
        return redirect(back)
    with reading_db() as db:
        check = check_questions(db, actor(), [key])[key]
    number = parsing.place_on_page(fields)
    html = render_template(
        "practice/_check.html", check=check, key=key, return_to=back.partition("#")[0], number=number
    )
    return _saved(answered, html, state=render_template("practice/_check_state.html", check=check, key=key))


@blueprint.post("/practice/checks/<key>/unsure")
@allows(Permission.STUDY)
def mark_check_unsure(key: str) -> ResponseReturnValue:
    fields = parsing.sent()
    with writing_db() as db:
        practice_answers.mark_check_unsure(db, actor(), key, parsing.response_id(fields), now())
    return redirect(safe_path(fields.get("next"), url_for("practice.show")))


def _ask_again(
    set_id: UUID, position: int, fields: MultiDict[str, str], error: Invalid
) -> ResponseReturnValue:
    """The question with what was typed and why it could not be read; for a script the error itself."""
    if wants_json():
        raise error
    with reading_db() as db:
        sitting = reads.sitting(db, actor(), str(set_id), position)
    if sitting.feedback is not None:
        return redirect(url_for("practice.show_item", set_id=set_id, position=position))
    page = render_template(
        "practice/item.html",
        sitting=sitting,
        next_address=_next_address(sitting),
        given=fields,
        error=sentence(error),
    )
    return page, 400


def _saved(answered: Answered, html: str, *, bar: str = "", state: str = "") -> ResponseReturnValue:
    """``html`` of the answered question; ``bar`` below it, or ``state`` in the list of a page's check questions."""
    return jsonify(
        saved=True,
        id=answered.response_id,
        correct=answered.correct,
        again=answered.again,
        html=html,
        bar=bar,
        state=state,
    )


def _next_address(sitting: reads.Sitting) -> str:
    return _address(sitting.set, sitting.set.after(sitting.position))


def _address(state: reads.SetState, position: int | None) -> str:
    """Of the question at the position; of the result where none is left."""
    if position is None:
        return url_for("practice.result", set_id=state.id)
    return url_for("practice.show_item", set_id=state.id, position=position)


@blueprint.app_template_global()
def new_response_id() -> str:
    return str(uuid4())


@blueprint.app_template_global()
def choice_letter(index: int) -> str:
    """ア, イ, ウ … for readers of Japanese, A, B, C … for others."""
    letters = "アイウエオカキクケコ" if current_locale() == Locale.JA else "ABCDEFGHIJ"
    return letters[index] if index < len(letters) else str(index + 1)


@blueprint.app_template_global()
def mode_name(mode: Mode) -> str:
    names = {
        Mode.TODAY: gettext("今日の学習"),
        Mode.TOPIC: gettext("項目を選んで練習"),
        Mode.WEAK: gettext("苦手な項目"),
        Mode.MISTAKES: gettext("まちがえた問題"),
        Mode.UNSEEN: gettext("まだ見ていない問題"),
        Mode.RANDOM: gettext("試験の全範囲"),
    }
    return str(names[mode])


@blueprint.app_template_global()
def topic_names(path: Iterable[reads.TopicName]) -> list[str]:
    """In the reader's language; a level that is called like the one above it is left out."""
    in_english = current_locale() == Locale.EN
    names = [topic.name_en if in_english and topic.name_en else topic.name for topic in path]
    return [name for name, _same in groupby(names)]


@blueprint.app_template_global()
def no_answer_yet() -> MultiDict[str, str]:
    return MultiDict()
