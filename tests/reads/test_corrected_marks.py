"""After a correction an officer sees both marks: in the history, at the question, and in a check."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.corrections import MarkWord
from studyhub.domain.practice import check_order
from studyhub.persistence.models import Question
from studyhub.reads.history import HistoryAsked, history_page
from studyhub.reads.practice import result, sitting
from studyhub.reads.questions import check_questions
from studyhub.services import practice_answers
from studyhub.services.practice_answers import GiveAnswer, Given
from tests.factories.corrections import correct, give, strike
from tests.factories.questions import make_question, make_syllabus, single_choice
from tests.furnished import SET_OF_THE_OFFICER, furnish
from tests.personas import Personas

RESPONSE = "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def answered(db: Session, personas: Personas, now: datetime) -> Question:
    """The officer's set shows the choices 2, 0, 1, 3; the second place is the key as it was."""
    furnish(db, now, user_id=personas.officer.user_id, size=0)
    given = Given(RESPONSE, {"choice": "0"})
    practice_answers.record_answer(db, personas.officer, GiveAnswer(SET_OF_THE_OFFICER, 1, given), now)
    return db.scalars(select(Question).where(Question.key == "ip-01-001")).one()


def test_the_history_shows_both_marks_and_the_reason(
    db: Session, personas: Personas, answered: Question, now: datetime
) -> None:
    other = make_question(db, now, make_syllabus(db, key="other")[0])
    give(db, personas.officer.user_id, other, 1, now)
    correct(db, personas.lecturer, answered, 2, now, "ウが正しい。")
    rows = history_page(db, personas.officer, HistoryAsked()).rows
    assert [(row.mark, row.was, row.reason) for row in rows] == [
        (MarkWord.WRONG, None, ""),
        (MarkWord.RIGHT, MarkWord.WRONG, "ウが正しい。"),
    ]
    assert len(history_page(db, personas.officer, HistoryAsked(only_corrected=True)).rows) == 1
    assert len(history_page(db, personas.officer, HistoryAsked(only_wrong=True)).rows) == 1


def test_the_question_shows_the_new_key_in_the_places_it_was_shown_in(
    db: Session, personas: Personas, answered: Question, now: datetime
) -> None:
    correct(db, personas.lecturer, answered, 2, now + timedelta(hours=1), "ウが正しい。")
    feedback = sitting(db, personas.officer, SET_OF_THE_OFFICER, 1).feedback
    assert feedback is not None
    assert feedback.remark is not None
    assert [(c.value, c.correct, c.given) for c in feedback.parts[0].choices] == [
        (2, True, True), (0, False, False), (1, False, False), (3, False, False),
    ]  # fmt: skip
    assert feedback.correct
    assert (feedback.remark.old, feedback.remark.new) == (MarkWord.WRONG, MarkWord.RIGHT)
    assert [(key.part, key.old.places, key.new.places) for key in feedback.remark.keys] == [(0, (1,), (0,))]
    assert result(db, personas.officer, SET_OF_THE_OFFICER).correct == 1


def test_a_struck_question_shows_what_it_was_and_that_it_counts_for_nothing(
    db: Session, personas: Personas, answered: Question, now: datetime
) -> None:
    strike(db, personas.lecturer, answered, now)
    feedback = sitting(db, personas.officer, SET_OF_THE_OFFICER, 1).feedback
    assert feedback is not None
    assert feedback.remark is not None
    assert (feedback.correct, feedback.remark.new) == (False, MarkWord.STRUCK)
    assert history_page(db, personas.officer, HistoryAsked(only_wrong=True)).rows == ()
    assert history_page(db, personas.officer, HistoryAsked()).rows[0].mark is MarkWord.STRUCK


def test_a_check_that_was_answered_before_the_correction_stays_answered(
    db: Session, personas: Personas, now: datetime
) -> None:
    asked = make_question(db, now, make_syllabus(db)[0])
    give(db, personas.officer.user_id, asked, 1, now, context="check")
    correct(db, personas.lecturer, asked, 1, now)
    feedback = check_questions(db, personas.officer, [asked.key])[asked.key].feedback
    assert feedback is not None
    assert feedback.remark is not None
    assert feedback.correct
    assert feedback.remark.old is MarkWord.WRONG
    order = check_order(single_choice(asked.key, "ip-6.5:61"), personas.officer.user_id)
    assert [choice.value for choice in feedback.parts[0].choices] == order


def test_an_answer_to_the_corrected_question_takes_the_place_of_the_one_before(
    db: Session, personas: Personas, now: datetime
) -> None:
    asked = make_question(db, now, make_syllabus(db)[0])
    give(db, personas.officer.user_id, asked, 1, now, context="check")
    correct(db, personas.lecturer, asked, 1, now)
    give(db, personas.officer.user_id, asked, 3, now, context="check")
    feedback = check_questions(db, personas.officer, [asked.key])[asked.key].feedback
    assert feedback is not None
    assert (feedback.correct, feedback.remark) == (False, None)
