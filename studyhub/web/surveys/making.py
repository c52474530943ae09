"""A lecturer makes a survey: from the usual questions, changed in a builder that works without a script."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.domain.surveys import ItemKind, SurveyMoment, SurveyState
from studyhub.reads.surveys import SurveyPage, survey_page
from studyhub.reads.surveys import surveys_page as read_surveys
from studyhub.services import surveys as service
from studyhub.web.errors import sentence
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db
from studyhub.web.surveys.blueprint import blueprint
from studyhub.web.surveys.forms import Written, moment_of, opening_day, stepped, written

_BASE = "/studio/study-sessions/<key>/surveys"


@blueprint.get(_BASE)
@allows(Permission.WRITE_CONTENT)
def index(key: str) -> ResponseReturnValue:
    return _index(key)


@blueprint.post(_BASE)
@allows(Permission.WRITE_CONTENT)
def create(key: str) -> ResponseReturnValue:
    moment = moment_of(request.form.get("moment", SurveyMoment.AFTER.value))
    with writing_db() as db:
        service.create_survey(db, actor(), key, moment, now())
    flash(gettext("いつもの設問でアンケートを作りました。そのまま始めることも、変えることもできます。"), "ok")
    return redirect(url_for(".build", key=key, moment=moment.value), 303)


@blueprint.get(f"{_BASE}/<moment>")
@allows(Permission.WRITE_CONTENT)
def build(key: str, moment: str) -> ResponseReturnValue:
    page = _page(key, moment)
    if page.line.state is not SurveyState.DRAFT:
        return redirect(url_for(".outcome", key=key, moment=moment))
    return _builder(page, Written(page.line.title, tuple(page.items.values())))


@blueprint.post(f"{_BASE}/<moment>")
@allows(Permission.WRITE_CONTENT)
def save(key: str, moment: str) -> ResponseReturnValue:
    survey = written(request)
    if survey.step not in ("", "begin"):
        return _builder(_page(key, moment), stepped(survey), unsaved=True)
    try:
        with writing_db() as db:
            service.save_survey(db, actor(), key, moment_of(moment), survey.title, survey.items)
    except Invalid as error:
        return _builder(_page(key, moment), survey, error), 400
    if survey.step:
        return _begun(key, moment)
    flash(gettext("アンケートを保存しました。"), "ok")
    return redirect(url_for(".preview", key=key, moment=moment), 303)


@blueprint.get(f"{_BASE}/<moment>/preview")
@allows(Permission.WRITE_CONTENT)
def preview(key: str, moment: str) -> ResponseReturnValue:
    return render_template("surveys/preview.html", page=_page(key, moment), given={}, error=None)


@blueprint.post(f"{_BASE}/<moment>/plan")
@allows(Permission.WRITE_CONTENT)
def plan(key: str, moment: str) -> ResponseReturnValue:
    def step(db: Session) -> None:
        opens_on = opening_day(request.form.get("opens_on", ""))
        service.plan_survey(db, actor(), key, moment_of(moment), opens_on, now())

    return _done(key, step, gettext("始める日を保存しました。"))


@blueprint.post(f"{_BASE}/<moment>/open")
@allows(Permission.WRITE_CONTENT)
def begin(key: str, moment: str) -> ResponseReturnValue:
    return _begun(key, moment)


def _begun(key: str, moment: str) -> ResponseReturnValue:
    return _done(
        key,
        lambda db: service.open_survey(db, actor(), key, moment_of(moment), now()),
        gettext("アンケートを始めました。出席した人と申し込んだ人に知らせました。"),
    )


@blueprint.post(f"{_BASE}/<moment>/close")
@allows(Permission.WRITE_CONTENT)
def close(key: str, moment: str) -> ResponseReturnValue:
    return _done(
        key,
        lambda db: service.close_survey(db, actor(), key, moment_of(moment), now()),
        gettext("アンケートを締め切りました。"),
    )


@blueprint.post(f"{_BASE}/<moment>/remove")
@allows(Permission.WRITE_CONTENT)
def remove(key: str, moment: str) -> ResponseReturnValue:
    return _done(
        key,
        lambda db: service.remove_survey(db, actor(), key, moment_of(moment)),
        gettext("アンケートの下書きを捨てました。"),
    )


@blueprint.app_template_global()
def item_kind_name(kind: str) -> str:
    names = {
        ItemKind.SCALE.value: gettext("5段階"),
        ItemKind.CHOICE.value: gettext("選択"),
        ItemKind.TEXT.value: gettext("自由記述"),
    }
    return str(names[kind])


def _done(key: str, step: Callable[[Session], None], said: str) -> ResponseReturnValue:
    try:
        with writing_db() as db:
            step(db)
    except Invalid as error:
        return _index(key, sentence(error)), 400
    flash(said, "ok")
    return redirect(url_for(".index", key=key), 303)


def _index(key: str, refused: str = "") -> str:
    with reading_db() as db:
        page = read_surveys(db, key, now())
    return render_template("surveys/index.html", page=page, refused=refused)


def _page(key: str, moment: str) -> SurveyPage:
    with reading_db() as db:
        return survey_page(db, key, moment_of(moment), now())


def _builder(
    page: SurveyPage, survey: Written, error: Invalid | None = None, *, unsaved: bool = False
) -> str:
    return render_template(
        "surveys/builder.html",
        page=page,
        survey=survey,
        unsaved=unsaved,
        refused_field=error.field if error else "",
        refused=sentence(error) if error else "",
    )
