"""A supervisor's view of what is asked: people led today and nobody else, in as many statements however many."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from studyhub.domain.assignments import AssignmentKind, State, Tally
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.persistence.models import Post, StudySession
from studyhub.persistence.session import reading, transaction
from studyhub.reads.assignment_form import LONGEST_LIST, assignment_form, confirmation
from studyhub.reads.team_assignments import TeamAssignments, assignment_page, team_assignments
from studyhub.services import assignments
from studyhub.services.assignments import NewAssignment
from tests.factories.assignments import ask_to_read, read_to_the_end
from tests.factories.people import make_post, make_user
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas
from tests.statements import counted_statements


@pytest.fixture
def study_session(db: Session, personas: Personas, now: datetime) -> StudySession:
    return make_study_session(db, now, make_course(db))


def under_way(db: Session, actor: Actor, now: datetime) -> TeamAssignments:
    return team_assignments(db, actor, now, past=False, page=1)


def past(db: Session, actor: Actor, now: datetime) -> TeamAssignments:
    return team_assignments(db, actor, now, past=True, page=1)


def unit_of(db: Session, actor: Actor) -> int:
    return db.scalars(select(Post.unit_id).where(Post.user_id == actor.user_id)).one()


def test_what_was_done_a_moment_ago_is_counted(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    people = [personas.officer.user_id, personas.lecturer.user_id]
    made = ask_to_read(db, personas.supervisor, now, study_session, people=people)
    read_to_the_end(db, personas.officer.user_id, study_session, now)
    (line,) = under_way(db, personas.supervisor, now).lines
    assert (line.tally.done, line.tally.open, line.tally.overdue) == (1, 1, 0)
    later = now + timedelta(days=15)
    (line,) = under_way(db, personas.supervisor, later).lines
    assert (line.tally.done, line.tally.open, line.tally.overdue) == (1, 0, 1)
    page = assignment_page(db, personas.supervisor, made, later)
    assert [(person.name, person.state) for person in page.people] == [
        ("鈴木 一郎", State.OVERDUE), ("佐藤 花子", State.DONE),
    ]  # fmt: skip


def test_a_hundred_people_stand_on_a_page_who_has_not_finished_first_and_everybody_is_counted(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    unit = unit_of(db, personas.supervisor)
    for _ in range(99):
        make_post(db, now, user_id=make_user(db, now).id, unit_id=unit)
    before, since = personas.officer.user_id, personas.lecturer.user_id
    read_to_the_end(db, before, study_session, now)
    made = ask_to_read(db, personas.supervisor, now, study_session, units=[unit])
    read_to_the_end(db, since, study_session, now)
    first, last, beyond = (
        assignment_page(db, personas.supervisor, made, now, page=number) for number in (1, 2, 99)
    )
    assert (first.pages, last.page, beyond) == (2, 2, last)
    assert [person.state for person in first.people] == [State.OPEN] * 100
    assert {person.user_id: person.done_at for person in last.people} == {before: now, since: now}
    assert first.line.tally == last.line.tally == Tally(done=2, open=100)


def test_of_more_people_than_are_looked_at_anew_the_records_are_shown(
    db: Session,
    personas: Personas,
    study_session: StudySession,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("studyhub.reads.team_assignments.LIVE_UP_TO", 1)
    people = [personas.officer.user_id, personas.lecturer.user_id]
    made = ask_to_read(db, personas.supervisor, now, study_session, people=people)
    read_to_the_end(db, personas.officer.user_id, study_session, now)
    page = assignment_page(db, personas.supervisor, made, now)
    assert page.line.tally == Tally(open=2)
    assert {person.state for person in page.people} == {State.OPEN}


def test_another_supervisor_sees_nothing_of_it(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    made = ask_to_read(db, personas.supervisor, now, study_session, people=[personas.officer.user_id])
    assert not under_way(db, personas.supervisor_elsewhere, now).lines
    with pytest.raises(NotFound):
        assignment_page(db, personas.supervisor_elsewhere, made, now)


def test_from_the_day_of_a_transfer_the_old_supervisor_counts_without_the_person_and_the_new_one_with(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    officer, lecturer = personas.officer.user_id, personas.lecturer.user_id
    made = ask_to_read(db, personas.supervisor, now, study_session, people=[officer, lecturer], days=30)
    tomorrow = now + timedelta(days=1)
    post = db.scalars(select(Post).where(Post.user_id == officer)).one()
    post.ends_on = now.date()
    db.flush()
    moved = make_post(db, now, user_id=officer, unit_id=unit_of(db, personas.supervisor_elsewhere))
    moved.starts_on = tomorrow.date()
    db.flush()
    assert under_way(db, personas.supervisor, now).lines[0].tally.people == 2
    old = assignment_page(db, personas.supervisor, made, tomorrow)
    assert [person.user_id for person in old.people] == [lecturer]
    assert old.line.tally.people == 1
    new = assignment_page(db, personas.supervisor_elsewhere, made, tomorrow)
    assert [person.user_id for person in new.people] == [officer]
    assert not new.may_change


def test_what_is_finished_or_cancelled_moves_to_the_past(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    officer, lecturer = personas.officer.user_id, personas.lecturer.user_id
    read_to_the_end(db, officer, study_session, now)
    finished = ask_to_read(db, personas.supervisor, now, study_session, people=[officer], days=1)
    late = ask_to_read(db, personas.supervisor, now, study_session, people=[lecturer], days=1)
    cancelled = ask_to_read(db, personas.supervisor, now, study_session, people=[lecturer], days=20)
    assignments.cancel(db, personas.supervisor, cancelled, now)
    later = now + timedelta(days=5)
    assert [line.id for line in under_way(db, personas.supervisor, later).lines] == [late]
    assert {line.id for line in past(db, personas.supervisor, later).lines} == {finished, cancelled}


def test_the_form_offers_only_units_and_people_one_leads(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    planning = unit_of(db, personas.supervisor)
    form = assignment_form(db, personas.supervisor, None, (), now)
    assert [(unit.id, unit.people) for unit in form.units] == [(planning, 3)]
    people = {personas.officer.user_id, personas.lecturer.user_id, personas.administrator.user_id}
    assert {person.user_id for person in form.people} == people
    unknown = assignment_form(db, personas.supervisor_elsewhere, planning, [personas.officer.user_id], now)
    assert [person.user_id for person in unknown.people] == [personas.colleague_elsewhere.user_id]


def test_of_a_unit_of_thousands_the_form_lists_the_first_and_whoever_was_chosen_before(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    unit = unit_of(db, personas.supervisor)
    for number in range(LONGEST_LIST):
        person = make_user(db, now, kana=f"あ {number:03}")
        make_post(db, now, user_id=person.id, unit_id=unit)
    named = [personas.officer.user_id]  # さとう
    for shown in (None, unit):
        form = assignment_form(db, personas.supervisor, shown, (), now)
        assert (len(form.people), form.unlisted, form.led) == (LONGEST_LIST, 3, LONGEST_LIST + 3)
        assert form.people[-1].user_id == person.id
        again = assignment_form(db, personas.supervisor, shown, named, now)
        assert [each.user_id for each in again.people][-2:] == [person.id, *named]
        assert again.unlisted == 2


def test_before_it_is_sent_sixty_are_named_and_all_are_counted(
    db: Session, personas: Personas, study_session: StudySession, now: datetime
) -> None:
    unit = unit_of(db, personas.supervisor)
    for _ in range(60):
        make_post(db, now, user_id=make_user(db, now).id, unit_id=unit)
    command = NewAssignment(
        AssignmentKind.SESSION, study_session.key, None, frozenset(), frozenset({unit}), now.date(), "理由"
    )
    checked = assignments.check_assignment(db, personas.supervisor, command, now)
    page = confirmation(db, personas.supervisor, checked.goal, checked.asked, command.units, now)
    assert (page.asked, len(page.people)) == (63, 60)


def test_the_pages_take_as_many_statements_however_many_are_asked(
    engine: Engine, personas: Personas, now: datetime
) -> None:
    counts = [_statements(engine, personas, now, people, requests) for people, requests in ((2, 1), (40, 15))]
    assert counts[0] == counts[1]


def _statements(engine: Engine, personas: Personas, now: datetime, people: int, requests: int) -> list[int]:
    with transaction(engine) as db:
        unit, course = unit_of(db, personas.supervisor), make_course(db)
        for _ in range(people):
            make_post(db, now, user_id=make_user(db, now).id, unit_id=unit)
        for _ in range(requests):
            made = ask_to_read(
                db, personas.supervisor, now, make_study_session(db, now, course), units=[unit]
            )
    found = []
    for read in (
        lambda db: under_way(db, personas.supervisor, now),
        lambda db: assignment_page(db, personas.supervisor, made, now),
        lambda db: assignment_form(db, personas.supervisor, None, (), now),
    ):
        with counted_statements(engine) as sent, reading(engine) as db:
            read(db)
        found.append(len(sent))
    return found
