from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from studyhub.domain.permissions import Permission
from studyhub.web.guards import allows

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@allows(Permission.STUDY)
def show(**_: object) -> ResponseReturnValue:
    return "scaffold, replaced by its owner"
