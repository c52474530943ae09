"""Practice sets and the answers given in them, each stored once."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.practice import Length, Mode
from studyhub.persistence.models import (
    PracticeItem,
    PracticeSet,
    Question,
    QuestionProgress,
    QuestionReport,
    QuestionRevision,
    Response,
    Topic,
    TopicProgress,
)
from studyhub.services.practice import ReportQuestion, StartSet, finish_set, report_question, start_set
from studyhub.services.practice_answers import (
    Answered,
    GiveAnswer,
    GiveCheckAnswer,
    Given,
    mark_check_unsure,
    mark_unsure,
    record_answer,
    record_check_answer,
)
from tests.domain.question_samples import BODIES, question
from tests.factories.questions import make_questions, make_syllabus, store_question
from tests.personas import Personas
from tests.statements import counted_statements

_seeds = count(1)


@pytest.fixture
def topics(db: Session) -> list[Topic]:
    return make_syllabus(db, leaves=("61", "62"))


@pytest.fixture
def questions(db: Session, now: datetime, topics: list[Topic]) -> list[Question]:
    return make_questions(db, now, topics[0], 3) + make_questions(db, now, topics[1], 2)


def started(
    db: Session, actor: Actor, now: datetime, mode: Mode = Mode.RANDOM, topic: str | None = None
) -> str:
    set_id = start_set(db, actor, StartSet(mode, Length(minutes=15), topic), now, Random(next(_seeds)))
    assert set_id is not None
    return set_id


def place_of_key(db: Session, set_id: str, position: int) -> int:
    """Where the right choice, authored first, is shown."""
    order = db.scalar(
        select(PracticeItem.shown_order).where(
            PracticeItem.practice_set_id == set_id, PracticeItem.position == position
        )
    )
    assert order is not None
    return int(order.index(0))


def give(
    db: Session,
    actor: Actor,
    set_id: str,
    now: datetime,
    *,
    position: int = 1,
    right: bool = True,
    answer_id: str | None = None,
    at: datetime | None = None,
) -> Answered:
    place = place_of_key(db, set_id, position)
    form = {"choice": str(place if right else (place + 1) % 4)}
    given = Given(answer_id or str(uuid4()), form, answered_at=at)
    return record_answer(db, actor, GiveAnswer(set_id, position, given), now)


@pytest.mark.usefixtures("questions")
def test_a_set_pins_the_revision_and_order_of_each_question(
    db: Session, personas: Personas, now: datetime
) -> None:
    set_id = started(db, personas.officer, now)
    items = db.scalars(select(PracticeItem).where(PracticeItem.practice_set_id == set_id)).all()
    assert [item.position for item in items] == [1, 2, 3, 4, 5]
    assert all(sorted(item.shown_order) == [0, 1, 2, 3] for item in items)


def test_only_published_questions_are_chosen(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    for each in questions[1:]:
        each.status = "draft"
    db.flush()
    set_id = started(db, personas.officer, now)
    assert db.scalars(
        select(PracticeItem.revision_id).where(PracticeItem.practice_set_id == set_id)
    ).all() == [questions[0].current_revision_id]


@pytest.mark.usefixtures("questions")
def test_a_topic_gives_the_questions_under_it(db: Session, personas: Personas, now: datetime) -> None:
    def size(topic: str) -> int | None:
        set_id = started(db, personas.officer, now, Mode.TOPIC, topic)
        return db.scalar(select(func.count()).where(PracticeItem.practice_set_id == set_id))

    assert (size("ip-6.5:61"), size("ip-6.5:62"), size("ip-6.5:strategy")) == (3, 2, 5)
    with pytest.raises(NotFound):
        started(db, personas.officer, now, Mode.TOPIC, "ip-6.5:nowhere")


@pytest.mark.usefixtures("questions")
def test_nothing_to_practise_starts_no_set_and_leaves_the_running_one(
    db: Session, personas: Personas, now: datetime
) -> None:
    running = started(db, personas.officer, now)
    command = StartSet(Mode.MISTAKES, Length(minutes=5))
    assert start_set(db, personas.officer, command, now, Random(1)) is None
    assert db.scalar(select(PracticeSet.state).where(PracticeSet.id == running)) == "running"


@pytest.mark.usefixtures("questions")
def test_a_new_set_takes_the_place_of_the_running_one(db: Session, personas: Personas, now: datetime) -> None:
    first, _second = (
        started(db, personas.officer, now),
        start_set(db, personas.officer, StartSet(Mode.TODAY, Length()), now, Random(0)),
    )
    states = dict(db.execute(select(PracticeSet.id, PracticeSet.state)).all())
    assert states.pop(first) == "left"
    assert list(states.values()) == ["running"]


@pytest.mark.usefixtures("questions")
def test_an_answer_is_stored_once_however_often_it_is_sent(
    db: Session, personas: Personas, now: datetime
) -> None:
    set_id, answer_id = started(db, personas.officer, now), str(uuid4())
    first = give(db, personas.officer, set_id, now, answer_id=answer_id)
    again = give(db, personas.officer, set_id, now + timedelta(minutes=9), answer_id=answer_id, right=False)
    assert (first.correct, first.again) == (True, False)
    assert (again.correct, again.again) == (True, True), "what was stored first counts"
    assert db.scalar(select(func.count()).select_from(Response)) == 1
    assert db.scalars(select(QuestionProgress.responses)).all() == [1]
    assert db.scalars(select(TopicProgress.responses)).all() == [1]


@pytest.mark.usefixtures("questions")
def test_an_id_that_stands_for_another_answer_is_refused(
    db: Session, personas: Personas, now: datetime
) -> None:
    mine, theirs = started(db, personas.officer, now), started(db, personas.lecturer, now)
    taken = give(db, personas.officer, mine, now).response_id
    with pytest.raises(Conflict):
        give(db, personas.officer, mine, now, position=2, answer_id=taken)
    with pytest.raises(Conflict):
        give(db, personas.lecturer, theirs, now, answer_id=taken)
    assert db.scalar(select(func.count()).select_from(Response)) == 1


@pytest.mark.usefixtures("questions")
def test_of_two_devices_both_answers_are_kept_and_the_first_is_shown(
    db: Session, personas: Personas, now: datetime
) -> None:
    set_id = started(db, personas.officer, now)
    first = give(db, personas.officer, set_id, now, right=False)
    second = give(db, personas.officer, set_id, now + timedelta(minutes=1))
    assert (first.beaten, second.beaten) == (False, True)
    assert db.scalar(select(func.count()).select_from(Response)) == 2
    shown = select(PracticeItem.response_id).where(PracticeItem.practice_set_id == set_id)
    assert db.scalars(shown.where(PracticeItem.position == 1)).one() == first.response_id


@pytest.mark.usefixtures("questions")
def test_nobody_answers_in_the_set_of_another(db: Session, personas: Personas, now: datetime) -> None:
    set_id = started(db, personas.officer, now)
    with pytest.raises(NotFound):
        give(db, personas.lecturer, set_id, now)
    with pytest.raises(NotFound):
        finish_set(db, personas.lecturer, set_id, now)
    give(db, personas.officer, set_id, now)
    with pytest.raises(NotFound):
        mark_unsure(db, personas.lecturer, set_id, 1, now)


@pytest.mark.usefixtures("questions")
def test_an_answer_that_cannot_be_read_stores_nothing(db: Session, personas: Personas, now: datetime) -> None:
    set_id = started(db, personas.officer, now)
    for form in ({}, {"choice": "9"}, {"choice": "ア"}):
        with pytest.raises(Invalid):
            record_answer(db, personas.officer, GiveAnswer(set_id, 1, Given(str(uuid4()), form)), now)
    assert db.scalar(select(func.count()).select_from(Response)) == 0


@pytest.mark.usefixtures("questions")
@pytest.mark.parametrize(("minutes", "believed"), [(-1, False), (30, True), (61, False)])
def test_the_time_of_an_answer_is_believed_between_the_start_of_the_set_and_now(
    db: Session, personas: Personas, now: datetime, minutes: int, believed: bool
) -> None:
    set_id = started(db, personas.officer, now)
    arrives, said = now + timedelta(hours=1), now + timedelta(minutes=minutes)
    give(db, personas.officer, set_id, arrives, at=said)
    assert db.scalars(select(Response.answered_at)).one() == (said if believed else arrives)


@pytest.mark.usefixtures("questions")
def test_the_last_answer_finishes_the_set(db: Session, personas: Personas, now: datetime) -> None:
    set_id = started(db, personas.officer, now, Mode.TOPIC, "ip-6.5:62")
    state = select(PracticeSet.state).where(PracticeSet.id == set_id)
    give(db, personas.officer, set_id, now, position=2)
    assert db.scalar(state) == "running"
    give(db, personas.officer, set_id, now, position=1)
    assert db.scalar(state) == "finished"


@pytest.mark.usefixtures("questions")
def test_an_answer_that_arrives_after_the_set_has_ended_counts(
    db: Session, personas: Personas, now: datetime
) -> None:
    set_id = started(db, personas.officer, now)
    finish_set(db, personas.officer, set_id, now)
    finish_set(db, personas.officer, set_id, now + timedelta(hours=1))
    assert give(db, personas.officer, set_id, now + timedelta(hours=2)).correct
    assert db.scalars(select(PracticeSet.ended_at)).one() == now


def test_a_question_retired_or_changed_since_is_marked_as_it_was_shown(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    set_id = started(db, personas.officer, now)
    for each in questions:
        each.status = "retired"
    db.flush()
    assert give(db, personas.officer, set_id, now).correct


@pytest.mark.usefixtures("questions")
def test_a_guess_is_told_afterwards(db: Session, personas: Personas, now: datetime) -> None:
    set_id = started(db, personas.officer, now)
    give(db, personas.officer, set_id, now)
    for _ in range(2):
        mark_unsure(db, personas.officer, set_id, 1, now)
    db.expire_all()
    assert db.scalars(select(TopicProgress.credit_tenths)).one() == 5
    with pytest.raises(NotFound):
        mark_unsure(db, personas.officer, set_id, 2, now)


def test_a_check_question_is_answered_without_a_set(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    asked = questions[0]
    given = Given(str(uuid4()), {"choice": "0"}, answered_at=now - timedelta(hours=2))
    command = GiveCheckAnswer(asked.key, asked.current_revision_id or 0, given)
    first, again = (record_check_answer(db, personas.officer, command, now) for _ in range(2))
    assert (first.again, again.again) == (False, True)
    stored = db.scalars(select(Response)).one()
    assert (stored.context, stored.practice_item_id) == ("check", None)
    assert stored.answered_at == now - timedelta(hours=2)
    mark_check_unsure(db, personas.officer, asked.key, stored.id, now)
    with pytest.raises(NotFound):
        mark_check_unsure(db, personas.officer, questions[1].key, stored.id, now)
    with pytest.raises(NotFound):
        mark_check_unsure(db, personas.lecturer, asked.key, stored.id, now)


def test_a_check_question_that_is_not_published_is_not_there(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    questions[0].status = "draft"
    db.flush()
    revision_id = questions[0].current_revision_id or 0
    for key, revision in ((questions[0].key, revision_id), (questions[1].key, revision_id)):
        command = GiveCheckAnswer(key, revision, Given(str(uuid4()), {"choice": "0"}))
        with pytest.raises(NotFound):
            record_check_answer(db, personas.officer, command, now)


def test_a_fault_is_reported_once_however_often_it_is_sent(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    revision_id = questions[0].current_revision_id or 0
    for text in ("ウも正しい", "ウも正しいのでは"):
        report_question(db, personas.officer, ReportQuestion(revision_id, "wrong_key", text), now)
    report_question(db, personas.lecturer, ReportQuestion(revision_id, "wrong_key", ""), now)
    assert db.scalars(select(QuestionReport.text).order_by(QuestionReport.id)).all() == [
        "ウも正しいのでは",
        "",
    ]


def test_a_fault_is_of_a_known_kind_and_of_a_question_people_see(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    revision_id = questions[0].current_revision_id or 0
    with pytest.raises(Invalid):
        report_question(db, personas.officer, ReportQuestion(revision_id, "boring", ""), now)
    with pytest.raises(Invalid):
        report_question(db, personas.officer, ReportQuestion(revision_id, "other", "あ" * 2001), now)
    questions[0].status = "draft"
    db.flush()
    with pytest.raises(NotFound):
        report_question(db, personas.officer, ReportQuestion(revision_id, "other", ""), now)


_RIGHT: dict[str, dict[str, str | list[str]]] = {
    "single_choice": {"choice": "1"},
    "multiple_choice": {"choice": ["0", "2"]},
    "true_false": {"choice": "1"},
    "numeric": {"number": "１２.５日"},
    "ordering": {f"position-{n}": str(n + 1) for n in range(4)},
    "matching": {f"match-{n}": str(n) for n in range(3)},
    "scenario": {"part-0-choice": "1", "part-1-number": "12.5"},
}
"""By kind, counted as authored."""


@pytest.mark.parametrize("body", BODIES)
def test_every_kind_is_answered_in_the_order_it_was_shown(
    db: Session, personas: Personas, topics: list[Topic], now: datetime, body: object
) -> None:
    stored = store_question(db, now, topics[0], question(body))  # type: ignore[arg-type]
    set_id = started(db, personas.officer, now)
    item = db.scalars(select(PracticeItem)).one()
    kind = db.scalars(select(QuestionRevision.kind)).one()
    form = _as_shown(kind, item.shown_order)
    answered = record_answer(db, personas.officer, GiveAnswer(set_id, 1, Given(str(uuid4()), form)), now)
    assert answered.correct, stored.key


def _as_shown(kind: str, order: list[int]) -> dict[str, str | list[str]]:
    right = _RIGHT[kind]
    if kind in {"single_choice", "multiple_choice", "true_false"}:
        return {"choice": [str(order.index(int(value))) for value in right["choice"]]}
    if kind == "ordering":
        return {f"position-{place}": str(index + 1) for place, index in enumerate(order)}
    if kind == "matching":
        return {name: str(order.index(int(str(value)))) for name, value in right.items()}
    return dict(right)


@pytest.mark.usefixtures("questions")
def test_an_answer_takes_few_statements_and_choosing_as_many_for_any_pool(
    db: Session, personas: Personas, topics: list[Topic], now: datetime
) -> None:
    engine = db.get_bind().engine
    with counted_statements(engine) as few:
        set_id = started(db, personas.officer, now)
    make_questions(db, now, topics[1], 40)
    with counted_statements(engine) as many:
        started(db, personas.officer, now)
    assert len(many) <= len(few) <= 12, "\n".join(many)
    with counted_statements(engine) as sent:
        command = GiveAnswer(set_id, 1, Given(str(uuid4()), {"choice": "0"}))
        record_answer(db, personas.officer, command, now)
    assert len(sent) <= 10, "\n".join(sent)
