"""Looks at a file of questions, or takes in one that was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from studyhub.jobs.context import JobContext
from studyhub.services import question_imports
from studyhub.services.people_changes import actor_of


def run(context: JobContext, payload: Mapping[str, Any]) -> None:
    import_id, instance = UUID(payload["import"]), context.config.instance
    if payload["step"] == "look":
        question_imports.look(context.engine, instance, import_id)
        return
    with context.reading_db() as db:
        actor = actor_of(db, int(payload["actor"]))
    question_imports.take_in(
        context.engine, actor, instance, import_id, context.now(), context.report_progress
    )
