"""The projections of ``services.progress`` for a whole log at once, as aggregates in SQL; ``differing`` compares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bench.bulk import Bulk
from studyhub.domain.mastery import FIRST_TENTHS, REPEAT_TENTHS
from studyhub.persistence.base import Base
from studyhub.persistence.models import DailyActivity, QuestionProgress, TopicProgress
from studyhub.services import progress

_PROJECTIONS = (QuestionProgress, TopicProgress, DailyActivity)

_QUESTIONS = """
    INSERT INTO question_progress (user_id, question_id, responses, correct, last_correct, last_unsure,
        last_revision_id, last_response_id, first_at, last_at)
    SELECT r.user_id, r.question_id, g.number, g.rights, r.correct, r.unsure, r.revision_id, r.id, g.first_at, g.last_at
    FROM (SELECT count(*) AS number, sum(CASE WHEN correct THEN 1 ELSE 0 END) AS rights, max(seq) AS newest,
            min(answered_at) AS first_at, max(answered_at) AS last_at
        FROM responses GROUP BY user_id, question_id) AS g
    JOIN responses AS r ON r.seq = g.newest
    ORDER BY r.user_id, r.question_id
"""
_WEIGHT = f"(CASE WHEN r.first THEN {FIRST_TENTHS} ELSE {REPEAT_TENTHS} END)"
_CREDIT = f"CAST(round({_WEIGHT} * r.credit * (CASE WHEN r.unsure THEN 0.5 ELSE 1 END)) AS INTEGER)"
# The history holds whole credits only, so that no product ends in a half, which Python and SQL round differently.
_TOPICS = f"""
    INSERT INTO topic_progress (user_id, topic_id, responses, correct, evidence_tenths, credit_tenths, last_at)
    SELECT r.user_id, t.topic_id, count(*), sum(CASE WHEN r.correct THEN 1 ELSE 0 END), sum({_WEIGHT}),
        sum({_CREDIT}), max(r.answered_at)
    FROM responses AS r JOIN question_topics AS t ON t.question_id = r.question_id
    GROUP BY r.user_id, t.topic_id
"""
_DAYS = """
    INSERT INTO daily_activity (user_id, day, responses, correct)
    SELECT user_id, {day}, count(*), sum(CASE WHEN correct THEN 1 ELSE 0 END) FROM responses GROUP BY 1, 2
"""
_DAY_IN_TOKYO = {
    "sqlite": "date(answered_at, '+9 hours')",
    "postgresql": "(answered_at AT TIME ZONE 'Asia/Tokyo')::date",
}


def store_projections(bulk: Bulk, dialect: str) -> None:
    for statement in (_QUESTIONS, _TOPICS, _DAYS.format(day=_DAY_IN_TOKYO[dialect])):
        bulk.run(statement)


def differing(engine: Engine, user_ids: Sequence[int]) -> list[int]:
    """Those whose stored projections are not what ``progress.rebuild`` makes of the log. Changes nothing."""
    found = []
    for user_id in user_ids:
        with Session(engine) as db:
            stored = _rows(db, user_id)
            progress.rebuild(db, user_id)
            if _rows(db, user_id) != stored:
                found.append(user_id)
            db.rollback()
    return found


def _rows(db: Session, user_id: int) -> list[list[Any]]:
    tables = [Base.metadata.tables[model.__tablename__] for model in _PROJECTIONS]
    return [
        [
            tuple(row)
            for row in db.execute(select(t).where(t.c.user_id == user_id).order_by(*t.primary_key.columns))
        ]
        for t in tables
    ]
