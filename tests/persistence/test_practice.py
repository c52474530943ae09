"""What the choice of practice questions looks at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.persistence.models import QuestionTopic
from studyhub.persistence.practice import (
    field_weights,
    load_candidates,
    load_forest,
    load_target,
    load_topic_states,
    target_fields,
)
from tests.factories.progress import make_exam, map_topics
from tests.factories.questions import make_questions, make_syllabus
from tests.personas import Personas


def test_fields_come_in_the_proportion_of_the_target_whatever_syllabus_questions_name(
    db: Session, personas: Personas, now: datetime
) -> None:
    """Questions of another tree fill the field that their second topic, or the mapping of their own, belongs to."""
    (own, second), (mapped,) = (
        make_syllabus(db, leaves=("61", "62")),
        make_syllabus(db, key="old", leaves=("1",)),
    )
    (elsewhere,) = make_syllabus(db, key="tokyo-dx", leaves=("hearing",))
    make_exam(db, "ip-2026", "ip-6.5")
    map_topics(db, [(mapped, second)], onto="ip-6.5")
    make_questions(db, now, own, 2)
    make_questions(db, now, mapped, 2)
    for asked in make_questions(db, now, elsewhere, 2):
        db.add(QuestionTopic(question_id=asked.id, topic_id=own.id, position=1))
    db.flush()
    forest = load_forest(db)
    target = load_target(db, personas.officer.user_id)
    fields = target_fields(db, forest, target)
    states = load_topic_states(db, personas.officer.user_id, forest, fields, now)
    candidates = load_candidates(db, personas.officer.user_id, fields)
    assert len(candidates) == 6
    dealt = {states[c.field_topic_id or c.topic_id].field_id for c in candidates}
    assert dealt == set(field_weights(forest, target)) == {own.parent_id}
