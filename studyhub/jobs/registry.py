"""Which handler does which kind of job: one table.

By name, so that a worker that never renders slides never loads what renders them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from studyhub.domain.errors import NotFound
from studyhub.jobs.context import JobContext

Handler = Callable[[JobContext, Mapping[str, Any]], None]

HANDLERS: Mapping[str, str] = {
    # kind: module in studyhub.jobs.handlers, whose function `run` does it
    "apply_correction": "apply_correction",
    "check_content": "check_content",
    "import_people": "import_people",
    "import_questions": "import_questions",
    "make_backup": "make_backup",
    "daily_round": "daily_round",
    "deliver_mail": "deliver_mail",
    "picture_units": "picture_units",
    "publish_study_sessions": "publish_study_sessions",
    "rebuild_progress": "rebuild_progress",
    "reindex_search": "reindex_search",
    "render_slides": "render_slides",
    "survey_dates": "survey_dates",
    "sweep": "sweep",
    "sync_content": "sync_content",
    "verify_backup": "verify_backup",
}


def handler_of(kind: str) -> Handler:
    """Raises NotFound for a kind of no handler, such as one that a newer version asked for."""
    if kind not in HANDLERS:
        raise NotFound("%(kind)s という種類の処理はありません。", kind=kind)
    run: Handler = import_module(f"studyhub.jobs.handlers.{HANDLERS[kind]}").run
    return run
