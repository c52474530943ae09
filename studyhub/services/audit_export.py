"""Taking the audit log out as a table, which is itself in the log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.formats.table_writing import TableFormat, write_table
from studyhub.services import audit

__all__ = ["TableFormat", "note_export", "write_table"]


def note_export(db: Session, actor: Actor, entries: int, now: datetime) -> None:
    require(actor, Permission.MANAGE_SITE)
    audit.record(db, actor.user_id, "audit.export", "site", "", now, entries=entries)
    db.flush()
