from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from studyhub.domain.permissions import Permission
from studyhub.web.guards import allows

blueprint = Blueprint("progress", __name__)


@blueprint.get("/progress")
@allows(Permission.STUDY)
def skill_map(**_: object) -> ResponseReturnValue:
    return "scaffold, replaced by its owner"
