"""Checking in by phone, the lecturer's pages, registering, and the calendar, without a script."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from studyhub.app import open_site
from studyhub.config import Config
from studyhub.persistence.models import Attendance, SignInFailure, StudySession
from studyhub.persistence.session import reading, transaction
from tests.browsing import Browser, SteppedClock
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import PASSWORD, Personas

KEY, CODE = "first-hearing", "ACD347"
PAGE = f"/study-sessions/{KEY}"
STUDIO = f"/studio/study-sessions/{KEY}/attendance"


@pytest.fixture
def site(engine: Engine, personas: Personas, now: datetime, client: Browser) -> Browser:
    """A study session that begins now, with a code and one seat; nobody is signed in."""
    with transaction(engine) as db:
        row = make_study_session(db, now, make_course(db), key=KEY)
        row.code, row.starts_at = CODE, now
    return client


def _attendances(engine: Engine) -> list[Attendance]:
    with reading(engine) as db:
        return list(db.scalars(select(Attendance)))


def test_looking_at_the_page_checks_nobody_in_and_the_button_does(
    site: Browser, engine: Engine, personas: Personas
) -> None:
    site.sign_in(personas.officer)
    assert "出席を登録する" in site.read(f"/attend/{CODE}")
    assert _attendances(engine) == []
    assert site.send(f"/attend/{CODE}").status_code == 303
    assert [row.way for row in _attendances(engine)] == ["scan"]
    assert "出席しています" in site.read(f"/attend/{CODE}")


def test_a_sign_in_on_the_way_keeps_the_code(site: Browser, engine: Engine, personas: Personas) -> None:
    asked = site.get(f"/attend/{CODE}")
    assert asked.status_code == 302
    assert asked.headers["Location"].endswith(f"next=/attend/{CODE}")
    answered = site.send("/sign-in", login="officer", password=PASSWORD, next=f"/attend/{CODE}")
    assert answered.headers["Location"] == f"/attend/{CODE}"


def test_a_code_sent_while_signed_out_is_offered_again(
    site: Browser, engine: Engine, personas: Personas
) -> None:
    refused = site.send("/attend", code="acd 347")
    assert refused.status_code == 401
    carry = re.search(r'name="carry"[^>]*value="([^"]+)"', refused.get_data(as_text=True))
    assert carry is not None
    resumed = site.send("/sign-in", login="officer", password=PASSWORD, carry=carry[1]).get_data(as_text=True)
    assert 'action="/attend"' in resumed
    assert 'value="acd 347"' in resumed
    assert site.send("/attend", code="acd 347").status_code == 303
    assert [row.way for row in _attendances(engine)] == ["code"]


def test_too_early_says_when_it_begins(
    site: Browser, engine: Engine, personas: Personas, clock: SteppedClock
) -> None:
    clock.advance(hours=-2)
    site.sign_in(personas.officer)
    page = site.read(f"/attend/{CODE}")
    assert "2026年11月23日（月） 09:30に始まります" in page
    assert '<button class="button button-primary' not in page
    clock.advance(hours=6)
    assert "2026年11月23日（月） 12:45に終わりました" in site.read(f"/attend/{CODE}")
    assert _attendances(engine) == []


def test_wrong_codes_are_counted_by_page_and_by_form(
    site: Browser, engine: Engine, personas: Personas
) -> None:
    site.sign_in(personas.officer)
    for _ in range(10):
        assert site.get("/attend/AAAAAA").status_code == 400
        assert site.send("/attend", code="AAAAAA").status_code == 400
    waits = site.get(f"/attend/{CODE}")
    assert waits.status_code == 429
    assert waits.headers["Retry-After"] == "900"
    with reading(engine) as db:
        assert len(db.scalars(select(SignInFailure)).all()) == 20


def test_the_wall_shows_code_and_address_and_the_qr_code_leads_there(
    site: Browser, personas: Personas
) -> None:
    site.sign_in(personas.lecturer)
    page = site.read(f"{STUDIO}/screen")
    assert "ACD-347" in page
    assert "http://localhost/attend" in page
    drawn = site.get(f"{STUDIO}/qr.svg")
    assert drawn.mimetype == "image/svg+xml"
    assert "style" not in drawn.get_data(as_text=True)


def test_a_public_address_stands_wherever_an_address_leaves_the_browser(
    app: Flask, config: Config, clock: SteppedClock, site: Browser, personas: Personas
) -> None:
    site.sign_in(personas.lecturer)
    drawn = site.get(f"{STUDIO}/qr.svg").get_data()
    app.extensions["studyhub"].engine.dispose()
    open_site(app, replace(config, public_url="https://study.example.jp/hub/"), clock)
    assert "https://study.example.jp/hub/attend" in site.read(f"{STUDIO}/screen")
    assert site.get(f"{STUDIO}/qr.svg").get_data() != drawn
    assert f"https://study.example.jp/hub/study-sessions/{KEY}" in site.read(f"{PAGE}/calendar.ics")


def test_the_live_list_follows_and_is_corrected(site: Browser, engine: Engine, personas: Personas) -> None:
    site.sign_in(personas.lecturer)
    assert site.get(f"{STUDIO}/live").get_json()["count"] == 0
    found = site.read(f"{STUDIO}?q=さとう")
    assert "佐藤 花子" in found
    site.send(f"{STUDIO}/people/{personas.officer.user_id}")
    live = site.get(f"{STUDIO}/live").get_json()
    assert live["count"] == 1
    assert "佐藤 花子" in live["html"]
    site.send(f"{STUDIO}/people/{personas.officer.user_id}/strike")
    assert site.get(f"{STUDIO}/live").get_json()["count"] == 0
    site.send(f"{STUDIO}/people/{personas.officer.user_id}/restore")
    assert site.get(f"{STUDIO}/live").get_json()["count"] == 1


def test_an_export_is_a_file_in_the_asked_format(site: Browser, personas: Personas) -> None:
    site.sign_in(personas.lecturer)
    for format_, media_type in (("csv", "text/csv"), ("xlsx", "application/vnd.openxmlformats")):
        answer = site.send(f"{STUDIO}/export", format=format_)
        assert answer.mimetype.startswith(media_type)
        assert f"{KEY}-attendance.{format_}" in answer.headers["Content-Disposition"]


def test_an_officer_registers_waits_and_moves_up(
    site: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        row = db.scalars(select(StudySession)).one()
        row.takes_registrations, row.capacity = True, 1
        row.starts_at, row.held_on = now + timedelta(days=2), (now + timedelta(days=2)).date()
    site.sign_in(personas.officer)
    assert "定員1人・残り1席" in site.read(PAGE)
    site.send(f"{PAGE}/registration")
    assert "席があります。" in site.read(PAGE)
    site.sign_out()
    site.sign_in(personas.colleague_elsewhere)
    assert "定員1人・満席（待っている人 0人）" in site.read(PAGE)
    site.send(f"{PAGE}/registration")
    assert "1番目です。" in site.read(PAGE)
    site.sign_out()
    site.sign_in(personas.lecturer)
    assert "空きを待つ人" in site.read(f"{STUDIO}/registrations")
    site.send(f"{STUDIO}/registrations", takes="y", capacity="2")
    assert "空きを待つ人" not in site.read(f"{STUDIO}/registrations")


def test_a_capacity_of_nobody_is_refused_beside_its_field(site: Browser, personas: Personas) -> None:
    site.sign_in(personas.lecturer)
    answer = site.send(f"{STUDIO}/registrations", takes="y", capacity="0")
    assert answer.status_code == 400
    assert "定員は1人以上の数で入力してください。" in answer.get_data(as_text=True)


def test_attendance_stands_in_the_officer_s_record(site: Browser, personas: Personas) -> None:
    site.sign_in(personas.officer)
    site.send(f"/attend/{CODE}")
    assert "出席した勉強会" in site.read("/progress/study-sessions")
    assert "出席しました" in site.read(PAGE)
