"""INSERT … ON CONFLICT, which both engines have and SQLAlchemy spells per dialect."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_for(db: Session, model: type[Any]) -> Any:
    """An insert with ``on_conflict_do_update`` and ``on_conflict_do_nothing`` for the engine of ``db``."""
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(model)
