"""Asking for something, and how it follows what people do and where they are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from time import sleep

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from studyhub.domain.assignments import AssignmentKind
from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from studyhub.domain.mastery import Band
from studyhub.domain.notices import NoticeKind
from studyhub.persistence.models import (
    Assignment,
    AssignmentPerson,
    Attendance,
    AuditEntry,
    Notice,
    Post,
    StudySession,
    StudySessionRevision,
    Topic,
)
from studyhub.persistence.organisation import load_chart
from studyhub.persistence.session import reading, transaction
from studyhub.services import assignments
from studyhub.services.assignments import NewAssignment, make_assignment
from tests.factories.assignments import ask_to_learn, ask_to_read, read_to_the_end
from tests.factories.people import make_post, make_unit, make_user
from tests.factories.progress import make_answer
from tests.factories.questions import make_question, make_questions, make_syllabus
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas
from tests.statements import counted_statements


@pytest.fixture
def study_session(db: Session, personas: Personas, now: datetime) -> StudySession:
    return make_study_session(db, now, make_course(db), title="個人情報")


@pytest.fixture
def planning(db: Session, personas: Personas) -> int:
    """The unit that the supervisor heads."""
    found = db.scalar(select(Post.unit_id).where(Post.user_id == personas.supervisor.user_id))
    assert found is not None
    return found


def follow(db: Session, assignment_id: int, now: datetime) -> None:
    """What the morning's round does for one assignment."""
    assignments.follow(db, assignment_id, load_chart(db, now.date()), now)
    db.flush()
    db.expire_all()


def asked(db: Session, assignment_id: int) -> set[int]:
    rows = select(AssignmentPerson.user_id).where(AssignmentPerson.assignment_id == assignment_id)
    return set(db.scalars(rows))


def finished(db: Session, assignment_id: int) -> dict[int, datetime]:
    rows = db.execute(
        select(AssignmentPerson.user_id, AssignmentPerson.done_at).where(
            AssignmentPerson.assignment_id == assignment_id, AssignmentPerson.done_at.is_not(None)
        )
    )
    return {user_id: at for user_id, at in rows if at is not None}


def told(db: Session, user_id: int) -> list[Notice]:
    return list(db.scalars(select(Notice).where(Notice.user_id == user_id).order_by(Notice.id)))


def test_whoever_is_asked_is_told_what_by_when_and_why(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    ask_to_read(db, personas.supervisor, now, study_session, people=[personas.officer.user_id])
    (notice,) = told(db, personas.officer.user_id)
    assert notice.kind == NoticeKind.ASSIGNMENT
    assert notice.params["what"]["title"] == "個人情報"
    assert notice.params["due"] == "2026-12-07"
    assert notice.params["by"] == "田中 真理"
    assert notice.params["reason"] == "来月の相談で使うため。"


def test_a_unit_stands_for_the_people_in_it_without_whoever_asks(
    db: Session, personas: Personas, study_session: StudySession, planning: int, now: datetime
) -> None:
    made = ask_to_read(db, personas.supervisor, now, study_session, units=[planning])
    people = {personas.officer.user_id, personas.lecturer.user_id, personas.administrator.user_id}
    assert asked(db, made) == people


def test_people_and_units_that_one_does_not_lead_do_not_exist(
    db: Session, personas: Personas, study_session: StudySession, planning: int, now: datetime
) -> None:
    elsewhere = personas.supervisor_elsewhere
    with pytest.raises(NotFound):
        ask_to_read(db, elsewhere, now, study_session, people=[personas.officer.user_id])
    with pytest.raises(NotFound):
        ask_to_read(db, elsewhere, now, study_session, units=[planning])
    assert not db.scalars(select(Assignment)).all()


@pytest.mark.parametrize("name", ["officer", "lecturer", "administrator"])
def test_only_supervisors_ask(
    name: str, db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    with pytest.raises(Forbidden):
        ask_to_read(db, personas.named(name), now, study_session, people=[personas.officer.user_id])


def test_what_is_not_published_or_has_no_quiz_cannot_be_asked_for(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    people = frozenset({personas.officer.user_id})
    due_on = now.date() + timedelta(days=7)
    draft = make_study_session(db, now, make_course(db), status="draft")
    for kind, target, band, field in (
        (AssignmentKind.SESSION, draft.key, None, "study_session"),
        (AssignmentKind.CHECK, study_session.key, None, "study_session"),
        (AssignmentKind.TOPIC, "no-such-topic", Band.FIRM, "topic"),
    ):
        with pytest.raises(Invalid) as refused:
            make_assignment(
                db, personas.supervisor, NewAssignment(kind, target, band, people, frozenset(), due_on, "理由"), now
            )  # fmt: skip
        assert refused.value.field == field


def test_a_form_that_is_sent_twice_asks_once(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    people = [personas.officer.user_id]
    first = ask_to_read(db, personas.supervisor, now, study_session, people=people)
    again = ask_to_read(db, personas.supervisor, now + timedelta(seconds=3), study_session, people=people)
    assert first == again
    assert len(told(db, personas.officer.user_id)) == 1


def test_a_form_that_is_sent_twice_at_once_asks_once(
    engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        study_session = make_study_session(db, now, make_course(db))
    both_are_there = Barrier(2)

    def send(_: int) -> int:
        both_are_there.wait()
        with transaction(engine) as db:
            people = [personas.officer.user_id]
            made = ask_to_read(db, personas.supervisor, now, study_session, people=people)
            sleep(0.2)  # the other one looks before this one has ended
            return made

    with ThreadPoolExecutor(2) as pool:
        first, again = pool.map(send, range(2))
    assert first == again
    with reading(engine) as db:
        assert len(told(db, personas.officer.user_id)) == 1


def test_asking_one_unit_after_another_asks_both_while_nobody_is_in_them(
    db: Session, personas: Personas, study_session: StudySession, planning: int, now: datetime
) -> None:
    teams = [make_unit(db, now, name=name, level="team", parent_id=planning).id for name in ("一係", "二係")]
    first, second = (ask_to_read(db, personas.supervisor, now, study_session, units=[team]) for team in teams)
    assert first != second


def test_asking_a_person_and_then_the_unit_that_has_no_other_asks_the_unit_too(
    db: Session, personas: Personas, study_session: StudySession, planning: int, now: datetime
) -> None:
    team = make_unit(db, now, name="一係", level="team", parent_id=planning).id
    person = make_user(db, now).id
    make_post(db, now, user_id=person, unit_id=team)
    by_name = ask_to_read(db, personas.supervisor, now, study_session, people=[person])
    as_a_whole = ask_to_read(db, personas.supervisor, now, study_session, units=[team])
    newcomer = make_user(db, now).id
    make_post(db, now, user_id=newcomer, unit_id=team)
    for made in (by_name, as_a_whole):
        follow(db, made, now)
    assert asked(db, by_name) == {person}
    assert asked(db, as_a_whole) == {person, newcomer}


def test_whoever_had_read_it_before_is_done_from_the_start_and_not_told(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    user_id = personas.officer.user_id
    read_to_the_end(db, user_id, study_session, now - timedelta(days=9))
    made = ask_to_read(db, personas.supervisor, now, study_session, people=[user_id])
    assert finished(db, made) == {user_id: now - timedelta(days=9)}
    assert not told(db, user_id)


def test_asking_takes_as_many_statements_however_many_are_asked_and_have_done_it_before(
    engine: Engine, personas: Personas, now: datetime
) -> None:
    assert _statements(engine, personas, now, readers=2) == _statements(engine, personas, now, readers=20)


def _statements(engine: Engine, personas: Personas, now: datetime, readers: int) -> int:
    with transaction(engine) as db:
        unit = db.scalars(select(Post.unit_id).where(Post.user_id == personas.supervisor.user_id)).one()
        study_session = make_study_session(db, now, make_course(db))
        new = [make_user(db, now).id for _ in range(2 * readers)]
        for user_id in new:
            make_post(db, now, user_id=user_id, unit_id=unit)
        for user_id in new[:readers]:
            read_to_the_end(db, user_id, study_session, now)
    with counted_statements(engine) as sent, transaction(engine) as db:
        made = ask_to_read(db, personas.supervisor, now, study_session, units=[unit])
        assert set(finished(db, made)) == set(new[:readers])
    return len(sent)


def test_reading_to_the_end_or_having_been_there_is_noted_by_itself(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    reader, guest, idle = personas.officer.user_id, personas.lecturer.user_id, personas.administrator.user_id
    made = ask_to_read(db, personas.supervisor, now, study_session, people=[reader, guest, idle])
    later = now + timedelta(hours=5)
    read_to_the_end(db, reader, study_session, later)
    for user_id, present in ((guest, True), (idle, False)):
        db.add(
            Attendance(
                study_session_id=study_session.id, user_id=user_id, present=present, way="code", at=later
            )
        )
    db.flush()
    follow(db, made, now + timedelta(days=1))
    assert finished(db, made) == {reader: later, guest: later}


def test_a_check_quiz_is_done_when_every_question_was_answered_once_right_or_wrong(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    (topic,) = make_syllabus(db)
    questions = make_questions(db, now, topic, 2)
    revision = db.get_one(StudySessionRevision, study_session.current_revision_id)
    revision.checks = [question.key for question in questions]
    db.flush()
    user_id = personas.officer.user_id
    due_on = now.date() + timedelta(days=7)
    command = NewAssignment(
        AssignmentKind.CHECK, study_session.key, None, frozenset({user_id}), frozenset(), due_on, "理由"
    )
    made = make_assignment(db, personas.supervisor, command, now)
    make_answer(db, user_id, questions[0], now, right=False, context="check")
    make_answer(db, user_id, questions[1], now)  # in practice, which is not the quiz
    follow(db, made, now)
    assert not finished(db, made)
    make_answer(db, user_id, questions[1], now + timedelta(hours=1), context="check")
    follow(db, made, now + timedelta(hours=2))
    assert finished(db, made) == {user_id: now + timedelta(hours=1)}


def test_a_band_that_was_reached_stays_reached(db: Session, personas: Personas, now: datetime) -> None:
    (topic,) = make_syllabus(db)
    user_id = personas.officer.user_id
    made = ask_to_learn(db, personas.supervisor, now, topic.key, Band.FIRM, people=[user_id])
    for _ in range(20):
        make_answer(db, user_id, make_question(db, now, topic), now)
    assignments.settle_topics_of(db, user_id, now)
    assert set(finished(db, made)) == {user_id}
    for _ in range(40):
        make_answer(db, user_id, make_question(db, now, topic), now, right=False)
    follow(db, made, now + timedelta(days=1))
    assert finished(db, made) == {user_id: now}


def test_a_wider_topic_counts_what_was_answered_below_it(
    db: Session, personas: Personas, now: datetime
) -> None:
    leaves = make_syllabus(db, leaves=("1", "61"))
    root = db.get_one(Topic, leaves[0].parent_id)
    user_id = personas.officer.user_id
    made = ask_to_learn(db, personas.supervisor, now, root.key, Band.NEAR, people=[user_id])
    for leaf in leaves:
        for _ in range(5):
            make_answer(db, user_id, make_question(db, now, leaf), now)
    follow(db, made, now)
    assert set(finished(db, made)) == {user_id}


def test_a_new_date_is_told_to_those_who_have_not_finished(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    done, waiting = personas.officer.user_id, personas.lecturer.user_id
    read_to_the_end(db, done, study_session, now)
    made = ask_to_read(db, personas.supervisor, now, study_session, people=[done, waiting])
    assignments.change_date(db, personas.supervisor, made, date(2026, 12, 20), now)
    assert db.get_one(Assignment, made).due_on == date(2026, 12, 20)
    assert not told(db, done)
    assert told(db, waiting)[-1].params["changed"] == "2026-12-07"


def test_what_is_cancelled_is_told_and_cannot_be_changed_any_more(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    user_id = personas.officer.user_id
    made = ask_to_read(db, personas.supervisor, now, study_session, people=[user_id])
    assignments.cancel(db, personas.supervisor, made, now)
    assert told(db, user_id)[-1].params["cancelled"] is True
    assert made not in assignments.unfinished_assignments(db)
    with pytest.raises(Conflict):
        assignments.cancel(db, personas.supervisor, made, now)
    actions = set(db.scalars(select(AuditEntry.action)))
    assert {"assignment.make", "assignment.cancel"} <= actions


def test_another_supervisor_cannot_change_what_they_may_not_know_of(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    made = ask_to_read(db, personas.supervisor, now, study_session, people=[personas.officer.user_id])
    with pytest.raises(NotFound):
        assignments.cancel(db, personas.supervisor_elsewhere, made, now)


MARCH = datetime.fromisoformat("2027-03-31T01:00:00+00:00")
APRIL = MARCH + timedelta(days=1)


def transfer(db: Session, user_id: int, to_unit: int, *, heads_unit: bool = False) -> None:
    """On 1 April 2027."""
    post = db.scalars(select(Post).where(Post.user_id == user_id, Post.ends_on.is_(None))).one()
    post.ends_on = MARCH.date()
    db.flush()
    moved = make_post(db, APRIL, user_id=user_id, unit_id=to_unit, heads_unit=heads_unit)
    moved.starts_on = APRIL.date()
    db.flush()


def test_on_the_first_of_april_who_joins_a_unit_is_asked_and_who_leaves_unfinished_is_not(
    db: Session, personas: Personas, study_session: StudySession, planning: int
) -> None:
    finisher, leaver = personas.lecturer.user_id, personas.officer.user_id
    joiner = personas.colleague_elsewhere.user_id
    road = db.scalars(select(Post.unit_id).where(Post.user_id == joiner)).one()
    made = ask_to_read(db, personas.supervisor, MARCH, study_session, units=[planning], days=60)
    read_to_the_end(db, finisher, study_session, MARCH)
    for user_id, unit in ((finisher, road), (leaver, road), (joiner, planning)):
        transfer(db, user_id, unit)
    follow(db, made, MARCH)
    assert {finisher, leaver} <= asked(db, made)
    assert joiner not in asked(db, made)
    follow(db, made, APRIL)
    assert {finisher, joiner, personas.administrator.user_id} == asked(db, made)
    assert set(finished(db, made)) == {finisher}
    assert [notice.kind for notice in told(db, joiner)] == [NoticeKind.ASSIGNMENT]
    follow(db, made, APRIL + timedelta(days=1))
    assert len(told(db, joiner)) == 1


def test_a_unit_keeps_its_request_while_nobody_is_in_it(
    db: Session, personas: Personas, study_session: StudySession, planning: int
) -> None:
    made = ask_to_read(db, personas.supervisor, MARCH, study_session, units=[planning], days=60)
    road = db.scalars(select(Post.unit_id).where(Post.user_id == personas.colleague_elsewhere.user_id)).one()
    for user_id in asked(db, made):
        transfer(db, user_id, road)
    follow(db, made, APRIL)
    assert asked(db, made) == set()
    newcomer = make_user(db, APRIL)
    make_post(db, APRIL, user_id=newcomer.id, unit_id=planning)
    follow(db, made, APRIL + timedelta(days=3))
    assert asked(db, made) == {newcomer.id}


def test_after_its_date_nobody_new_is_asked(
    db: Session, personas: Personas, study_session: StudySession, planning: int, now: datetime
) -> None:
    made = ask_to_read(db, personas.supervisor, now, study_session, units=[planning], days=3)
    before = asked(db, made)
    make_post(db, now, user_id=make_user(db, now).id, unit_id=planning)
    follow(db, made, now + timedelta(days=4))
    assert asked(db, made) == before


def test_after_a_transfer_the_old_supervisor_changes_nothing_for_the_person_and_the_new_one_may(
    db: Session, personas: Personas, study_session: StudySession
) -> None:
    user_id = personas.officer.user_id
    road = db.scalars(select(Post.unit_id).where(Post.user_id == personas.colleague_elsewhere.user_id)).one()
    made = ask_to_read(db, personas.supervisor, MARCH, study_session, people=[user_id], days=60)
    transfer(db, user_id, road)
    with pytest.raises(Forbidden):
        assignments.cancel(db, personas.supervisor, made, APRIL)
    assignments.change_date(db, personas.supervisor_elsewhere, made, date(2027, 6, 1), APRIL)
    assert db.get_one(Assignment, made).due_on == date(2027, 6, 1)
