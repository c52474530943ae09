"""Steps between draft and published, and the bin: each a button of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from studyhub.domain.editing import KEEP_DELETED
from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission
from studyhub.services import study_session_publishing as service
from studyhub.web.errors import add_to_form, sentence
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, writing_db
from studyhub.web.studio.blueprint import blueprint
from studyhub.web.studio.forms import ScheduleForm
from studyhub.web.studio.hub import hub_page

Step = Callable[[Session, Actor, str, datetime], None]


@blueprint.post("/study-sessions/<key>/publish")
@allows(Permission.WRITE_CONTENT)
def publish(key: str) -> ResponseReturnValue:
    return _done(key, service.publish, gettext("公開しました。学習者に見えています。"))


@blueprint.post("/study-sessions/<key>/schedule")
@allows(Permission.WRITE_CONTENT)
def schedule(key: str) -> ResponseReturnValue:
    form = ScheduleForm()
    if not form.validate_on_submit():
        return _refused(key, form, "")
    try:
        with writing_db() as db:
            service.schedule(db, actor(), key, form.moment, now())
    except Invalid as error:
        if error.field == "publish_at":
            add_to_form(form, Invalid(error.message, field="day", **error.params))
            return _refused(key, form, "")
        return _refused(key, form, sentence(error))
    flash(gettext("公開を予約しました。その時刻に、自動で公開されます。"), "ok")
    return redirect(url_for("studio.hub", key=key))


@blueprint.post("/study-sessions/<key>/unpublish")
@allows(Permission.WRITE_CONTENT)
def unpublish(key: str) -> ResponseReturnValue:
    return _done(key, service.unpublish, gettext("下書きに戻しました。学習者には見えません。"))


@blueprint.post("/study-sessions/<key>/retire")
@allows(Permission.WRITE_CONTENT)
def retire(key: str) -> ResponseReturnValue:
    return _done(key, service.retire, gettext("公開を終えました。記録は残っています。"))


@blueprint.post("/study-sessions/<key>/delete")
@allows(Permission.WRITE_CONTENT)
def delete(key: str) -> ResponseReturnValue:
    days = KEEP_DELETED.days
    return _done(
        key, service.delete, gettext("ごみ箱に移しました。%(days)s日のあいだは元に戻せます。", days=days)
    )


@blueprint.post("/study-sessions/<key>/bring-back")
@allows(Permission.WRITE_CONTENT)
def bring_back(key: str) -> ResponseReturnValue:
    return _done(key, service.bring_back, gettext("ごみ箱から戻しました。いまは下書きです。"))


def _done(key: str, step: Step, said: str) -> ResponseReturnValue:
    try:
        with writing_db() as db:
            step(db, actor(), key, now())
    except Invalid as error:
        return _refused(key, ScheduleForm(formdata=None), sentence(error))
    flash(said, "ok")
    return redirect(url_for("studio.hub", key=key))


def _refused(key: str, form: ScheduleForm, message: str) -> ResponseReturnValue:
    return hub_page(key, form, message), 400
