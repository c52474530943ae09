from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.persistence.models import CaseNote, CaseNoteComment, CaseNoteTopic, Topic

NOTE_ID = 40_001
"""The first note, whatever number the engine would give it."""


def furnish(db: Session, now: datetime, *, user_id: int, size: int) -> None:
    """Notes of the officer's, each with a topic and a comment."""
    topic_id = db.scalars(select(Topic.id).order_by(Topic.id)).first()
    assert topic_id is not None
    for number in range(size):
        is_first = db.get(CaseNote, NOTE_ID) is None
        note = CaseNote(
            id=NOTE_ID if is_first else None,
            author_id=user_id,
            kind="trouble" if number % 2 else "practice",
            title="窓口の待ち時間",
            text="朝に集中していた。",
            html="<p>朝に集中していた。</p>",
            happened_on=now.date(),
            created_at=now,
        )
        db.add(note)
        db.flush()
        db.add(CaseNoteTopic(case_note_id=note.id, topic_id=topic_id))
        db.add(CaseNoteComment(case_note_id=note.id, author_id=user_id, text="同じです。", created_at=now))
    db.flush()
