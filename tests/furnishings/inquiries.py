from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.persistence.models import Inquiry, InquiryAnswer, Question, StudySession

INQUIRY_ID = 40_002
"""The first inquiry, which waits for an answer; the others are answered."""


def furnish(db: Session, now: datetime, *, user_id: int, size: int) -> None:
    study_session_id = db.scalars(select(StudySession.id).order_by(StudySession.id)).first()
    question_id = db.scalars(select(Question.id).order_by(Question.id)).first()
    for _number in range(size + 1):
        is_first = db.get(Inquiry, INQUIRY_ID) is None
        inquiry = Inquiry(
            id=INQUIRY_ID if is_first else None,
            asked_by=user_id,
            study_session_id=study_session_id,
            slide=1,
            question_id=question_id,
            title="用語の違い",
            text="二つの用語はどう違いますか。",
            state="open" if is_first else "answered",
            asked_at=now,
        )
        db.add(inquiry)
        db.flush()
        if not is_first:
            db.add(
                InquiryAnswer(
                    inquiry_id=inquiry.id,
                    answered_by=user_id,
                    text="次の通り。",
                    html="<p>次の通り。</p>",
                    answered_at=now,
                )
            )
    db.flush()
