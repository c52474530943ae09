"""Questions move between topics; progress moves with them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from threading import Event
from uuid import uuid4

from sqlalchemy import Engine, select, update

from studyhub.config import load_config
from studyhub.domain.grading import Mark
from studyhub.jobs.runner import Worker
from studyhub.persistence.models import QuestionTopic, TopicProgress
from studyhub.persistence.session import reading, transaction
from studyhub.services import jobs, responses
from tests.factories.questions import make_question, make_syllabus
from tests.personas import Personas


def test_evidence_follows_a_question_to_its_new_topic(
    engine: Engine, personas: Personas, now: datetime, tmp_path: Path
) -> None:
    with transaction(engine) as db:
        old, new = make_syllabus(db, leaves=("61", "62"))
        question = make_question(db, now, old)
        answer = responses.Answer(
            str(uuid4()), personas.officer.user_id, question.id, question.current_revision_id or 0, "practice",
            {"index": 0}, Mark(1.0, True), unsure=False, answered_at=now,
        )  # fmt: skip
        responses.record(db, answer, now)
        db.execute(update(QuestionTopic).where(QuestionTopic.topic_id == old.id).values(topic_id=new.id))
        jobs.enqueue(db, "rebuild_progress", {"question_ids": [question.id]}, now)
    Worker(engine, load_config({"STUDYHUB_INSTANCE": str(tmp_path)}), clock=lambda: now).run_all(Event())
    with reading(engine) as db:
        assert db.execute(select(TopicProgress.topic_id, TopicProgress.responses)).all() == [(new.id, 1)]
