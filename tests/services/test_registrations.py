"""Seats and the queue: nobody is passed over, no seat is given twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from studyhub.domain.attendance import RegistrationState
from studyhub.domain.editing import SessionFields
from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from studyhub.domain.identity import Actor, Role
from studyhub.persistence.models import Notice, Registration, StudySession
from studyhub.persistence.session import reading, transaction
from studyhub.reads.attendance import registrations_page, session_events
from studyhub.services.erasure import erase
from studyhub.services.people import deactivate
from studyhub.services.registrations import add_person, cancel, register, remove_person, set_registration
from studyhub.services.study_session_editing import RenderedNotes, SaveStudySession, save_revision
from studyhub.services.study_session_publishing import publish, unpublish
from tests.factories.people import make_user
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas

KEY = "first-hearing"
NOTES = RenderedNotes("本文です。", [["html", "<p>本文です。</p>"]], [], "本文です。")
SEATED, WAITING = RegistrationState.REGISTERED, RegistrationState.WAITING


@pytest.fixture
def study_session(db: Session, personas: Personas, now: datetime) -> StudySession:
    """Tomorrow, with two seats."""
    return _one_with_seats(db, now, 2)


def _one_with_seats(db: Session, now: datetime, capacity: int | None) -> StudySession:
    row = make_study_session(db, now, make_course(db, key="basics"), key=KEY)
    row.starts_at, row.held_on = now + timedelta(days=1), (now + timedelta(days=1)).date()
    row.takes_registrations, row.capacity = True, capacity
    db.flush()
    return row


def _somebody(db: Session, now: datetime) -> Actor:
    user = make_user(db, now)
    return Actor(user.id, user.login, user.display_name, frozenset({Role.OFFICER}))


def _states_in(db: Session, row: StudySession) -> dict[int, str]:
    of_it = select(Registration).where(Registration.study_session_id == row.id)
    return {each.user_id: each.state for each in db.scalars(of_it)}


def _states(db: Session) -> dict[int, str]:
    return {row.user_id: row.state for row in db.scalars(select(Registration))}


def test_whoever_finds_no_seat_waits_in_the_order_of_asking(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    people = [_somebody(db, now) for _ in range(4)]
    states = [register(db, each, KEY, now + timedelta(seconds=n)) for n, each in enumerate(people)]
    assert states == [SEATED, SEATED, WAITING, WAITING]
    assert register(db, people[0], KEY, now) is SEATED
    events = session_events(db, people[3], study_session, now)
    assert (events.registration, events.ahead, events.free, events.waiting) == (WAITING, 1, 0, 2)
    page = registrations_page(db, KEY, now)
    assert [each.person.user_id for each in page.waiting] == [people[2].user_id, people[3].user_id]


def test_a_seat_that_is_given_back_goes_to_the_next_who_is_told(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    people = [_somebody(db, now) for _ in range(4)]
    for n, each in enumerate(people):
        register(db, each, KEY, now + timedelta(seconds=n))
    cancel(db, people[0], KEY, now)
    assert [_states(db)[each.user_id] for each in people] == [
        "cancelled",
        "registered",
        "registered",
        "waiting",
    ]
    told = db.scalars(select(Notice)).all()
    assert [(notice.user_id, notice.kind, notice.params["state"]) for notice in told] == [
        (people[2].user_id, "seat", "registered")
    ]


def test_whoever_comes_back_asks_anew(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    people = [_somebody(db, now) for _ in range(4)]
    for n, each in enumerate(people):
        register(db, each, KEY, now + timedelta(seconds=n))
    cancel(db, people[2], KEY, now)
    assert register(db, people[2], KEY, now + timedelta(minutes=1)) is WAITING
    waiting = registrations_page(db, KEY, now).waiting
    assert [each.person.user_id for each in waiting] == [people[3].user_id, people[2].user_id]


def test_more_seats_go_to_those_who_wait_and_fewer_take_none_away(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    people = [_somebody(db, now) for _ in range(5)]
    for n, each in enumerate(people):
        register(db, each, KEY, now + timedelta(seconds=n))
    set_registration(db, personas.lecturer, KEY, takes=True, capacity=4, now=now)
    assert sorted(_states(db).values()) == ["registered"] * 4 + ["waiting"]
    set_registration(db, personas.lecturer, KEY, takes=True, capacity=1, now=now)
    assert sorted(_states(db).values()) == ["registered"] * 4 + ["waiting"]
    cancel(db, people[0], KEY, now)
    assert _states(db)[people[4].user_id] == "waiting"
    set_registration(db, personas.lecturer, KEY, takes=True, capacity=None, now=now)
    assert _states(db)[people[4].user_id] == "registered"
    with pytest.raises(Invalid):
        set_registration(db, personas.lecturer, KEY, takes=True, capacity=0, now=now)


def test_nobody_registers_where_it_is_off_begun_or_hidden(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    with pytest.raises(Conflict):
        register(db, personas.officer, KEY, now + timedelta(days=1))
    study_session.takes_registrations = False
    with pytest.raises(Conflict):
        register(db, personas.officer, KEY, now)
    study_session.status = "draft"
    db.flush()
    with pytest.raises(NotFound):
        register(db, personas.lecturer, KEY, now)


def test_the_lecturer_gives_a_seat_beyond_the_capacity_and_takes_one_back(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    for n in range(3):
        register(db, _somebody(db, now), KEY, now + timedelta(seconds=n))
    add_person(db, personas.lecturer, KEY, personas.officer.user_id, now)
    assert len(registrations_page(db, KEY, now).seated) == 3
    remove_person(db, personas.lecturer, KEY, personas.officer.user_id, now)
    told = db.scalars(
        select(Notice).where(Notice.user_id == personas.officer.user_id).order_by(Notice.id)
    ).all()
    assert [notice.params["state"] for notice in told] == ["registered", "cancelled"]
    assert len(registrations_page(db, KEY, now).waiting) == 1
    with pytest.raises(Forbidden):
        add_person(db, personas.officer, KEY, personas.officer.user_id, now)


@pytest.mark.parametrize("leave", ["deactivated", "erased"])
def test_the_seat_of_somebody_who_leaves_goes_to_the_next_and_not_to_a_newcomer(
    db: Session, personas: Personas, now: datetime, leave: str
) -> None:
    _one_with_seats(db, now, 1)
    seated, waiting, newcomer = (_somebody(db, now) for _ in range(3))
    register(db, seated, KEY, now)
    register(db, waiting, KEY, now)
    if leave == "deactivated":
        deactivate(db, personas.administrator, seated.user_id, now)
    else:
        erase(db, personas.administrator, seated.user_id, seated.login, now)
    assert register(db, newcomer, KEY, now) is WAITING
    assert _states(db)[waiting.user_id] == "registered"
    assert db.scalars(select(Notice.user_id)).all() == [waiting.user_id]


def test_somebody_deactivated_waits_no_longer_and_keeps_what_was(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    people = [_somebody(db, now) for _ in range(4)]
    for n, each in enumerate(people):
        register(db, each, KEY, now + timedelta(seconds=n))
    past = make_study_session(db, now, make_course(db), held_on=(now - timedelta(days=1)).date())
    left = people[2].user_id
    db.add(
        Registration(study_session_id=past.id, user_id=left, state="registered", asked_at=now, changed_at=now)
    )
    db.flush()
    deactivate(db, personas.administrator, left, now)
    cancel(db, people[0], KEY, now)
    assert [_states_in(db, study_session)[each.user_id] for each in people] == [
        "cancelled",
        "registered",
        "cancelled",
        "registered",
    ]
    assert _states_in(db, past) == {left: "registered"}


def test_a_seat_given_back_too_late_goes_to_the_next_once_there_is_a_new_day(
    db: Session, personas: Personas, now: datetime
) -> None:
    row = _one_with_seats(db, now, 1)
    seated, waiting, newcomer = (_somebody(db, now) for _ in range(3))
    register(db, seated, KEY, now)
    register(db, waiting, KEY, now)
    begun = now + timedelta(days=1, hours=1)
    cancel(db, seated, KEY, begun)
    assert _states(db)[waiting.user_id] == "waiting"
    fields = SessionFields(title=row.title, course="basics", held_on=begun.date() + timedelta(days=7))
    save_revision(db, personas.lecturer, SaveStudySession(KEY, fields, NOTES, 1), begun)
    assert _states(db)[waiting.user_id] == "registered"
    assert register(db, newcomer, KEY, begun) is WAITING


def test_while_it_is_withdrawn_nobody_moves_up_but_when_it_is_published_again(
    db: Session, study_session: StudySession, personas: Personas, now: datetime
) -> None:
    people = [_somebody(db, now) for _ in range(3)]
    for n, each in enumerate(people):
        register(db, each, KEY, now + timedelta(seconds=n))
    unpublish(db, personas.lecturer, KEY, now)
    remove_person(db, personas.lecturer, KEY, people[0].user_id, now)
    assert _states(db)[people[2].user_id] == "waiting"
    publish(db, personas.lecturer, KEY, now)
    assert _states(db)[people[2].user_id] == "registered"


def test_of_many_who_want_the_last_seat_at_once_one_gets_it(
    engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        _one_with_seats(db, now, 1)
        people = [_somebody(db, now) for _ in range(6)]

    def ask(person: Actor) -> RegistrationState:
        with transaction(engine) as db:
            return register(db, person, KEY, now)

    with ThreadPoolExecutor(6) as pool:
        states = list(pool.map(ask, people))
    assert sorted(states) == [SEATED, *[WAITING] * 5]


def test_a_seat_given_back_while_others_ask_is_given_once(
    engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        _one_with_seats(db, now, 1)
        first, *others = [_somebody(db, now) for _ in range(5)]
        register(db, first, KEY, now)

    def act(person: Actor) -> None:
        with transaction(engine) as db:
            if person == first:
                cancel(db, person, KEY, now)
            else:
                register(db, person, KEY, now)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(act, [*others[:2], first, *others[2:]]))
    with reading(engine) as db:
        assert sorted(_states(db).values()) == ["cancelled", "registered", *["waiting"] * 3]
