"""Deny by default: every view says with one of these marks who may call it; a view without a mark answers 403."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden as ForbiddenPage

from studyhub.domain.permissions import Permission, require
from studyhub.web.request import actor_or_none
from studyhub.web.sign_in.resume import ask_to_sign_in

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed in"
_PASSWORD_CHANGE_MAY_CALL = {"account.password", "account.change_password", "sign_in.end", "account.language"}


def public(view: View) -> View:
    """Anybody, signed in or not."""
    return _marked(view, PUBLIC)


def signed_in(view: View) -> View:
    """Anybody who is signed in."""
    return _marked(view, SIGNED_IN)


def allows(permission: Permission) -> Callable[[View], View]:
    """Whoever holds the permission."""
    return lambda view: _marked(view, permission)


def _marked(view: View, guard: str) -> View:
    view.guard = guard  # type: ignore[attr-defined]
    return view


def guard_of(endpoint: str) -> str | None:
    view = current_app.view_functions.get(endpoint)
    found: str | None = getattr(view, "guard", None)
    return found


def enforce() -> ResponseReturnValue | None:
    """Runs before each view; the only place where guards are asked."""
    if request.endpoint is None:
        return None  # no such address: the router answers 404
    guard = guard_of(request.endpoint)
    if guard is None:
        raise ForbiddenPage
    return None if guard == PUBLIC else _refusal(guard)


def _refusal(guard: str) -> ResponseReturnValue | None:
    actor = actor_or_none()
    if actor is None:
        return ask_to_sign_in()
    if actor.must_change_password and request.endpoint not in _PASSWORD_CHANGE_MAY_CALL:
        return redirect(url_for("account.password"))
    if guard != SIGNED_IN:
        require(actor, Permission(guard))
    return None
