"""The examinations, and the switch of the target."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import Engine

from studyhub.persistence.models import User
from studyhub.persistence.session import reading, transaction
from tests.browsing import Browser
from tests.factories.progress import make_answer, make_exam, map_topics
from tests.factories.questions import make_question, make_syllabus
from tests.personas import Personas


@pytest.fixture
def exams(engine: Engine, personas: Personas, now: datetime) -> None:
    with transaction(engine) as db:
        kept, lost = make_syllabus(db, leaves=("61", "62"))
        new = make_syllabus(db, key="ip-2027", leaves=("business", "ethics"))
        make_exam(db, "ip-2026", "ip-6.5")
        make_exam(db, "ip-2027", "ip-2027", status="draft")
        map_topics(db, [(kept, new[0]), (lost, None)], onto="ip-2027")
        for topic in (kept, lost):
            make_answer(db, personas.officer.user_id, make_question(db, now, topic), now)
        user = db.get_one(User, personas.officer.user_id)
        user.exam_on, user.daily_minutes = date(2027, 3, 1), 25


def _user(engine: Engine, personas: Personas) -> User:
    with reading(engine) as db:
        return db.get_one(User, personas.officer.user_id)


def test_facts_quotas_and_the_draft_are_said_plainly(
    client: Browser, personas: Personas, exams: None
) -> None:
    client.sign_in(personas.officer)
    page = client.read("/exams")
    for words in (
        "120分、100問（採点は92問）",
        "総合600点以上、かつ分野ごとに300点以上",
        "いまの目標",
        "公表された案に基づく",
    ):
        assert words in page


def test_what_has_no_place_and_what_is_new_is_listed(
    client: Browser, personas: Personas, exams: None
) -> None:
    client.sign_in(personas.officer)
    page = client.read("/exams")
    assert "項目 62（回答1件）" in page
    assert "この試験で加わるもの（1項目）" in page
    assert "項目 ethics" in page


def test_a_switch_changes_the_target_and_nothing_else(
    client: Browser, engine: Engine, personas: Personas, exams: None
) -> None:
    client.sign_in(personas.officer)
    assert client.send("/exams/target", target="ip-2027").status_code == 302
    assert "これまでの回答はそのまま残っています" in client.read("/exams")
    user = _user(engine, personas)
    assert (user.target_exam, user.exam_on, user.daily_minutes) == ("ip-2027", date(2027, 3, 1), 25)
    assert "2件" in client.read("/progress/history")


def test_an_examination_that_there_is_not_is_refused(
    client: Browser, engine: Engine, personas: Personas, exams: None
) -> None:
    client.sign_in(personas.officer)
    assert client.send("/exams/target", target="no-such").status_code == 400
    assert _user(engine, personas).target_exam == "ip-2026"
