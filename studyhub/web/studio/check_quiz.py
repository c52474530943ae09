"""The check questions of a study session: found in the pool, put in order, taken out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from studyhub.domain.permissions import Permission
from studyhub.reads.check_quiz import QuizFilter, check_quiz
from studyhub.services.check_quiz import ChangeQuiz, QuizStep, change_quiz
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db
from studyhub.web.studio.blueprint import blueprint


@blueprint.get("/study-sessions/<key>/check")
@allows(Permission.WRITE_CONTENT)
def check(key: str) -> ResponseReturnValue:
    with reading_db() as db:
        page = check_quiz(db, key, _wanted(request.args))
    return render_template("studio/check.html", page=page)


@blueprint.post("/study-sessions/<key>/check")
@allows(Permission.WRITE_CONTENT)
def change_check(key: str) -> ResponseReturnValue:
    """One step a time, so that two lecturers' steps follow each other instead of colliding."""
    command = ChangeQuiz(
        key=key,
        step=QuizStep(request.form.get("step", "")) if request.form.get("step") in set(QuizStep) else None,
        question=request.form.get("question", ""),
    )
    with writing_db() as db:
        change_quiz(db, actor(), command, now())
    flash(gettext("確認問題を変えました。"), "ok")
    wanted = _wanted(request.form)
    return redirect(url_for("studio.check", key=key, text=wanted.text or None, topic=wanted.topic or None))


def _wanted(sent: MultiDict[str, str]) -> QuizFilter:
    return QuizFilter(
        text=sent.get("text", "")[:120].strip(),
        topic=sent.get("topic", "")[:80],
        page=_number(sent.get("page", "")) or 1,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
