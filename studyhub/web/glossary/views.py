from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from studyhub.domain.glossary import ROWS
from studyhub.domain.permissions import Permission
from studyhub.reads.glossary import GlossaryFilter, glossary_page, term_note, term_page
from studyhub.web.guards import allows
from studyhub.web.request import actor, reading_db

blueprint = Blueprint("glossary", __name__, url_prefix="/glossary")
MAX_FILTER_CHARACTERS = 100


@blueprint.get("")
@allows(Permission.STUDY)
def index() -> ResponseReturnValue:
    text, topic, row = (request.args.get(name, "").strip() for name in ("q", "topic", "row"))
    asked = GlossaryFilter(text[:MAX_FILTER_CHARACTERS], topic, row if row in ROWS else "")
    with reading_db() as db:
        page = glossary_page(db, asked, request.args.get("page", 1, type=int))
    return render_template("glossary/index.html", page=page)


@blueprint.get("/<path:term>")
@allows(Permission.STUDY)
def show(term: str) -> ResponseReturnValue:
    """A path, because terms such as TCP/IP hold a slash, which the server hands on decoded."""
    if request.args.get("part"):
        with reading_db() as db:
            note = term_note(db, term)
        return render_template("glossary/_note.html", page=note)
    with reading_db() as db:
        page = term_page(db, actor(), term)
    return render_template("glossary/term.html", page=page)
