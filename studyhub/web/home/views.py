from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from studyhub.domain.permissions import Permission
from studyhub.reads.home import home_page
from studyhub.web.guards import allows
from studyhub.web.request import actor, now, reading_db

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@allows(Permission.STUDY)
def show() -> ResponseReturnValue:
    with reading_db() as db:
        page = home_page(db, actor(), now())
    return render_template("home/home.html", page=page)
