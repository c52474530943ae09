"""The administration's one blueprint; its views stand in several modules, which ``views`` brings together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Invalid
from studyhub.web.errors import sentence
from studyhub.web.request import writing_db

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


def done(change: Callable[[Session], object], said: str, back: str) -> ResponseReturnValue:
    """One button's deed in its own transaction; what refuses it is said on the page one came from."""
    try:
        with writing_db() as db:
            change(db)
    except (Invalid, Conflict) as refused:
        flash(sentence(refused), "error")
    else:
        flash(said, "ok")
    return redirect(back)


def refusal(message: str, params: Mapping[str, object]) -> str:
    """What a job kept of an error, in the reader's language."""
    return str(gettext(message, **params))


blueprint.app_template_global("refusal")(refusal)
