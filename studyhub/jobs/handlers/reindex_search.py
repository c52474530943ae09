"""Brings the search index in step with content that changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.jobs.context import JobContext
from studyhub.services import search


def run(context: JobContext, _payload: Mapping[str, Any]) -> None:
    with context.reading_db() as db:
        batches = search.plan_reindex(db)
    for done, batch in enumerate(batches, start=1):
        with context.writing_db() as db:
            search.store_batch(db, batch)
        context.report_progress(done, len(batches))
