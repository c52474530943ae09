"""The home page: one step, two taps to the first question."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from studyhub.persistence.models import User
from studyhub.persistence.session import transaction
from tests.browsing import Browser
from tests.factories.progress import make_answer, make_exam
from tests.factories.questions import make_questions, make_syllabus
from tests.personas import Personas


@pytest.fixture
def pool(engine: Engine, personas: Personas, now: datetime) -> None:
    with transaction(engine) as db:
        _store(db, now)


def _store(db: Session, now: datetime) -> None:
    (leaf,) = make_syllabus(db, leaves=("61",))
    make_exam(db, "ip-2026", "ip-6.5")
    make_questions(db, now, leaf, 20)


def test_the_button_of_the_home_page_leads_to_the_first_question(
    client: Browser, personas: Personas, pool: None
) -> None:
    client.sign_in(personas.officer)
    page = client.read("/")
    assert "今日の学習をはじめる" in page
    assert page.count("button-primary") == 1
    response = client.send("/practice/sets", mode="today", minutes="5")
    assert response.status_code == 302
    assert "に関する記述のうち" in client.read(response.headers["Location"])


def test_a_set_that_runs_takes_the_place_of_the_button(
    client: Browser, personas: Personas, pool: None
) -> None:
    client.sign_in(personas.officer)
    address = client.send("/practice/sets", mode="today", minutes="5").headers["Location"]
    page = client.read("/")
    assert "続きから（0/4）" in page
    assert page.count("button-primary") == 1
    assert re.sub(r"/\d+$", "", address) in page


def test_the_reasons_are_told_with_their_numbers(
    client: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        (leaf,) = make_syllabus(db, leaves=("61",))
        make_exam(db, "ip-2026", "ip-6.5")
        for question in make_questions(db, now, leaf, 6):
            make_answer(db, personas.officer.user_id, question, now, right=False)
        make_questions(db, now, leaf, 6)
    client.sign_in(personas.officer)
    page = client.read("/")
    assert "前回まちがい" in page or "苦手" in page
    assert "問から）" in page


def test_the_page_is_in_the_reader_s_language(
    client: Browser, engine: Engine, personas: Personas, pool: None
) -> None:
    with transaction(engine) as db:
        db.get_one(User, personas.officer.user_id).locale = "en"
    client.sign_in(personas.officer)
    assert not re.search(r"今日の学習|はじめる|これからの勉強会", client.read("/"))


def test_without_questions_the_page_says_what_to_do_instead(client: Browser, personas: Personas) -> None:
    client.sign_in(personas.officer)
    page = client.read("/")
    assert "練習できる問題は、まだありません。" in page
    assert "勉強会を見る" in page
