"""Throws away, once a day, what nobody needs any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.jobs.context import JobContext
from studyhub.services import (
    housekeeping,
    people_tables,
    question_imports,
    study_session_erasure,
    surveys,
    unit_pictures,
)


def run(context: JobContext, _payload: Mapping[str, Any]) -> None:
    now = context.now()
    # Tomorrow's is asked for first, so that a sweep that fails does not end the row of sweeps.
    with context.writing_db() as db:
        housekeeping.ask_for_sweep(db, now, run_after=now + housekeeping.SWEEP_EVERY)
    with context.writing_db() as db:
        housekeeping.sweep(db, now)
    with context.writing_db() as db:
        study_session_erasure.erase_deleted(db, now)
    with context.writing_db() as db:
        surveys.follow_dates(db, now)
        surveys.mix_open(db)
    with context.writing_db() as db:
        unit_pictures.ask_for_pictures(db, now)
    people_tables.forget_old(context.config.instance, now)
    question_imports.forget_old(context.config.instance, now)
