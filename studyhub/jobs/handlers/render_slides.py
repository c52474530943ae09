"""Makes the page images of a study session's slides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.jobs.context import JobContext
from studyhub.services import slides

REPORT_EVERY = 5
"""Pages; a report is a transaction."""


def run(context: JobContext, payload: Mapping[str, Any]) -> None:
    with context.reading_db() as db:
        waiting = slides.waiting_slides(db, int(payload["material_id"]))
    if waiting is None:
        return
    if context.job.is_last_attempt:
        # Said beforehand, since a worker that dies cannot say it: nobody waits for ever. Success takes it back.
        with context.writing_db() as db:
            slides.store_fault(db, waiting, slides.GAVE_UP)

    def report(done: int, total: int) -> None:
        if done % REPORT_EVERY == 0 or done == total:
            context.report_progress(done, total)

    try:
        kept = slides.keep_pages(waiting, context.config.files, report)
    except slides.NotRendered as refused:
        with context.writing_db() as db:
            slides.store_fault(db, waiting, refused.fault.value)
        return
    with context.writing_db() as db:
        slides.store_pages(db, waiting, kept, context.now())
