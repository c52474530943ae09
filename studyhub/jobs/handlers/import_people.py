"""Looks at a table of people, or takes in one that was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from studyhub.domain.errors import StudyHubError
from studyhub.jobs.context import JobContext
from studyhub.services import people_tables
from studyhub.services.people_changes import actor_of


def run(context: JobContext, payload: Mapping[str, Any]) -> None:
    import_id, instance = UUID(payload["import"]), context.config.instance
    table = people_tables.kept_table(instance, import_id)
    if payload["step"] == "look":
        with context.reading_db() as db:
            people_tables.look(db, instance, import_id, table, context.now())
        return
    try:
        with context.writing_db() as db:
            actor = actor_of(db, int(payload["actor"]))
            people_tables.take_in(db, actor, instance, import_id, table, payload["digest"], context.now())
    except StudyHubError as refused:
        # Told on the page of the import: another attempt would meet the same.
        people_tables.note_refusal(instance, import_id, refused)
