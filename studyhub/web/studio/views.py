"""The lecturer's home; the studio's other views are brought in here."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from studyhub.domain.permissions import Permission
from studyhub.reads.studio import studio_home
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db
from studyhub.web.studio import (
    check_quiz,
    drafts,
    editing,
    figures,
    hub,
    materials,
    publishing,
    uploads,
    versions,
)
from studyhub.web.studio.blueprint import blueprint
from studyhub.web.studio.forms import studio_filter

__all__ = [
    "blueprint", "check_quiz", "drafts", "editing", "figures", "hub", "materials", "publishing", "uploads", "versions",
]  # fmt: skip


@blueprint.get("")
@allows(Permission.WRITE_CONTENT)
def home() -> ResponseReturnValue:
    with reading_db() as db:
        page = studio_home(db, actor(), studio_filter(request.args), now())
    return render_template("studio/home.html", page=page)
