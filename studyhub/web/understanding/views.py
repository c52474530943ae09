from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from studyhub.domain.permissions import Permission
from studyhub.reads.understanding import understanding_page
from studyhub.web.guards import allows
from studyhub.web.request import actor, reading_db

blueprint = Blueprint("understanding", __name__)


@blueprint.get("/studio/study-sessions/<key>/understanding")
@allows(Permission.WRITE_CONTENT)
def show(key: str) -> ResponseReturnValue:
    with reading_db() as db:
        page = understanding_page(db, actor(), key)
    return render_template("understanding/understanding.html", page=page)
