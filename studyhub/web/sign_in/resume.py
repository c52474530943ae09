"""An expired sign-in loses nothing: the form that was sent travels through the sign-in page and is offered again.

Only forms whose CSRF token was right come here (that check runs first), so nobody else's form is carried.
"""

from __future__ import annotations

from uuid import uuid4

from flask import current_app, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from studyhub.web.request import wants_json
from studyhub.web.sign_in.forms import SignInForm

_MAX_CARRIED = 200_000
_HOURS_S = 12 * 3600
_NEVER_CARRIED = frozenset({"account.change_password"})
"""A form is carried in the page, signed but readable, and offered to whoever signs in next at this browser."""
Carried = tuple[str, list[tuple[str, str]]]
"""Path and fields of a form."""


def ask_to_sign_in() -> ResponseReturnValue:
    if wants_json():
        return jsonify(error="signed_out", sign_in=url_for("sign_in.show")), 401
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("sign_in.show", next=request.full_path.rstrip("?")))
    return _page_that_carries_the_form(), 401


def carried(token: str) -> Carried | None:
    """What ``token`` carries, or None when it is not ours, too old or from another browser."""
    try:
        path, fields, owner = _serializer().loads(token, max_age=_HOURS_S)
    except BadData:
        return None
    if owner != session.get("browser"):
        return None
    return path, [(str(name), str(value)) for name, value in fields]


def _page_that_carries_the_form() -> str:
    session.setdefault("browser", uuid4().hex)
    pairs = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    token = _serializer().dumps((request.path, pairs, session["browser"]))
    is_carried = len(token) <= _MAX_CARRIED and request.endpoint not in _NEVER_CARRIED
    form = SignInForm(formdata=None, carry=token if is_carried else "")
    return render_template("sign_in/sign_in.html", form=form, expired=True)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="carried-form")
