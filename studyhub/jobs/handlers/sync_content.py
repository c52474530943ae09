"""Brings the content folders into the site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.jobs.context import JobContext
from studyhub.services import content_state

REPORT_EVERY = 20
"""Texts; a report is a transaction."""


def run(context: JobContext, _payload: Mapping[str, Any]) -> None:
    def report(done: int, total: int) -> None:
        if done % REPORT_EVERY == 0 or done == total:
            context.report_progress(done, total)

    config = context.config
    content_state.synchronise(context.engine, config.content, config.instance, context.now(), report)
