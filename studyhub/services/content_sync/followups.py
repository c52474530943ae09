"""Work that content asks for and that nobody waits for: it is done by the worker, after the transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.services import jobs


def ask_for_rebuilding(db: Session, question_ids: Iterable[int], now: datetime) -> None:
    """Answers count for the topics a question has now: who answered these gets new progress."""
    ids = sorted(question_ids)
    if ids:
        jobs.enqueue(db, "rebuild_progress", {"question_ids": ids}, now)


def ask_for_reindexing(db: Session, now: datetime) -> None:
    jobs.enqueue(db, "reindex_search", {}, now, unique_key="reindex_search")


def ask_for_slide_pages(db: Session, material_id: int, now: datetime) -> None:
    jobs.enqueue(
        db, "render_slides", {"material_id": material_id}, now, unique_key=f"render_slides:{material_id}"
    )
