"""An officer takes part in a survey, once. Neither the log nor the counters say who or what."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.reads.surveys import SheetPage, sheet_page
from studyhub.services.surveys import take_part
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db
from studyhub.web.surveys.blueprint import blueprint
from studyhub.web.surveys.forms import given_answers


@blueprint.get("/surveys/<uuid:survey_id>")
@allows(Permission.STUDY)
def show(survey_id: UUID) -> ResponseReturnValue:
    return _sheet(_page(survey_id), {})


@blueprint.post("/surveys/<uuid:survey_id>")
@allows(Permission.STUDY)
def answer(survey_id: UUID) -> ResponseReturnValue:
    given = given_answers(request.form)
    try:
        with writing_db() as db:
            is_new = take_part(db, actor(), str(survey_id), given, now())
    except Invalid as error:
        return _sheet(_page(survey_id), given, error), 400
    if is_new:
        flash(gettext("回答を受け付けました。ありがとうございました。"), "ok")
    return redirect(url_for(".show", survey_id=survey_id), 303)


def _page(survey_id: UUID) -> SheetPage:
    with reading_db() as db:
        return sheet_page(db, actor(), str(survey_id), now())


def _sheet(page: SheetPage, given: dict[int, str], error: Invalid | None = None) -> str:
    return render_template(
        "surveys/sheet.html",
        page=page,
        given=given,
        refused_field=error.field if error else "",
        refused=sentence(error) if error else "",
    )
