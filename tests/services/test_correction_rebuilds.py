"""Whatever is answered and corrected, in whatever order and at the same time, equals a rebuild from the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from studyhub.config import load_config
from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.identity import Actor
from studyhub.domain.practice import check_order
from studyhub.jobs.runner import Worker
from studyhub.persistence.models import Job, Notice, Question, Regrade, Response
from studyhub.persistence.session import reading, transaction
from studyhub.services import corrections, practice_answers, responses
from studyhub.services.practice_answers import GiveAnswer, GiveCheckAnswer, Given
from tests.factories.corrections import check_against_log, correct, counted, give, marks, strike
from tests.factories.people import make_user
from tests.factories.questions import make_questions, make_syllabus, single_choice
from tests.furnished import SET_OF_THE_OFFICER, furnish
from tests.personas import Personas

MORE_THAN_FEW = corrections.FEW + 5


@pytest.fixture
def questions(db: Session, now: datetime) -> list[Question]:
    return make_questions(db, now, make_syllabus(db)[0], 5)


events = st.one_of(
    st.tuples(st.just("answer"), st.integers(0, 1), st.integers(0, 4), st.integers(0, 3)),
    st.tuples(st.just("guess"), st.integers(0, 9), st.just(0), st.just(0)),
    st.tuples(st.just("correct"), st.integers(0, 4), st.integers(0, 3), st.just(0)),
    st.tuples(st.just("strike"), st.integers(0, 4), st.just(0), st.just(0)),
)
"""Two officers answer five questions, say that they guessed, and a lecturer corrects."""


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(st.lists(events, min_size=3, max_size=25))
def test_whatever_is_answered_and_corrected_equals_a_rebuild(
    db: Session,
    personas: Personas,
    questions: list[Question],
    now: datetime,
    log: list[tuple[str, int, int, int]],
) -> None:
    people = [personas.officer.user_id, personas.colleague_elsewhere.user_id]
    savepoint = db.begin_nested()
    answered: list[tuple[int, str]] = []
    for number, (kind, one, other, choice) in enumerate(log):
        at = now + timedelta(minutes=number)
        if kind == "answer":
            answered.append((people[one], give(db, people[one], questions[other], choice, at)))
        elif kind == "guess" and answered:
            responses.mark_unsure(db, *answered[one % len(answered)], at)
        elif kind == "correct":
            _unless_refused(
                lambda q=questions[one], key=other, at=at: correct(db, personas.lecturer, q, key, at)
            )
        elif kind == "strike":
            _unless_refused(lambda q=questions[one], at=at: strike(db, personas.lecturer, q, at))
    for user_id in people:
        check_against_log(db, user_id)
    savepoint.rollback()
    db.expire_all()


def _unless_refused(deed: Any) -> None:
    try:
        deed()
    except (Invalid, Conflict):
        return


def test_five_hundred_responses_of_many_people_equal_a_rebuild_after_the_job(
    engine: Engine, personas: Personas, now: datetime, tmp_path: Path
) -> None:
    rng = Random(500)
    with transaction(engine) as db:
        asked = make_questions(db, now, make_syllabus(db)[0], 6)
        people = [make_user(db, now).id for _ in range(MORE_THAN_FEW)]
        for number in range(500):
            user_id, question_ = people[number % len(people)], rng.choice(asked)
            give(
                db,
                user_id,
                question_,
                rng.randrange(4),
                now + timedelta(minutes=number),
                unsure=rng.random() < 0.1,
            )
    with transaction(engine) as db:
        first, second = (db.get_one(Question, each.id) for each in asked[:2])
        correct(db, personas.lecturer, first, 3, now + timedelta(days=1))
        strike(db, personas.lecturer, second, now + timedelta(days=1))
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(Regrade)) == 0, "nobody sees half before the job"
    later = now + timedelta(days=2)
    Worker(engine, load_config({"STUDYHUB_INSTANCE": str(tmp_path)}), clock=lambda: later).run_all(Event())
    with transaction(engine) as db:
        for user_id in people:
            check_against_log(db, user_id)
        touched = select(func.count()).where(Response.question_id.in_([first.id, second.id]))
        assert db.scalar(select(func.count()).select_from(Regrade)) == db.scalar(touched)
        assert db.scalar(select(func.count()).select_from(Notice)) > MORE_THAN_FEW
        assert not db.scalar(select(func.count()).where(Job.kind == "apply_correction", Job.state != "done"))


def test_an_answer_that_comes_after_the_correction_is_marked_by_the_new_key(
    engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        asked = make_questions(db, now, make_syllabus(db)[0], 1)[0]
        old_revision = asked.current_revision_id or 0
        give(db, personas.officer.user_id, asked, 1, now)
        correct(db, personas.lecturer, asked, 1, now)
    order = check_order(single_choice(asked.key, "ip-6.5:61"), personas.officer.user_id)
    command = GiveCheckAnswer(asked.key, old_revision, _given(str(order.index(1))))
    with transaction(engine) as db:
        assert practice_answers.record_check_answer(db, personas.officer, command, now).correct
        assert marks(db, command.given.response_id) == (False, True)
        check_against_log(db, personas.officer.user_id)


def test_an_answer_to_a_struck_question_is_kept_and_counts_for_nothing(
    engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=0)
        strike(
            db, personas.lecturer, db.scalars(select(Question).where(Question.key == "ip-01-001")).one(), now
        )
    command = GiveAnswer(SET_OF_THE_OFFICER, 1, _given("1"))
    with transaction(engine) as db:
        practice_answers.record_answer(db, personas.officer, command, now + timedelta(days=3))
        assert db.scalar(select(Regrade.counts)) is False
        assert counted(db, personas.officer.user_id) == (0, 0, 0, 0)


def _given(choice: str) -> Given:
    """The choice at a place as shown."""
    return Given(str(uuid4()), {"choice": choice})


def test_answers_given_during_a_correction_are_all_marked_by_the_new_key(
    engine: Engine, personas: Personas, now: datetime
) -> None:
    """However the two interleave: before the correction they are in what it reads, after it they are settled."""
    with transaction(engine) as db:
        asked = make_questions(db, now, make_syllabus(db)[0], 1)[0]
        old_revision = asked.current_revision_id or 0
        officers = [replace(personas.officer, user_id=make_user(db, now).id) for _ in range(8)]
        for officer in officers:
            give(db, officer.user_id, asked, 0, now)
    begun, faults = Event(), list[BaseException]()

    def answer_again_and_again(officer: Actor) -> None:
        try:
            for _ in range(6):
                with transaction(engine) as db:
                    command = GiveCheckAnswer(asked.key, old_revision, _given("1"))
                    practice_answers.record_check_answer(db, officer, command, now)
                begun.set()
        except BaseException as fault:
            faults.append(fault)
            raise

    threads = [Thread(target=answer_again_and_again, args=(officer,)) for officer in officers]
    for thread in threads:
        thread.start()
    begun.wait(10)
    with transaction(engine) as db:
        correct(db, personas.lecturer, db.get_one(Question, asked.id), 2, now)
    for thread in threads:
        thread.join(60)
    assert not faults
    with transaction(engine) as db:
        assert db.scalar(select(func.count()).select_from(Response)) == 8 * 7
        assert db.scalar(select(func.count()).select_from(Regrade)) == 8 * 7
        for officer in officers:
            check_against_log(db, officer.user_id)
