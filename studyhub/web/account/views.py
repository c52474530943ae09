from __future__ import annotations

from flask import Blueprint
blueprint = Blueprint("account", __name__)

from studyhub.web.guards import public
@blueprint.get("/account")
@public
def show(): return "x"
@blueprint.post("/account/language")
@public
def language(): return "x"
@blueprint.post("/account/theme")
@public
def theme(): return "x"
