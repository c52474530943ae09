"""What officers have read, and which answers they called a guess afterwards."""

from __future__ import annotations

from datetime import datetime
from random import Random

from sqlalchemy import Engine, select

from bench.bulk import Bulk, text_time
from studyhub.persistence.models import StudySession, StudySessionRevision
from studyhub.persistence.session import reading

_SESSIONS_OF_AN_OFFICER = 2
_SECTIONS_READ = 3
_GUESSES = """
    INSERT INTO unsure_marks (response_id, marked_at) SELECT id, answered_at FROM responses WHERE unsure AND seq % 2 = 0
"""
"""Of answers that were given as unsure already: on those a mark changes no projection."""


def store_reading(engine: Engine, bulk: Bulk, officers: int, now: datetime, rng: Random) -> None:
    sections = _sections(engine)
    at = text_time(now)
    positions, marks = [], []
    for user_id in range(1, officers + 1):
        for study_session_id in rng.sample(list(sections), min(_SESSIONS_OF_AN_OFFICER, len(sections))):
            read = sections[study_session_id][:_SECTIONS_READ]
            positions.append((user_id, study_session_id, read[-1], at))
            marks += [(user_id, study_session_id, anchor, at) for anchor in read]
    bulk.insert("reading_positions", ("user_id", "study_session_id", "anchor", "at"), positions)
    bulk.insert("reading_marks", ("user_id", "study_session_id", "anchor", "read_at"), marks)


def store_guesses(bulk: Bulk) -> None:
    bulk.run(_GUESSES)


def _sections(engine: Engine) -> dict[int, list[str]]:
    found = select(StudySession.id, StudySessionRevision.toc).join(
        StudySessionRevision, StudySession.current_revision_id == StudySessionRevision.id
    )
    with reading(engine) as db:
        return {
            key: anchors
            for key, toc in db.execute(found.where(StudySession.status == "published"))
            if (anchors := [heading["anchor"] for heading in toc if heading["level"] == 2])
        }
