"""What the pages of practice know: nothing of the key before the answer, everything after it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.practice import Length, Mode
from studyhub.domain.questions import Body, Kind
from studyhub.persistence.models import PracticeItem, Question, QuestionTopic, Topic
from studyhub.reads.practice import result, set_state, sitting
from studyhub.reads.practice_start import practice_start, running_set
from studyhub.reads.questions import check_questions
from studyhub.services.practice import StartSet, start_set
from studyhub.services.practice_answers import (
    GiveAnswer,
    GiveCheckAnswer,
    Given,
    mark_unsure,
    record_answer,
    record_check_answer,
)
from tests.domain.question_samples import BODIES, MATCHING, MULTIPLE, ORDERING, SINGLE, question
from tests.factories.questions import make_question, make_questions, make_syllabus, store_question
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas
from tests.statements import counted_statements

_ANSWERS: dict[Kind, dict[str, str | list[str]]] = {
    Kind.SINGLE_CHOICE: {"choice": "0"},
    Kind.MULTIPLE_CHOICE: {"choice": ["0", "1"]},
    Kind.TRUE_FALSE: {"choice": "0"},
    Kind.NUMERIC: {"number": "1,000.5"},
    Kind.ORDERING: {f"position-{n}": str(n + 1) for n in range(4)},
    Kind.MATCHING: {f"match-{n}": "0" for n in range(3)},
    Kind.SCENARIO: {"part-0-choice": "1", "part-1-number": "3"},
}


@pytest.fixture
def topics(db: Session) -> list[Topic]:
    return make_syllabus(db, leaves=("61", "62"))


def started(db: Session, personas: Personas, now: datetime, seed: int = 1) -> str:
    set_id = start_set(db, personas.officer, StartSet(Mode.RANDOM, Length(count=50)), now, Random(seed))
    assert set_id is not None
    return set_id


def give(
    db: Session, personas: Personas, set_id: str, position: int, form: dict[str, Any], now: datetime
) -> str:
    given = Given(str(uuid4()), form)
    return record_answer(db, personas.officer, GiveAnswer(set_id, position, given), now).response_id


@pytest.mark.parametrize("body", BODIES)
def test_before_the_answer_nothing_tells_the_key(
    db: Session, personas: Personas, topics: list[Topic], now: datetime, body: Body
) -> None:
    store_question(db, now, topics[0], question(body))
    page = sitting(db, personas.officer, started(db, personas, now), 1)
    assert page.feedback is None
    assert page.shown is not None
    names = set(_names(asdict(page.shown)))
    assert not names & {
        "correct",
        "reason",
        "reasons",
        "reason_html",
        "explanation",
        "explanation_html",
        "answer",
    }
    said = str(page.shown)
    assert "三つの性質を区別する" not in said
    assert "本人であること" not in said
    assert "12.5" not in said


def _names(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(name for inner in value.values() for name in _names(inner))]
    if isinstance(value, list | tuple):
        return [name for inner in value for name in _names(inner)]
    return []


@pytest.mark.parametrize("body", BODIES)
def test_after_the_answer_every_kind_shows_what_was_given_and_what_is_right(
    db: Session, personas: Personas, topics: list[Topic], now: datetime, body: Body
) -> None:
    store_question(db, now, topics[0], question(body))
    set_id = started(db, personas, now)
    kind = question(body).kind
    give(db, personas, set_id, 1, _ANSWERS[kind], now)
    found = sitting(db, personas.officer, set_id, 1).feedback
    assert found is not None
    assert len(found.parts) == (2 if kind is Kind.SCENARIO else 1)
    assert found.correct == all(part.correct for part in found.parts)
    assert all(part.choices or part.rows or part.number for part in found.parts)


def test_choices_stand_in_the_order_in_which_they_were_shown(
    db: Session, personas: Personas, topics: list[Topic], now: datetime
) -> None:
    store_question(db, now, topics[0], question(SINGLE))
    set_id = started(db, personas, now)
    shown = sitting(db, personas.officer, set_id, 1).shown
    assert shown is not None
    before = [choice.html for choice in shown.parts[0].choices]
    give(db, personas, set_id, 1, {"choice": "2"}, now)
    found = sitting(db, personas.officer, set_id, 1).feedback
    assert found is not None
    marked = found.parts[0].choices
    assert [choice.html for choice in marked] == before
    assert [choice.given for choice in marked] == [False, False, True, False]
    assert [choice.html for choice in marked if choice.correct] == ["可用性"]


def test_a_right_hand_side_that_two_pairs_share_is_right_for_both(
    db: Session, personas: Personas, topics: list[Topic], now: datetime
) -> None:
    store_question(db, now, topics[0], question(MATCHING))
    set_id = started(db, personas, now)
    order = db.scalars(select(PracticeItem.shown_order)).one()
    swapped = {"match-0": order.index(0), "match-1": order.index(2), "match-2": order.index(1)}
    give(db, personas, set_id, 1, {name: str(place) for name, place in swapped.items()}, now)
    found = sitting(db, personas.officer, set_id, 1).feedback
    assert found is not None
    assert found.correct
    assert all(row.correct for row in found.parts[0].rows)


def test_an_ordering_shows_the_place_given_beside_the_right_one(
    db: Session, personas: Personas, topics: list[Topic], now: datetime
) -> None:
    store_question(db, now, topics[0], question(ORDERING))
    set_id = started(db, personas, now)
    order = db.scalars(select(PracticeItem.shown_order)).one()
    form = {f"position-{place}": str(4 - index) for place, index in enumerate(order)}
    give(db, personas, set_id, 1, form, now)
    found = sitting(db, personas.officer, set_id, 1).feedback
    assert found is not None
    assert [(row.html, row.right_html, row.given_html) for row in found.parts[0].rows] == [
        ("企画", "1", "4"), ("設計", "2", "3"), ("試験", "3", "2"), ("運用", "4", "1"),
    ]  # fmt: skip


def test_the_page_that_teaches_it_is_named_when_it_is_published(
    db: Session, personas: Personas, topics: list[Topic], now: datetime
) -> None:
    authored = question(MULTIPLE)
    store_question(db, now, topics[0], authored)
    set_id = started(db, personas, now)
    give(db, personas, set_id, 1, {"choice": ["0"]}, now)
    without = sitting(db, personas.officer, set_id, 1).feedback
    assert without is not None
    assert without.teaches is None
    lesson = make_study_session(db, now, make_course(db), key="security")
    shown = sitting(db, personas.officer, set_id, 1).feedback
    assert shown is not None
    assert shown.teaches is not None
    assert (shown.teaches.key, shown.teaches.anchor, shown.teaches.section) == ("security", "cia", "")
    lesson.status = "draft"
    db.flush()
    hidden = sitting(db, personas.officer, set_id, 1).feedback
    assert hidden is not None
    assert hidden.teaches is None


def test_a_set_is_resumed_at_the_first_question_without_an_answer(
    db: Session, personas: Personas, topics: list[Topic], now: datetime
) -> None:
    make_questions(db, now, topics[0], 4)
    set_id = started(db, personas, now)
    for position in (1, 3):
        give(db, personas, set_id, position, {"choice": "0"}, now)
    state = set_state(db, personas.officer, set_id)
    assert state.current == 2
    assert [state.after(position) for position in (1, 2, 3, 4)] == [2, 4, 4, 2]
    running = running_set(db, personas.officer)
    assert running is not None
    assert (running.id, running.answered, running.questions) == (set_id, 2, 4)
    for position in (2, 4):
        give(db, personas, set_id, position, {"choice": "0"}, now)
    state = set_state(db, personas.officer, set_id)
    assert (state.state, state.current, state.after(4)) == ("finished", None, None)
    assert running_set(db, personas.officer) is None


def test_nobody_reads_the_set_of_another(
    db: Session, personas: Personas, topics: list[Topic], now: datetime
) -> None:
    make_question(db, now, topics[0])
    set_id = started(db, personas, now)
    with pytest.raises(NotFound):
        sitting(db, personas.colleague_elsewhere, set_id, 1)
    with pytest.raises(NotFound):
        result(db, personas.supervisor, set_id)
    with pytest.raises(NotFound):
        sitting(db, personas.officer, set_id, 2)


def test_the_result_counts_by_topic_with_the_weakest_first(
    db: Session, personas: Personas, topics: list[Topic], now: datetime
) -> None:
    make_questions(db, now, topics[0], 2)
    make_questions(db, now, topics[1], 2)
    set_id = started(db, personas, now)
    for item in db.scalars(select(PracticeItem).order_by(PracticeItem.position)).all()[:3]:
        page = sitting(db, personas.officer, set_id, item.position)
        right = page.topic_path[-1].key == "ip-6.5:62"
        place = item.shown_order.index(0) if right else item.shown_order.index(1)
        give(db, personas, set_id, item.position, {"choice": str(place)}, now)
    mark_unsure(db, personas.officer, set_id, 1, now)
    found = result(db, personas.officer, set_id)
    assert found.answered == 3
    assert found.by_topic[0].topic.key == "ip-6.5:61"
    assert found.by_topic[0].correct == 0
    assert sum(each.answered for each in found.by_topic) == 3
    assert [item.unsure for item in found.items] == [True, False, False, False]


def test_the_topic_path_leads_from_the_root(
    db: Session, personas: Personas, topics: list[Topic], now: datetime
) -> None:
    make_question(db, now, topics[0])
    path = sitting(db, personas.officer, started(db, personas, now), 1).topic_path
    assert [topic.key for topic in path] == ["ip-6.5:strategy", "ip-6.5:61"]


def test_the_start_counts_what_each_mode_would_give(
    db: Session, personas: Personas, topics: list[Topic], now: datetime
) -> None:
    make_questions(db, now, topics[0], 3)
    twice = make_question(db, now, topics[1])
    db.add(QuestionTopic(question_id=twice.id, topic_id=topics[0].id, position=1))
    make_question(db, now, topics[1], status="draft")
    set_id = started(db, personas, now)
    order = db.scalars(select(PracticeItem.shown_order).where(PracticeItem.position == 1)).one()
    give(db, personas, set_id, 1, {"choice": str(order.index(1))}, now)
    start = practice_start(db, personas.officer, now)
    counts = {offer.mode: offer.questions for offer in start.offers}
    assert counts == {
        Mode.TODAY: 4, Mode.TOPIC: 4, Mode.WEAK: 0, Mode.MISTAKES: 1, Mode.UNSEEN: 3, Mode.RANDOM: 4,
    }  # fmt: skip
    (syllabus,) = start.syllabi
    (root,) = syllabus.topics
    assert (syllabus.questions, root.questions) == (4, 4), "a question of two topics counts once"
    assert [topic.questions for topic in root.topics] == [4, 1]


def test_check_questions_are_shown_until_they_are_answered_and_again_when_asked(
    db: Session, personas: Personas, topics: list[Topic], now: datetime
) -> None:
    asked, draft = make_question(db, now, topics[0]), make_question(db, now, topics[0], status="draft")
    keys = [asked.key, draft.key, "no-such-question"]
    before = check_questions(db, personas.officer, keys)
    assert list(before) == [asked.key]
    assert before[asked.key].feedback is None
    _answer_check(db, personas, asked, now)
    answered = check_questions(db, personas.officer, keys)[asked.key]
    assert answered.feedback is not None
    assert answered.shown == before[asked.key].shown
    assert check_questions(db, personas.officer, keys, again=asked.key)[asked.key].feedback is None
    assert check_questions(db, personas.lecturer, keys)[asked.key].feedback is None


def _answer_check(db: Session, personas: Personas, asked: Question, now: datetime) -> None:
    command = GiveCheckAnswer(asked.key, asked.current_revision_id or 0, Given(str(uuid4()), {"choice": "0"}))
    record_check_answer(db, personas.officer, command, now)


def test_any_number_of_check_questions_takes_as_many_statements(
    db: Session, personas: Personas, topics: list[Topic], now: datetime
) -> None:
    made = make_questions(db, now, topics[0], 8)
    for each in made:
        _answer_check(db, personas, each, now)
    counts = []
    for keys in ([made[0].key], [each.key for each in made]):
        with counted_statements(db.get_bind().engine) as sent:
            check_questions(db, personas.officer, keys)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 3
