from __future__ import annotations

from typing import assert_never

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from studyhub.services import sign_in as sign_in_service
from studyhub.services.sign_in import Refused, SignedIn, SignInCommand
from studyhub.web.errors import too_many_tries
from studyhub.web.guards import public
from studyhub.web.request import actor_or_none, now, reading_db, safe_path, site, writing_db
from studyhub.web.sign_in import identity
from studyhub.web.sign_in.forms import SignInForm
from studyhub.web.sign_in.resume import carried

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
@public
def show() -> ResponseReturnValue:
    if actor_or_none() is not None:
        return redirect(url_for("home.show"))
    return render_template("sign_in/sign_in.html", form=SignInForm(request.args))


@blueprint.post("/sign-in")
@public
def begin() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("sign_in/sign_in.html", form=form), 400
    command = SignInCommand(
        login=form.login.data or "",
        password=form.password.data or "",
        address=request.remote_addr or "",
        browser=request.user_agent.string[:200],
        previous_token=identity.token_or_none(),
    )
    with reading_db() as db:
        examined = sign_in_service.examine(db, command, now())
    with writing_db() as db:
        outcome = sign_in_service.conclude(db, command, examined, now(), site().config.session_days)
    match outcome:
        case SignedIn():
            identity.begin(outcome.token)
            return _go_on(form)
        case Refused():
            return _refused(form, outcome)
        case _:
            assert_never(outcome)


@blueprint.post("/sign-out")
@public
def end() -> ResponseReturnValue:
    identity.end()
    return redirect(url_for("sign_in.show"))


def _go_on(form: SignInForm) -> ResponseReturnValue:
    """To the page asked for; a form that was sent while signed out is offered again, never sent by itself."""
    waiting = carried(form.carry.data) if form.carry.data else None
    if waiting is not None:
        return render_template("sign_in/resume.html", path=safe_path(waiting[0], "/"), fields=waiting[1])
    return redirect(safe_path(form.next.data, url_for("home.show")))


def _refused(form: SignInForm, refused: Refused) -> ResponseReturnValue:
    if refused.retry_after_s is not None:
        message = too_many_tries(refused.retry_after_s)
        page = render_template("sign_in/sign_in.html", form=form, message=message)
        return page, 429, {"Retry-After": str(refused.retry_after_s)}
    message = gettext("ログインIDまたはパスワードが違います。")
    return render_template("sign_in/sign_in.html", form=form, message=message), 400
