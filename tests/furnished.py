"""A site with something on every page, in any size: what the route table visits and statements are counted on.

What a feature adds stands in a module of its own in ``tests/furnishings``, as a function ``furnish`` like the one here.
"""

from __future__ import annotations

import pkgutil
from datetime import datetime, timedelta
from importlib import import_module
from itertools import count
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain import blueprint
from studyhub.domain.syllabus import SyllabusStatus
from studyhub.persistence.models import (
    Blueprint,
    Course,
    DailyActivity,
    PracticeItem,
    PracticeSet,
    Question,
    QuestionProgress,
    ReadingMark,
    Response,
    Term,
    Topic,
    TopicProgress,
)
from studyhub.services.search import plan_reindex, store_batch
from tests import furnishings
from tests.factories.people import make_user
from tests.factories.questions import make_question, make_syllabus
from tests.factories.study_sessions import make_course, make_study_session

LEAVES = ("1", "9", "61")
SET_OF_THE_OFFICER = "11111111-1111-4111-8111-111111111111"
"""A running practice set with one question."""
_numbers = count(1)


def furnish(db: Session, now: datetime, *, user_id: int, size: int) -> None:
    """Adds `size` of everything that a page lists; `user_id` has read and answered all of it. May be called again."""
    course, leaves = _frame(db, user_id)
    for number in range(size):
        make_user(db, now)
        study_session = make_study_session(db, now, course, held_on=now.date() - timedelta(days=number))
        db.add(ReadingMark(user_id=user_id, study_session_id=study_session.id, anchor="first", read_at=now))
        question = make_question(db, now, leaves[number % len(leaves)])
        _answer(db, now, user_id, question, right=number % 2 == 0)
        _define_a_term(db, f"用語{next(_numbers)}")
    db.flush()
    for module in pkgutil.iter_modules(furnishings.__path__):
        import_module(f"tests.furnishings.{module.name}").furnish(db, now, user_id=user_id, size=size)
    for batch in plan_reindex(db):
        store_batch(db, batch)


def _frame(db: Session, user_id: int) -> tuple[Course, list[Topic]]:
    """What there is once, however large the site."""
    course = db.scalars(select(Course).where(Course.key == "basics")).first()
    if course is not None:
        return course, list(db.scalars(select(Topic).where(Topic.level == "small").order_by(Topic.position)))
    leaves = make_syllabus(db, leaves=LEAVES)
    _store_blueprint(db)
    course = make_course(db, key="basics")
    make_study_session(db, _LONG_AGO, course, key="first-hearing")
    _define_a_term(db, "本文")
    _start_a_set(db, user_id, make_question(db, _LONG_AGO, leaves[0], key="ip-01-001"))
    return course, leaves


def _store_blueprint(db: Session) -> None:
    authored = blueprint.Blueprint(
        id="ip-2026",
        title="ITパスポート試験",
        title_en="IT Passport",
        syllabus_id="ip-6.5",
        status=SyllabusStatus.CURRENT,
        questions=100,
        minutes=120,
        fields=(blueprint.FieldQuota(topic_key="ip-6.5:strategy", questions=100, scored=92),),
        pass_rule=blueprint.PassRule(total=600, each_field=300, out_of=1000),
        scale=blueprint.Scale(anchor_score=600, anchor_ability=0, points_per_ability=130),
    )
    db.add(
        Blueprint(
            id=authored.id,
            title=authored.title,
            title_en=authored.title_en,
            syllabus_id=authored.syllabus_id,
            status=authored.status,
            spec=blueprint.to_data(authored),
            content_hash="0" * 64,
        )
    )


def _start_a_set(db: Session, user_id: int, question: Question) -> None:
    db.add(PracticeSet(id=SET_OF_THE_OFFICER, user_id=user_id, mode="random", created_at=_LONG_AGO))
    db.flush()
    db.add(
        PracticeItem(
            practice_set_id=SET_OF_THE_OFFICER,
            position=1,
            revision_id=question.current_revision_id,
            shown_order=[2, 0, 1, 3],
            reason="random",
        )
    )


_LONG_AGO = datetime.fromisoformat("2026-04-01T00:00:00+00:00")


def _answer(db: Session, now: datetime, user_id: int, question: Question, *, right: bool) -> None:
    response_id, revision_id = str(uuid4()), question.current_revision_id
    assert revision_id is not None
    given = {"chosen": 0 if right else 1}
    db.add(
        Response(
            id=response_id,
            user_id=user_id,
            question_id=question.id,
            revision_id=revision_id,
            context="practice",
            given=given,
            credit=float(right),
            first=True,
            correct=right,
            answered_at=now,
            received_at=now,
        )
    )
    db.add(
        QuestionProgress(
            user_id=user_id,
            question_id=question.id,
            responses=1,
            correct=int(right),
            last_correct=right,
            last_unsure=False,
            last_revision_id=revision_id,
            last_response_id=response_id,
            first_at=now,
            last_at=now,
        )
    )
    _count(db, now, user_id, question.main_topic_id, right)


def _count(db: Session, now: datetime, user_id: int, topic_id: int, right: bool) -> None:
    topic = db.get(TopicProgress, (user_id, topic_id))
    if topic is None:
        topic = TopicProgress(
            user_id=user_id, topic_id=topic_id, responses=0, correct=0, evidence_tenths=0, credit_tenths=0
        )
        db.add(topic)
    topic.responses, topic.correct, topic.last_at = topic.responses + 1, topic.correct + right, now
    topic.evidence_tenths, topic.credit_tenths = topic.evidence_tenths + 10, topic.credit_tenths + 10 * right
    day = db.get(DailyActivity, (user_id, now.date()))
    if day is None:
        day = DailyActivity(user_id=user_id, day=now.date(), responses=0, correct=0)
        db.add(day)
    day.responses, day.correct = day.responses + 1, day.correct + right


def _define_a_term(db: Session, name: str) -> None:
    db.add(
        Term(
            term=name,
            reading="ようご",
            definition="意味の説明。",
            abbreviations=[{"short": "T", "long": "term"}],
            topics=["ip-6.5:1"],
            see=["first-hearing"],
            content_hash="0" * 64,
        )
    )
