"""A section with people who have answered questions, for a supervisor to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from studyhub.persistence.models import Topic, TopicProgress, Unit, User
from tests.factories.people import make_post, make_user


def make_people(
    db: Session,
    now: datetime,
    unit: Unit,
    number: int,
    *,
    name: str = "中村 陽子",
    kana: str = "なかむら ようこ",
) -> list[User]:
    """With a main post in the unit."""
    people = [make_user(db, now, name=name, kana=kana) for _ in range(number)]
    for person in people:
        make_post(db, now, user_id=person.id, unit_id=unit.id)
    return people


def know(
    db: Session,
    people: Sequence[User],
    topic: Topic,
    now: datetime,
    *,
    right: int,
    of: int = 10,
    days_ago: int = 1,
) -> None:
    """So many right answers of so many on the topic, each to a question not seen before."""
    db.add_all(
        TopicProgress(
            user_id=person.id,
            topic_id=topic.id,
            responses=of,
            correct=right,
            evidence_tenths=of * 10,
            credit_tenths=right * 10,
            last_at=now - timedelta(days=days_ago),
        )
        for person in people
    )
    db.flush()
