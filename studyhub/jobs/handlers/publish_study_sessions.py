"""Publishes the study sessions whose time has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.jobs.context import JobContext
from studyhub.services.study_session_publishing import publish_due


def run(context: JobContext, _payload: Mapping[str, Any]) -> None:
    with context.writing_db() as db:
        publish_due(db, context.now())
