"""What a lecturer reads of a study session: before and after, by question, by section, and what to look at first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Forbidden, NotFound
from studyhub.domain.understanding import LookReason
from studyhub.persistence.models import (
    Attendance,
    DailyActivity,
    Question,
    ReadingMark,
    StudySession,
    StudySessionRevision,
    User,
)
from studyhub.reads.understanding import UnderstandingPage, question_statistics, understanding_page
from tests.factories.corrections import add_revision, correct, give, strike
from tests.factories.people import make_user
from tests.factories.questions import make_questions, make_syllabus, single_choice
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas

KEY = "basics"


@pytest.fixture
def session(db: Session, now: datetime) -> StudySession:
    made = make_study_session(db, now, make_course(db), key=KEY)
    made.starts_at = now
    return made


@pytest.fixture
def questions(db: Session, session: StudySession, now: datetime) -> list[Question]:
    """A check inside the second section, one that the first section teaches, and one of somewhere else."""
    made = make_questions(db, now, make_syllabus(db)[0], 3)
    revision = db.get_one(StudySessionRevision, session.current_revision_id)
    revision.checks = [made[0].key]
    html = '<h2 id="first">はじめに</h2><h2 id="second">まとめ</h2>'
    revision.segments = [["html", html], ["question", made[0].key]]
    made[1].teaches = f"{KEY}#first"
    made[2].teaches = f"{KEY}-advanced#first"
    db.flush()
    return made


def _people(db: Session, now: datetime, number: int) -> list[int]:
    return [make_user(db, now).id for _ in range(number)]


def _page(db: Session, personas: Personas) -> UnderstandingPage:
    db.flush()
    return understanding_page(db, personas.lecturer, KEY)


def test_checks_and_what_the_session_teaches_are_its_questions(
    db: Session, personas: Personas, questions: list[Question]
) -> None:
    page = _page(db, personas)
    assert [(row.key, row.is_check, row.section) for row in page.rows] == [
        (questions[0].key, True, "まとめ"),
        (questions[1].key, False, "はじめに"),
    ]


def test_before_is_until_one_came_or_first_read(
    db: Session, personas: Personas, session: StudySession, questions: list[Question], now: datetime
) -> None:
    people = _people(db, now, 6)
    for place, person in enumerate(people):
        give(db, person, questions[0], 0 if place == 0 else 1, now - timedelta(days=1))
        give(db, person, questions[0], 1 if place == 0 else 0, now + timedelta(days=1))
        keys = {"user_id": person, "study_session_id": session.id}
        if place % 2:
            db.add(Attendance(**keys, present=True, way="scan", at=now))
        else:
            db.add(ReadingMark(**keys, anchor="first", read_at=now))
    told = _page(db, personas).before_after
    assert told is not None
    assert (told.people, told.before.right, told.after.right) == (6, 1, 5)


def test_whom_the_lecturer_added_later_came_when_it_began_and_who_was_struck_never_came(
    db: Session, personas: Personas, session: StudySession, questions: list[Question], now: datetime
) -> None:
    for place, person in enumerate(_people(db, now, 6)):
        give(db, person, questions[0], 1, now - timedelta(days=1))
        give(db, person, questions[0], 0, now + timedelta(hours=1))
        at = now + timedelta(days=2)
        keys = {"user_id": person, "study_session_id": session.id}
        db.add(Attendance(**keys, present=place > 0, way="lecturer", at=at, corrected_at=at))
    page = _page(db, personas)
    assert page.came_or_read == 5
    assert page.before_after is not None
    assert (page.before_after.people, page.before_after.after.right) == (5, 5)


def test_nothing_is_broken_down_for_fewer_than_five(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    for person in _people(db, now, 4):
        give(db, person, questions[0], 0, now)
    page = _page(db, personas)
    row = page.rows[0]
    assert (row.result.people, row.result.facility, row.result.choices) == (4, None, ())
    assert [section.share for section in page.sections] == [None, None]
    assert page.to_look_at == ()
    give(db, _people(db, now, 1)[0], questions[0], 1, now)
    page = _page(db, personas)
    facility = page.rows[0].result.facility
    assert facility is not None
    assert (facility.right, facility.count) == (4, 5)
    assert [section.share is None for section in page.sections] == [True, False]


def test_a_chapter_does_not_give_away_the_question_that_two_answered(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    questions[1].teaches = f"{KEY}#second"
    for person in _people(db, now, 8):
        give(db, person, questions[0], 0, now)
    for person in _people(db, now, 2):
        give(db, person, questions[1], 0, now)
    (section,) = _page(db, personas).sections
    assert (section.people, section.share and section.share.count) == (8, 8)
    for person in _people(db, now, 3):
        give(db, person, questions[1], 0, now)
    (section,) = _page(db, personas).sections
    assert (section.people, section.share and section.share.count) == (13, 13)


def test_choices_are_counted_where_they_stand_now(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    """An earlier revision with the same choices in another order counts; one with other choices does not."""
    asked = questions[0]
    people = _people(db, now, 7)
    give(db, people[0], asked, 3, now)
    first = single_choice(asked.key, "ip-6.5:61")
    assert hasattr(first.body, "choices")
    turned = replace(first, body=replace(first.body, choices=first.body.choices[::-1]))
    add_revision(db, now, asked, turned)
    for person in people[1:]:
        give(db, person, asked, 3, now)
    counts = [choice.counts.everybody for choice in _page(db, personas).rows[0].result.choices]
    assert counts == [1, 0, 0, 6]


def test_marks_are_those_that_count_since_a_correction(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    for person in _people(db, now, 6):
        give(db, person, questions[0], 2, now)
    correct(db, personas.lecturer, questions[0], 2, now)
    facility = _page(db, personas).rows[0].result.facility
    assert facility is not None
    assert facility.right == 6
    strike(db, personas.lecturer, questions[0], now)
    assert [row.key for row in _page(db, personas).rows] == [questions[1].key]


def test_a_wrong_key_is_found_by_those_who_are_right_elsewhere(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    for place, person in enumerate(_people(db, now, 20)):
        db.add(DailyActivity(user_id=person, day=now.date() - timedelta(days=9), responses=20, correct=place))
        give(db, person, questions[0], 3 if place >= 8 else place % 2, now)
    page = _page(db, personas)
    assert page.to_look_at[0].row.key == questions[0].key
    look = page.to_look_at[0].looks[0]
    assert (look.reason, look.choice) == (LookReason.WRONG_KEY, 3)
    assert page.rows[0].result.half == 10


def test_no_name_and_no_person_is_in_the_page(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    people = _people(db, now, 8)
    for person in people:
        give(db, person, questions[0], 0, now)
    logins = db.scalars(select(User.login).where(User.id.in_(people))).all()
    assert not [login for login in logins if login in repr(_page(db, personas))]


def test_a_question_has_its_statistics_wherever_it_was_answered(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    for person in _people(db, now, 5):
        give(db, person, questions[2], 0, now)
    row = question_statistics(db, personas.lecturer, questions[2].key)
    assert row is not None
    assert row.result.people == 5
    assert question_statistics(db, personas.lecturer, "no-such-question") is None


def test_only_those_who_write_content_read_it(
    db: Session, personas: Personas, questions: list[Question]
) -> None:
    for name in ("officer", "supervisor"):
        with pytest.raises(Forbidden):
            understanding_page(db, personas.named(name), KEY)
    with pytest.raises(NotFound):
        understanding_page(db, personas.lecturer, "nothing")
