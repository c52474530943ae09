"""Takes the picture of every unit for the running month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.domain.days import office_day
from studyhub.jobs.context import JobContext
from studyhub.services import unit_pictures


def run(context: JobContext, _payload: Mapping[str, Any]) -> None:
    now = context.now()
    with context.reading_db() as db:
        picturing = unit_pictures.prepare(db, office_day(now))
    for done, part in enumerate(picturing.parts, start=1):
        with context.reading_db() as db:
            rows = unit_pictures.rows_of(db, picturing, part, now)
        for first in range(0, len(rows), unit_pictures.ROWS_AT_ONCE):
            with context.writing_db() as db:
                unit_pictures.store(db, rows[first : first + unit_pictures.ROWS_AT_ONCE])
        context.report_progress(done, len(picturing.parts))
    with context.writing_db() as db:
        unit_pictures.forget_others(db, now)
