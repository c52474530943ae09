"""Calendar files, read by a parser of our own that is as strict as RFC 5545, and followed through changes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from studyhub.persistence.models import CalendarFeed, Registration, StudySession, User
from studyhub.persistence.session import reading, transaction
from tests.browsing import Browser
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas

KEY = "first-hearing"
LONG_TITLE = "困りごとを整理する、" * 9 + "一枚のシートにまとめる; 記号, そして\\も"


@pytest.fixture
def site(engine: Engine, personas: Personas, now: datetime, client: Browser) -> Browser:
    """One study session in two days, for which the officer has a seat."""
    with transaction(engine) as db:
        row = make_study_session(db, now, make_course(db), key=KEY, title=LONG_TITLE)
        row.starts_at, row.held_on = now + timedelta(days=2), (now + timedelta(days=2)).date()
        row.place, row.calendar_sequence = "第二本庁舎 10階", 3
        db.add(
            Registration(
                study_session_id=row.id,
                user_id=personas.officer.user_id,
                state="registered",
                asked_at=now,
                changed_at=now,
            )
        )
    client.sign_in(personas.officer)
    return client


def _change(engine: Engine, **values: object) -> None:
    with transaction(engine) as db:
        db.execute(update(StudySession).where(StudySession.key == KEY).values(**values))


def _token(site: Browser, engine: Engine) -> str:
    assert site.send("/calendar").status_code == 303
    with reading(engine) as db:
        return db.scalars(select(CalendarFeed.token)).one()


def _properties(content: bytes) -> dict[str, str]:
    """Those of the one event, by name. Asserts what RFC 5545 demands of every line."""
    assert content.endswith(b"\r\n")
    lines = content[:-2].split(b"\r\n")
    assert not [line for line in lines if b"\r" in line or b"\n" in line]
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode("utf-8") for line in lines), "a line was folded inside a character"
    unfolded = content.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]
    assert (unfolded[0], unfolded[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == 1
    inside = unfolded[unfolded.index("BEGIN:VEVENT") + 1 : unfolded.index("END:VEVENT")]
    return dict(line.split(":", 1) for line in inside)


def test_an_entry_is_folded_escaped_and_says_when_and_where(site: Browser) -> None:
    entry = _properties(site.get(f"/study-sessions/{KEY}/calendar.ics").data)
    assert entry["UID"] == f"{KEY}@study-sessions.studyhub"
    assert entry["SUMMARY"] == LONG_TITLE.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert entry["DTSTART;TZID=Asia/Tokyo"] == "20261125T100000"
    assert entry["DTEND;TZID=Asia/Tokyo"] == "20261125T104500"
    assert entry["LOCATION"] == "第二本庁舎 10階"
    assert (entry["SEQUENCE"], entry["STATUS"]) == ("3", "CONFIRMED")


def test_a_day_without_an_hour_is_a_whole_day(site: Browser, engine: Engine) -> None:
    _change(engine, starts_at=None)
    entry = _properties(site.get(f"/study-sessions/{KEY}/calendar.ics").data)
    assert entry["DTSTART;VALUE=DATE"] == "20261125"
    assert entry["DTEND;VALUE=DATE"] == "20261126"


def test_a_withdrawn_one_is_cancelled_for_those_who_had_a_seat_and_unknown_to_others(
    site: Browser, engine: Engine, personas: Personas
) -> None:
    _change(engine, status="retired", calendar_sequence=4)
    entry = _properties(site.get(f"/study-sessions/{KEY}/calendar.ics").data)
    assert (entry["STATUS"], entry["SEQUENCE"]) == ("CANCELLED", "4")
    site.sign_out()
    site.sign_in(personas.colleague_elsewhere)
    assert site.get(f"/study-sessions/{KEY}/calendar.ics").status_code == 404


def test_the_feed_needs_no_sign_in_and_is_sent_anew_only_when_it_changed(
    site: Browser, engine: Engine
) -> None:
    address = f"/calendar/{_token(site, engine)}.ics"
    site.sign_out()
    first = site.get(address)
    assert first.mimetype == "text/calendar"
    assert _properties(first.data)["STATUS"] == "CONFIRMED"
    again = {"If-None-Match": first.headers["ETag"]}
    assert site.get(address, headers=again).status_code == 304
    _change(engine, place="第一本庁舎", calendar_sequence=4)
    changed = site.get(address, headers=again)
    assert changed.status_code == 200
    assert _properties(changed.data)["LOCATION"] == "第一本庁舎"


def test_a_place_in_the_queue_is_tentative_and_a_cancelled_one_is_gone(site: Browser, engine: Engine) -> None:
    address = f"/calendar/{_token(site, engine)}.ics"
    with transaction(engine) as db:
        db.execute(update(Registration).values(state="waiting"))
    assert _properties(site.get(address).data)["STATUS"] == "TENTATIVE"
    with transaction(engine) as db:
        db.execute(update(Registration).values(state="cancelled"))
    assert b"VEVENT" not in site.get(address).data


def test_a_new_address_ends_the_old_one_and_so_does_the_end(site: Browser, engine: Engine) -> None:
    old = _token(site, engine)
    new = _token(site, engine)
    assert site.get(f"/calendar/{old}.ics").status_code == 404
    assert new in site.read("/account")
    site.send("/calendar/end")
    assert site.get(f"/calendar/{new}.ics").status_code == 404


def test_the_address_of_somebody_who_left_answers_nothing(
    site: Browser, engine: Engine, personas: Personas
) -> None:
    address = f"/calendar/{_token(site, engine)}.ics"
    with transaction(engine) as db:
        db.execute(update(User).where(User.id == personas.officer.user_id).values(active=False))
    assert site.get(address).status_code == 404
