"""Seats: an officer registers on the page of the study session, the lecturer sees both lists."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.attendance import RegistrationState
from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.reads.attendance import RegistrationsPage, registrations_page
from studyhub.services import registrations as service
from studyhub.web.attendance.blueprint import blueprint
from studyhub.web.attendance.forms import RegistrationForm
from studyhub.web.errors import add_to_form
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db

_BASE = "/studio/study-sessions/<key>/attendance/registrations"


@blueprint.post("/study-sessions/<key>/registration")
@allows(Permission.STUDY)
def register(key: str) -> ResponseReturnValue:
    """Registers, or cancels where the form says so."""
    with writing_db() as db:
        if request.form.get("step") == "cancel":
            service.cancel(db, actor(), key, now())
            said = gettext("申込みを取り消しました。")
        elif service.register(db, actor(), key, now()) is RegistrationState.REGISTERED:
            said = gettext("申し込みました。席があります。")
        else:
            said = gettext("満席のため、空きを待つ列に入りました。席が空くと、お知らせします。")
    flash(said, "ok")
    return redirect(url_for("study_sessions.show", key=key), 303)


@blueprint.get(_BASE)
@allows(Permission.WRITE_CONTENT)
def registrations(key: str) -> ResponseReturnValue:
    page = _page(key)
    held = {"takes": page.head.takes_registrations, "capacity": page.head.capacity}
    return _shown(page, RegistrationForm(formdata=None, data=held))


@blueprint.post(_BASE)
@allows(Permission.WRITE_CONTENT)
def set_registration(key: str) -> ResponseReturnValue:
    form = RegistrationForm()
    if form.validate_on_submit() and _was_set(key, form):
        flash(gettext("申込みの受け付け方を保存しました。"), "ok")
        return redirect(url_for(".registrations", key=key), 303)
    return _shown(_page(key), form), 400


@blueprint.post(f"{_BASE}/<int:user_id>")
@allows(Permission.WRITE_CONTENT)
def add_registration(key: str, user_id: int) -> ResponseReturnValue:
    with writing_db() as db:
        service.add_person(db, actor(), key, user_id, now())
    flash(gettext("席を用意し、本人に知らせました。"), "ok")
    return redirect(url_for(".registrations", key=key), 303)


@blueprint.post(f"{_BASE}/<int:user_id>/remove")
@allows(Permission.WRITE_CONTENT)
def remove_registration(key: str, user_id: int) -> ResponseReturnValue:
    with writing_db() as db:
        service.remove_person(db, actor(), key, user_id, now())
    flash(gettext("申込みを取り消し、本人に知らせました。"), "ok")
    return redirect(url_for(".registrations", key=key), 303)


def _was_set(key: str, form: RegistrationForm) -> bool:
    wanted: dict[str, Any] = {"takes": bool(form.takes.data), "capacity": form.capacity.data}
    try:
        with writing_db() as db:
            service.set_registration(db, actor(), key, **wanted, now=now())
    except Invalid as error:
        return add_to_form(form, error)
    return True


def _page(key: str) -> RegistrationsPage:
    with reading_db() as db:
        return registrations_page(db, key, now(), request.args.get("q", "")[:60])


def _shown(page: RegistrationsPage, form: RegistrationForm) -> str:
    return render_template("attendance/registrations.html", page=page, form=form)
