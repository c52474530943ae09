"""The sheet somebody works on: that of the group they are in, or else their own."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.persistence.models import FilledSheet, WorkshopMember


def sheet_of(db: Session, study_session_id: int, user_id: int, *, lock: bool = False) -> FilledSheet | None:
    """None when it was not begun. Who joins a group after beginning alone works on the group's; the own one waits."""
    member = db.get(WorkshopMember, (study_session_id, user_id))
    owner = FilledSheet.group_id == member.group_id if member else FilledSheet.user_id == user_id
    wanted = select(FilledSheet).where(FilledSheet.study_session_id == study_session_id, owner)
    return db.scalars(wanted.with_for_update() if lock else wanted).first()
