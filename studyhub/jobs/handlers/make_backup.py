"""Writes a backup of the site into its instance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.jobs.context import JobContext
from studyhub.services import kept_backups


def run(context: JobContext, _payload: Mapping[str, Any]) -> None:
    config = context.config
    with context.snapshot_db() as db:
        kept_backups.make(db, config.instance, config.files, context.now(), context.report_progress)
