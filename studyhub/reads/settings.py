"""The settings of the site."""

from __future__ import annotations

from sqlalchemy.orm import Session

from studyhub.domain.settings import Settings
from studyhub.persistence.settings import load_settings


def site_settings(db: Session) -> Settings:
    """One statement."""
    return load_settings(db)
