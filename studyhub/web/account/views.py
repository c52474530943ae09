from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Locale
from studyhub.reads.account import AccountPage, account_page
from studyhub.services import account as account_service
from studyhub.services import personal_data
from studyhub.services import sign_in as sign_in_service
from studyhub.services.account import PasswordChange, PasswordChanged, StudyPlan
from studyhub.services.personal_tables import TRACES
from studyhub.web.account.devices import device_name
from studyhub.web.account.forms import PasswordForm, PlanForm, plan_form
from studyhub.web.downloads import send_bytes
from studyhub.web.errors import add_to_form, too_many_tries
from studyhub.web.guards import public, signed_in
from studyhub.web.rendering import LOCALE_COOKIE
from studyhub.web.request import (
    actor,
    actor_or_none,
    now,
    reading_db,
    safe_path,
    site,
    snapshot_db,
    writing_db,
)
from studyhub.web.sign_in import identity

blueprint = Blueprint("account", __name__, url_prefix="/account")
blueprint.app_template_global()(device_name)
_YEAR_S = 365 * 24 * 3600


@blueprint.get("")
@signed_in
def show() -> ResponseReturnValue:
    page = _page()
    return render_template("account/account.html", page=page, form=plan_form(page))


@blueprint.post("/plan")
@signed_in
def plan() -> ResponseReturnValue:
    page = _page()
    form = plan_form(page)
    if form.validate_on_submit() and _saved(form):
        flash(gettext("目標を保存しました。"), "ok")
        return redirect(url_for("account.show"))
    return render_template("account/account.html", page=page, form=form), 400


@blueprint.get("/password")
@signed_in
def password() -> ResponseReturnValue:
    return render_template("account/password.html", form=PasswordForm())


@blueprint.post("/password")
@signed_in
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    is_first = actor().must_change_password
    if form.validate_on_submit() and _changed(form):
        flash(gettext("パスワードを変更しました。ほかの端末のサインインは終わらせました。"), "ok")
        return redirect(url_for("home.show" if is_first else "account.show"))
    return render_template("account/password.html", form=form), 400


@blueprint.post("/sign-ins/<int:sign_in_id>/end")
@signed_in
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    with writing_db() as db:
        sign_in_service.revoke(db, actor(), sign_in_id, now())
    flash(gettext("その端末のサインインを終わらせました。"), "ok")
    return redirect(url_for("account.show"))


@blueprint.post("/mail")
@signed_in
def mail() -> ResponseReturnValue:
    wanted = request.form.get("wants_mail", "") == "yes"
    with writing_db() as db:
        account_service.set_wants_mail(db, actor(), wanted)
    flash(gettext("メールを受け取ります。") if wanted else gettext("メールを止めました。"), "ok")
    return redirect(url_for("account.show"))


@blueprint.post("/language")
@public
def language() -> ResponseReturnValue:
    """Kept with the person when signed in, and in this browser for the pages before."""
    chosen = request.form.get("locale", "")
    if chosen not in set(Locale):
        raise Invalid("その言語は選べません。")
    if actor_or_none() is not None:
        with writing_db() as db:
            account_service.set_locale(db, actor(), chosen)
    response = redirect(_back())
    secure = site().config.https_only
    response.set_cookie(LOCALE_COOKIE, chosen, max_age=_YEAR_S, httponly=True, samesite="Lax", secure=secure)
    return response


@blueprint.post("/theme")
@signed_in
def theme() -> ResponseReturnValue:
    with writing_db() as db:
        account_service.set_theme(db, actor(), request.form.get("theme", ""))
    return redirect(_back())


@blueprint.get("/data")
@signed_in
def data() -> ResponseReturnValue:
    return render_template("account/data.html", traces=TRACES)


@blueprint.post("/data")
@signed_in
def take_data() -> ResponseReturnValue:
    with writing_db() as db:
        personal_data.ask_for_own(db, actor(), now())
    with snapshot_db() as db:
        file = personal_data.collect(db, actor().user_id, now())
    return send_bytes(file.content, file.name, "application/zip")


def _back() -> str:
    return safe_path(request.form.get("next"), url_for("home.show"))


def _page() -> AccountPage:
    with reading_db() as db:
        return account_page(db, actor(), identity.sign_in_id(), now())


def _saved(form: PlanForm) -> bool:
    wanted = StudyPlan(form.target_exam.data, form.exam_on.data, form.daily_minutes.data or 0)
    try:
        with writing_db() as db:
            account_service.set_study_plan(db, actor(), wanted, now())
    except Invalid as error:
        return add_to_form(form, error)
    return True


def _changed(form: PasswordForm) -> bool:
    """Signs this browser on with its new token, or says beside the field why not."""
    command = PasswordChange(
        current=form.current.data or "",
        new=form.new_password.data or "",
        sign_in_id=identity.sign_in_id(),
        address=request.remote_addr or "",
    )
    try:
        with writing_db() as db:
            outcome = account_service.change_password(db, actor(), command, now())
    except Invalid as error:
        return add_to_form(form, error)
    if isinstance(outcome, PasswordChanged):
        identity.begin(outcome.token or "")
        return True
    wait_s = outcome.retry_after_s
    form.current.errors = [too_many_tries(wait_s) if wait_s else gettext("いまのパスワードが違います。")]
    return False
