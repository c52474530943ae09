"""Courses made in the studio; those of the files are synchronised."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.editing import free_key, slug
from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.models import Course
from studyhub.services import audit

_FALLBACK_KEY = "course"


def create_course(db: Session, actor: Actor, title: str, now: datetime) -> str:
    """Its key; that of the course of the same title where there is one already."""
    require(actor, Permission.WRITE_CONTENT)
    name = title.strip()
    if not name:
        raise Invalid("新しいコースの名前を入力してください。", field="new_course")
    if len(name) > 200:
        raise Invalid("%(limit)s字以内で入力してください。", field="new_course", limit=200)
    held = db.scalars(select(Course).where(Course.title == name, Course.retired.is_(False))).first()
    if held is not None:
        return held.key
    key = free_key(slug(name) or _FALLBACK_KEY, set(db.scalars(select(Course.key))))
    last = db.scalar(select(func.max(Course.position)))
    # The empty hash tells it from the courses that come from files, which a synchronisation retires with their files.
    db.add(Course(key=key, title=name, position=(last or 0) + 1, content_hash=""))
    db.flush()
    audit.record(db, actor.user_id, "course.create", "course", key, now)
    return key
