"""Questions in the works: one in draft, one that waits for a second person, and `size` more with all that is listed."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain import questions as domain
from studyhub.persistence.models import (
    Draft,
    Question,
    QuestionReport,
    QuestionReview,
    QuestionRevision,
    Topic,
)
from tests.factories.questions import make_question

IN_DRAFT, WAITING = "st-1-900", "st-1-901"
_numbers = count(1000)


def furnish(db: Session, now: datetime, *, user_id: int, size: int) -> None:
    leaf = db.scalars(select(Topic).where(Topic.level == "small").order_by(Topic.position)).first()
    assert leaf is not None
    if db.scalars(select(Question.id).where(Question.key == IN_DRAFT)).first() is None:
        _written(db, now, leaf, IN_DRAFT, "draft", None)
        _written(db, now, leaf, WAITING, "review", None)
    for _ in range(size):
        question = _written(db, now, leaf, f"st-1-{next(_numbers)}", "draft", user_id)
        assert question.current_revision_id is not None
        db.add(
            Draft(
                user_id=user_id,
                kind="question",
                subject=question.key,
                fields={"stem": ["書きかけ"]},
                saved_at=now,
            )
        )
        db.add(
            QuestionReport(
                user_id=user_id, revision_id=question.current_revision_id, kind="unclear", created_at=now
            )
        )
    db.flush()


def _written(
    db: Session, now: datetime, leaf: Topic, key: str, status: str, author_id: int | None
) -> Question:
    """With two revisions and a review of the first."""
    question = make_question(db, now, leaf, key=key, status=status)
    question.origin, question.author_id = "studio", author_id
    first = question.current_revision
    assert first is not None
    db.add(
        QuestionReview(revision_id=first.id, reviewer_id=None, verdict="changes", comment="短く。", at=now)
    )
    authored = domain.from_data(first.data)
    question.current_revision = QuestionRevision(
        question_id=question.id,
        number=2,
        content_hash="1" * 64,
        kind=first.kind,
        level=first.level,
        data=domain.to_data(authored) | {"explanation": "短くした解説です。"},
        html=dict(first.html),
        plain=first.plain,
        expected_facility=first.expected_facility,
        created_at=now,
        created_by=author_id,
    )
    db.flush()
    return question
