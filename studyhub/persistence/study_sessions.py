"""Which study sessions somebody may know of, and how they are counted: one condition for services and reads."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, permits
from studyhub.persistence.models import StudySession


def visible_to(actor: Actor) -> ColumnElement[bool]:
    if permits(actor, Permission.PREVIEW_DRAFTS):
        return StudySession.status.in_(("published", "draft"))
    return StudySession.status == "published"


def ordinal() -> ColumnElement[int | None]:
    """Which of the published ones of its course a study session is, counted from 1; None for one that officers
    cannot see, which takes no number from the others."""
    other = aliased(StudySession)
    earlier = or_(
        other.position < StudySession.position,
        and_(other.position == StudySession.position, other.id <= StudySession.id),
    )
    count = select(func.count()).where(
        other.course_id == StudySession.course_id, other.status == "published", earlier
    )
    return case((StudySession.status == "published", count.correlate(StudySession).scalar_subquery()))
