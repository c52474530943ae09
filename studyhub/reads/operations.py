"""What machines ask of the site."""

from __future__ import annotations

from alembic.runtime.migration import MigrationContext
from sqlalchemy.orm import Session

from studyhub.persistence.schema import newest_revision


def schema_is_newest(db: Session) -> bool:
    """Asked inside the reader's transaction: on SQLite it does not queue behind those who write."""
    return MigrationContext.configure(db.connection()).get_current_revision() == newest_revision()
