"""Which study sessions somebody may know of: one condition for services and reads."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, permits
from studyhub.persistence.models import StudySession


def visible_to(actor: Actor) -> ColumnElement[bool]:
    if permits(actor, Permission.PREVIEW_DRAFTS):
        return StudySession.status.in_(("published", "draft"))
    return StudySession.status == "published"
