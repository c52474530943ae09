"""Makes progress anew for those who answered questions whose topics have changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.jobs.context import JobContext
from studyhub.services import progress


def run(context: JobContext, payload: Mapping[str, Any]) -> None:
    with context.reading_db() as db:
        learners = progress.learners(db, payload["question_ids"])
    for done, user_id in enumerate(learners, start=1):
        # A transaction each: an answer given meanwhile is either in the log it reads or applied after it.
        with context.writing_db() as db:
            progress.rebuild(db, user_id)
        context.report_progress(done, len(learners))
