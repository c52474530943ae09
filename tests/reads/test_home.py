"""What an officer finds when they open the site."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.practice import Length, Mode
from studyhub.persistence.models import (
    PracticeItem,
    Question,
    QuestionRevision,
    ReadingMark,
    ReadingPosition,
    Topic,
    User,
)
from studyhub.reads.home import home_page
from studyhub.services.practice import StartSet, start_set
from tests.factories.progress import make_answer, make_exam
from tests.factories.questions import make_questions, make_syllabus
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas


@pytest.fixture
def leaves(db: Session, now: datetime) -> list[Topic]:
    """Two topics of the target's syllabus, ten questions each."""
    made = make_syllabus(db, leaves=("61", "62"))
    make_exam(db, "ip-2026", "ip-6.5")
    for topic in made:
        make_questions(db, now, topic, 10)
    return made


def test_a_newcomer_is_offered_five_minutes(
    db: Session, personas: Personas, leaves: list[Topic], now: datetime
) -> None:
    page = home_page(db, personas.officer, now)
    assert page.is_newcomer
    assert page.minutes == 5
    assert page.next_set is not None
    assert (page.next_set.questions, page.next_set.minutes) == (4, 5)


def test_a_site_without_questions_announces_none(db: Session, personas: Personas, now: datetime) -> None:
    page = home_page(db, personas.officer, now)
    assert (page.next_set, page.aim, page.upcoming, page.begun) == (None, None, (), None)


def test_the_set_that_is_announced_is_the_set_that_is_dealt(
    db: Session, personas: Personas, leaves: list[Topic], now: datetime
) -> None:
    actor = personas.officer
    for number, question in enumerate(db.scalars(select(Question).order_by(Question.id)).all()[::2]):
        make_answer(db, actor.user_id, question, now - timedelta(days=3 * number), right=bool(number % 2))
    announced = home_page(db, actor, now).next_set
    set_id = start_set(db, actor, StartSet(Mode.TODAY, Length(15)), now, Random(7))
    dealt = db.execute(
        select(PracticeItem.reason, Topic.name)
        .join(QuestionRevision, QuestionRevision.id == PracticeItem.revision_id)
        .join(Question, Question.id == QuestionRevision.question_id)
        .join(Topic, Topic.id == Question.main_topic_id)
        .where(PracticeItem.practice_set_id == set_id)
        .order_by(PracticeItem.position)
    ).all()
    assert announced is not None
    assert announced.questions == len(dealt)
    assert announced.first.name == dealt[0].name
    for line in announced.reasons:
        assert line.questions == sum(row.reason == line.why for row in dealt)


def test_a_set_that_runs_is_offered_to_go_on_with(
    db: Session, personas: Personas, leaves: list[Topic], now: datetime
) -> None:
    set_id = start_set(db, personas.officer, StartSet(Mode.TODAY, Length(5)), now, Random(1))
    page = home_page(db, personas.officer, now)
    assert page.running is not None
    assert (page.running.id, page.running.answered, page.running.questions) == (set_id, 0, 4)
    assert page.next_set is None
    assert home_page(db, personas.lecturer, now).running is None


def test_the_days_to_the_exam_are_counted_until_it_is_over(
    db: Session, personas: Personas, leaves: list[Topic], now: datetime
) -> None:
    user = db.get_one(User, personas.officer.user_id)
    for days, expected in ((26, 26), (0, 0), (-1, None)):
        user.exam_on = now.date() + timedelta(days=days)
        db.flush()
        aim = home_page(db, personas.officer, now).aim
        assert aim is not None
        assert aim.days_left == expected


def test_the_next_three_study_sessions_are_named_soonest_first(
    db: Session, personas: Personas, now: datetime
) -> None:
    course = make_course(db)
    for days in (9, -2, 2, 30, 0):
        make_study_session(db, now, course, held_on=now.date() + timedelta(days=days))
    make_study_session(db, now, course, held_on=now.date() + timedelta(days=1), status="draft")
    coming = home_page(db, personas.officer, now).upcoming
    assert [(each.held_on - now.date()).days for each in coming] == [0, 2, 9]


def test_of_one_day_study_sessions_without_a_time_are_named_last(
    db: Session, personas: Personas, now: datetime
) -> None:
    course, day = make_course(db), now.date() + timedelta(days=1)
    for key, hours in (("open", None), ("late", 30), ("early", 24)):
        row = make_study_session(db, now, course, key=key, held_on=day)
        row.starts_at = now + timedelta(hours=hours) if hours else None
    db.flush()
    coming = home_page(db, personas.officer, now).upcoming
    assert [each.key for each in coming] == ["early", "late", "open"]


def test_notes_read_in_part_are_offered_and_those_read_to_the_end_are_not(
    db: Session, personas: Personas, now: datetime
) -> None:
    user_id, course = personas.officer.user_id, make_course(db)
    part, whole = make_study_session(db, now, course), make_study_session(db, now, course)
    for study_session, anchors, hours in ((part, ["first"], 5), (whole, ["first", "second"], 1)):
        at = now - timedelta(hours=hours)
        db.add(ReadingPosition(user_id=user_id, study_session_id=study_session.id, anchor=anchors[-1], at=at))
        db.add_all(
            ReadingMark(user_id=user_id, study_session_id=study_session.id, anchor=anchor, read_at=at)
            for anchor in anchors
        )
    db.flush()
    begun = home_page(db, personas.officer, now).begun
    assert begun is not None
    assert (begun.key, begun.section, begun.progress.read) == (part.key, "はじめに", 1)


def test_the_week_counts_from_monday(
    db: Session, personas: Personas, leaves: list[Topic], now: datetime
) -> None:
    first, second = db.scalars(select(Question).order_by(Question.id).limit(2))
    make_answer(db, personas.officer.user_id, first, now)
    make_answer(db, personas.officer.user_id, second, now - timedelta(days=1))
    page = home_page(db, personas.officer, now)  # a Monday
    assert (page.week.answers, page.week_before.answers) == (1, 1)
