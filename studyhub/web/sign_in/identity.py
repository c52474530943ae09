"""Flask-Login over our own table: its session holds a token, the table says whose it is and whether it still counts."""

from __future__ import annotations

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from studyhub.domain.identity import Actor
from studyhub.services import sign_in as sign_in_service
from studyhub.web.request import now, reading_db, writing_db


class SignedInUser(UserMixin):  # type: ignore[misc]  # Flask-Login carries no types
    def __init__(self, token: str, actor: Actor, sign_in_id: int) -> None:
        self.token, self.actor, self.sign_in_id = token, actor, sign_in_id

    def get_id(self) -> str:
        return self.token


def install(app: Flask) -> None:
    # Its variable of templates asks the database again, and the page that says the database is gone must not.
    manager = LoginManager(app, add_context_processor=False)
    # Our table revokes; Flask-Login's own guess from address and browser would sign out phones that change cells.
    manager.session_protection = None
    manager.user_loader(_load)


def identify() -> None:
    """Runs before the guards."""
    g.actor = current_user.actor if current_user.is_authenticated else None


def begin(token: str) -> None:
    """A new browser session for this sign-in: nothing of the one before, which somebody may have planted, stays."""
    kept = {"browser": session["browser"]} if "browser" in session else {}
    session.clear()
    session.update(kept)
    session.permanent = True
    user = _load(token)
    login_user(user)
    g.actor = user.actor if user else None


def end() -> None:
    if current_user.is_authenticated:
        with writing_db() as db:
            sign_in_service.end(db, current_user.token, now())
    logout_user()
    session.clear()
    g.actor = None


def token_or_none() -> str | None:
    return current_user.token if current_user.is_authenticated else None


def sign_in_id() -> int:
    """Which of the person's sign-ins this browser is."""
    found: int = current_user.sign_in_id
    return found


def _load(token: str) -> SignedInUser | None:
    with reading_db() as db:
        found = sign_in_service.resolve(db, token, now())
    if found is None:
        return None
    actor, sign_in_id, needs_touch = found
    if needs_touch:
        with writing_db() as db:
            sign_in_service.touch(db, sign_in_id, now())
    return SignedInUser(token, actor, sign_in_id)
