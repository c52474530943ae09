"""Reports of faults, a question that was corrected, and questions that a study session teaches with answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.persistence.models import Correction, Question, QuestionReport, Topic
from tests.factories.corrections import give
from tests.factories.people import make_user
from tests.factories.questions import make_question

CORRECTED = "ip-01-900"
CORRECTION_ID = 4711


def furnish(db: Session, now: datetime, *, user_id: int, size: int) -> None:
    topic = db.scalars(select(Topic).where(Topic.level == "small").order_by(Topic.id)).first()
    assert topic is not None
    if db.get(Correction, CORRECTION_ID) is None:
        _correct(db, now, make_question(db, now, topic, key=CORRECTED, status="retired"))
    for number in range(size):
        reported = make_question(db, now, topic)
        reported.teaches = "first-hearing#first"
        give(db, make_user(db, now).id, reported, number % 4, now)
        states = {"state": "settled", "settled_at": now} if number % 2 else {}
        db.add(
            QuestionReport(
                user_id=user_id, revision_id=reported.current_revision_id, kind="unclear", text="読めません。",
                created_at=now, **states,
            )
        )  # fmt: skip
    db.flush()


def _correct(db: Session, now: datetime, question: Question) -> None:
    row = Correction(
        id=CORRECTION_ID, question_id=question.id, old_revision_id=question.current_revision_id, kind="strike",
        reason="正しい選択肢がない。", made_at=now,
    )  # fmt: skip
    db.add(row)
    db.flush()
