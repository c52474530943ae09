"""Answers in the log, with their projections, and examinations over several syllabi."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from studyhub.domain import blueprint as domain
from studyhub.domain.grading import Mark
from studyhub.domain.syllabus import SyllabusStatus
from studyhub.persistence.models import Blueprint, Question, SyllabusMapping, Topic, TopicMapping
from studyhub.services import responses


def make_answer(
    db: Session,
    user_id: int,
    question: Question,
    at: datetime,
    *,
    right: bool = True,
    unsure: bool = False,
    context: str = "practice",
) -> str:
    """The id of the response, given outside any practice set."""
    assert question.current_revision_id is not None
    answer = responses.Answer(
        id=str(uuid4()),
        user_id=user_id,
        question_id=question.id,
        revision_id=question.current_revision_id,
        context=context,
        given={"chosen": 0 if right else 1},
        mark=Mark(float(right), right),
        unsure=unsure,
        answered_at=at,
    )
    return responses.record(db, answer, at).id


def make_exam(db: Session, key: str, syllabus_id: str, *, status: str = "current") -> Blueprint:
    """One field, the root that `make_syllabus` makes; 100 questions of which 92 are scored."""
    authored = domain.Blueprint(
        id=key,
        title=f"試験 {key}",
        title_en=f"Exam {key}",
        syllabus_id=syllabus_id,
        status=SyllabusStatus(status),
        questions=100,
        minutes=120,
        fields=(domain.FieldQuota(f"{syllabus_id}:strategy", 100, 92),),
        pass_rule=domain.PassRule(600, 300, 1000),
        scale=domain.Scale(600, 0, 130),
    )
    row = Blueprint(
        id=key,
        title=authored.title,
        title_en=authored.title_en,
        syllabus_id=syllabus_id,
        status=status,
        spec=domain.to_data(authored),
        content_hash="0" * 64,
    )
    db.add(row)
    db.flush()
    return row


def map_topics(db: Session, pairs: list[tuple[Topic, Topic | None]], *, onto: str) -> None:
    """Each first topic counts as the second in the syllabus `onto`; None says that it has no place there."""
    origin = pairs[0][0].syllabus_id
    db.add(
        SyllabusMapping(
            id=f"{origin}--{onto}",
            from_syllabus_id=origin,
            to_syllabus_id=onto,
            status="current",
            content_hash="0" * 64,
        )
    )
    db.add_all(
        TopicMapping(from_topic_id=here.id, to_syllabus_id=onto, to_topic_id=there.id if there else None)
        for here, there in pairs
    )
    db.flush()
