"""Opens the surveys whose day has come and closes those whose time is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.jobs.context import JobContext
from studyhub.services.surveys import follow_dates


def run(context: JobContext, _payload: Mapping[str, Any]) -> None:
    with context.writing_db() as db:
        follow_dates(db, context.now())
