"""Corrections of questions that officers have answered: what is right, a look at what it changes, then the deed."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from studyhub.domain.corrections import CorrectionKind
from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.permissions import Permission
from studyhub.reads.corrections import (
    CorrectionPage,
    correction_effect,
    correction_page,
    correction_state,
    key_lines,
    taught_texts,
)
from studyhub.services import corrections
from studyhub.services.correction_texts import RewrittenQuestion, rewrite
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.question_studio.blueprint import blueprint
from studyhub.web.question_studio.correction_forms import fields_of, keys_from, reasons, words_from
from studyhub.web.request import actor, now, reading_db, writing_db


@blueprint.get("/studio/questions/<key>/correction")
@allows(Permission.WRITE_CONTENT)
def correction(key: str) -> ResponseReturnValue:
    return _form(_page(key))


@blueprint.post("/studio/questions/<key>/correction")
@allows(Permission.WRITE_CONTENT)
def review_correction(key: str) -> ResponseReturnValue:
    """Changes nothing: shows what it would change, or the form again."""
    page, fields = _page(key), request.form
    if fields.get("step") == "edit":
        return _form(page, fields)
    try:
        rewritten = _rewritten(page, fields)
        corrections.check_reason(fields.get("reason", ""))
    except Invalid as error:
        return _form(page, fields, error), 400
    with reading_db() as db:
        effect = correction_effect(db, key, rewritten.question if rewritten else None)
    return render_template(
        "question_studio/correction_confirm.html",
        page=page,
        fields=fields,
        effect=effect,
        lines=key_lines(page.question, page.html, keys_from(page.question, fields)) if rewritten else (),
        taught=taught_texts(page, rewritten.question, rewritten.html) if rewritten else None,
    )


@blueprint.post("/studio/questions/<key>/correction/confirmed")
@allows(Permission.WRITE_CONTENT)
def make_correction(key: str) -> ResponseReturnValue:
    page, fields = _page(key), request.form
    try:
        made = _make(key, page, fields)
    except (Invalid, Conflict) as error:
        return _form(_page(key), fields, error), 409 if isinstance(error, Conflict) else 400
    return redirect(url_for("question_studio.made_correction", key=key, correction_id=made))


@blueprint.get("/studio/questions/<key>/corrections/<int:correction_id>")
@allows(Permission.WRITE_CONTENT)
def made_correction(key: str, correction_id: int) -> ResponseReturnValue:
    with reading_db() as db:
        state = correction_state(db, actor(), key, correction_id)
    return render_template("question_studio/correction_made.html", state=state)


def _page(key: str) -> CorrectionPage:
    with reading_db() as db:
        return correction_page(db, actor(), key)


def _form(
    page: CorrectionPage, fields: MultiDict[str, str] | None = None, error: Invalid | Conflict | None = None
) -> str:
    return render_template(
        "question_studio/correction.html",
        page=page,
        fields=fields or fields_of(page.question),
        reasons=reasons(page.question),
        error=sentence(error) if error else "",
        error_field=error.field if isinstance(error, Invalid) else "",
    )


def _rewritten(page: CorrectionPage, fields: MultiDict[str, str]) -> RewrittenQuestion | None:
    """None for a strike."""
    if _kind(fields) is CorrectionKind.STRIKE:
        return None
    keys, words = keys_from(page.question, fields), words_from(page.question, fields)
    with reading_db() as db:
        return rewrite(db, actor(), page.key, page.revision_id, keys, words)


def _kind(fields: MultiDict[str, str]) -> CorrectionKind:
    try:
        return CorrectionKind(fields.get("kind", ""))
    except ValueError:
        raise Invalid("正解を改めるか、問題を取り消すかを選んでください。", field="kind") from None


def _make(key: str, page: CorrectionPage, fields: MultiDict[str, str]) -> int:
    base, reason = _base(fields), fields.get("reason", "")
    if _kind(fields) is CorrectionKind.STRIKE:
        with writing_db() as db:
            return corrections.strike(db, actor(), corrections.Strike(key, base, reason), now())
    keys, words = keys_from(page.question, fields), words_from(page.question, fields)
    with reading_db() as db:
        rewritten = rewrite(db, actor(), key, base, keys, words)
    command = corrections.CorrectKey(key, base, reason, rewritten)
    with writing_db() as db:
        return corrections.correct_key(db, actor(), command, now())


def _base(fields: MultiDict[str, str]) -> int:
    text = fields.get("base", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
