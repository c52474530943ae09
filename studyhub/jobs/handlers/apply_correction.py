"""Brings a correction to everybody it touches, some people a transaction: new marks, progress and notice at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.jobs.context import JobContext
from studyhub.services import corrections

BATCH = 10
"""People: few enough that nobody who answers meanwhile waits for long."""


def run(context: JobContext, payload: Mapping[str, Any]) -> None:
    correction_id = payload["correction_id"]
    with context.reading_db() as db:
        waiting = corrections.people_waiting(db, correction_id)
    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        with context.writing_db() as db:
            corrections.settle(db, correction_id, batch, context.now())
        context.report_progress(start + len(batch), len(waiting))
