"""The settings of the site."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.errors import Invalid
from studyhub.domain.permissions import Permission
from studyhub.reads.settings import site_settings
from studyhub.services import settings as settings_service
from studyhub.web.admin.blueprint import blueprint
from studyhub.web.admin.forms import SettingsForm
from studyhub.web.errors import add_to_form
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db, writing_db
from studyhub.web.site_settings import SiteLook


@blueprint.get("/settings")
@allows(Permission.MANAGE_SITE)
def settings() -> ResponseReturnValue:
    with reading_db() as db:
        found = site_settings(db)
    return render_template("admin/settings.html", form=SettingsForm(formdata=None, obj=found))


@blueprint.post("/settings")
@allows(Permission.MANAGE_SITE)
def save_settings() -> ResponseReturnValue:
    form = SettingsForm()
    if not form.validate_on_submit() or not _saved(form):
        return render_template("admin/settings.html", form=form), 400
    flash(gettext("設定を保存しました。ほかの画面にも、10秒ほどで行き渡ります。"), "ok")
    return redirect(url_for("admin.settings"))


def _saved(form: SettingsForm) -> bool:
    try:
        with writing_db() as db:
            settings_service.save(db, actor(), form.settings(site_settings(db)), now())
    except Invalid as refused:
        return add_to_form(form, refused)
    look: SiteLook = current_app.jinja_env.globals["site"]  # type: ignore[assignment]  # globals are untyped
    look.forget()
    return True
