from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from studyhub.domain.permissions import Permission
from studyhub.web.guards import allows

blueprint = Blueprint("study_sessions", __name__)


@blueprint.get("/study-sessions")
@allows(Permission.STUDY)
def library(**_: object) -> ResponseReturnValue:
    return "scaffold, replaced by its owner"
