"""Brings a correction to everybody it touches, each in a transaction of their own: new marks, progress and notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.jobs.context import JobContext
from studyhub.services import corrections


def run(context: JobContext, payload: Mapping[str, Any]) -> None:
    correction_id = payload["correction_id"]
    with context.reading_db() as db:
        waiting = corrections.people_waiting(db, correction_id)
    for done, user_id in enumerate(waiting, start=1):
        with context.writing_db() as db:
            corrections.settle(db, correction_id, [user_id], context.now())
        context.report_progress(done, len(waiting))
