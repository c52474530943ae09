from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from studyhub.domain.permissions import Permission
from studyhub.domain.search import MAX_QUERY_CHARACTERS, Kind
from studyhub.reads.search import search_page
from studyhub.web.guards import allows
from studyhub.web.request import actor, reading_db

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
@allows(Permission.STUDY)
def show() -> ResponseReturnValue:
    query = request.args.get("q", "").strip()[:MAX_QUERY_CHARACTERS]
    asked = request.args.get("kind", "")
    kind = Kind(asked) if asked in set(Kind) else None
    with reading_db() as db:
        page = search_page(db, actor(), query, kind, request.args.get("page", 1, type=int))
    return render_template("search/search.html", page=page, kinds=list(Kind))
