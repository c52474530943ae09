"""The settings of the site as they are stored."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.settings import Settings, parse
from studyhub.persistence.models import SiteSetting


def load_settings(db: Session) -> Settings:
    """One statement; what was never set has its default."""
    return parse({row.name: row.value for row in db.execute(select(SiteSetting.name, SiteSetting.value))})
