"""The check questions of a study session: found in the pool, put in order, taken out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.permissions import Permission
from studyhub.reads.check_quiz import QuizFilter, check_quiz
from studyhub.services.check_quiz import ChangeQuiz, QuizStep, change_quiz
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db
from studyhub.web.studio.blueprint import blueprint


@blueprint.get("/study-sessions/<key>/check")
@allows(Permission.WRITE_CONTENT)
def check(key: str) -> ResponseReturnValue:
    wanted = QuizFilter(
        text=request.args.get("text", "")[:120].strip(),
        topic=request.args.get("topic", "")[:80],
        page=_number(request.args.get("page", "")) or 1,
    )
    with reading_db() as db:
        page = check_quiz(db, key, wanted)
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
    return redirect(url_for("studio.check", key=key, text=request.form.get("text") or None,
                            topic=request.form.get("topic") or None))  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
