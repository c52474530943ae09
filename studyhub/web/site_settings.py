"""The settings of the site as pages show them: asked for every few seconds at most, so that no page costs a statement.

What an administrator changes is seen at once where it was saved and within ``FRESH_FOR`` in every other process.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from studyhub.domain.identity import Locale
from studyhub.domain.settings import Settings
from studyhub.reads.settings import site_settings
from studyhub.web.request import DatabaseUnavailable, now, reading_db

FRESH_FOR = timedelta(seconds=10)


class SiteLook:
    """What templates know as ``site``."""

    def __init__(self, configured_name: str, demonstration_password: str) -> None:
        self.demonstration_password = demonstration_password
        self._configured_name = configured_name
        self._kept = Settings()
        self._asked_at: datetime | None = None

    @property
    def is_demo(self) -> bool:
        return bool(self.demonstration_password)

    @property
    def name(self) -> str:
        return self.settings.site_name or self._configured_name

    def purpose(self, locale: str) -> str:
        """What the records are used for, in the reader's language."""
        return self.settings.purpose if locale == Locale.JA else self.settings.purpose_en

    @property
    def settings(self) -> Settings:
        """As they are known here; when the database is away, as they were known last."""
        moment = now()
        if self._asked_at is None or not timedelta(0) <= moment - self._asked_at < FRESH_FOR:
            self._asked_at = moment
            try:
                with reading_db() as db:
                    self._kept = site_settings(db)
            except DatabaseUnavailable:
                structlog.get_logger().warning("settings_not_read")
        return self._kept

    def forget(self) -> None:
        """The next page asks anew."""
        self._asked_at = None
