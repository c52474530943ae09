"""The second person: answers without seeing the key, then sees all and decides."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.domain.questions import QuestionStatus, ReviewVerdict
from studyhub.reads import question_seen
from studyhub.reads.question_studio import question_page
from studyhub.services.question_checks import Unpublishable
from studyhub.services.question_review import Review, answer_blind, decide, reviewable
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.question_studio import forms
from studyhub.web.question_studio.blueprint import blueprint
from studyhub.web.question_studio.previewing import unpublishable_text
from studyhub.web.request import actor, now, reading_db, writing_db

_ANSWER_FIELDS = ("choice", "number", "position-", "match-", "part-")


@blueprint.get("/studio/questions/<key>/review")
@allows(Permission.WRITE_CONTENT)
def review(key: str) -> ResponseReturnValue:
    return _blind(key)


@blueprint.post("/studio/questions/<key>/review/answer")
@allows(Permission.WRITE_CONTENT)
def answer_review(key: str) -> ResponseReturnValue:
    try:
        return _opened(key)
    except Invalid as error:
        return _blind(key, sentence(error)), 400


@blueprint.post("/studio/questions/<key>/review")
@allows(Permission.WRITE_CONTENT)
def decide_review(key: str) -> ResponseReturnValue:
    sent = request.form.get("verdict", "")
    command = Review(
        key=key,
        base_revision=forms.sent_number("base_revision"),
        form=forms.sent_fields(),
        verdict=ReviewVerdict(sent) if sent in set(ReviewVerdict) else None,
        comment=request.form.get("comment", "").replace("\r\n", "\n"),
    )
    try:
        with writing_db() as db:
            status = decide(db, actor(), command, now())
    except Unpublishable as error:
        return _opened(key, unpublishable_text(error)), 400
    except Invalid as error:
        if error.field not in {"verdict", "comment"}:
            raise
        return _opened(key, sentence(error)), 400
    published = status is QuestionStatus.PUBLISHED
    flash(
        gettext("承認し、公開しました。書いた人に知らせました。")
        if published
        else gettext("書いた人に知らせました。"),
        "ok",
    )
    return redirect(url_for(".show", key=key))


def _blind(key: str, fault: str = "") -> str:
    with reading_db() as db:
        reviewable(db, actor(), key)
        question, number = question_seen.to_review(db, actor(), key)
    return render_template(
        "question_studio/review.html",
        key=key,
        question=question,
        number=number,
        fault=fault,
        given=request.form,
    )


def _opened(key: str, fault: str = "") -> str:
    """All of the question, with the reviewer's answer and the form of the verdict."""
    with reading_db() as db:
        answer = answer_blind(db, actor(), key, forms.sent_fields())
        feedback = question_seen.reviewed(db, actor(), key, answer.response, correct=answer.correct)
        page = question_page(db, actor(), key)
    carried = [
        (name, value)
        for name, values in forms.sent_fields().items()
        if name.startswith(_ANSWER_FIELDS)
        for value in values
    ]
    return render_template(
        "question_studio/review_all.html",
        page=page,
        answer=answer,
        feedback=feedback,
        carried=carried,
        number=forms.sent_number("base_revision"),
        fault=fault,
        sent=request.form,
    )
