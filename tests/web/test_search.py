from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

import pytest
from sqlalchemy import Engine

from studyhub.persistence.session import transaction
from tests.browsing import Browser
from tests.furnished import furnish
from tests.personas import Personas


@pytest.fixture
def officer(client: Browser, engine: Engine, personas: Personas, now: datetime) -> Browser:
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=3)
    client.sign_in(personas.officer)
    return client


def test_without_a_query_the_page_teaches_what_can_be_found(officer: Browser) -> None:
    page = officer.read("/search")
    assert "ここで探せるもの" in page
    assert "見つかりません" not in page


def test_results_show_where_and_why(officer: Browser) -> None:
    page = officer.read("/search?q=本文")
    assert "<mark>本文</mark>です。" in page
    assert 'href="/study-sessions/first-hearing#first"' in page
    assert "最初のヒアリング" in page


def test_a_question_leads_to_the_practice_of_its_topic(officer: Browser) -> None:
    page = officer.read("/search?q=適切&kind=question")
    assert 'href="/practice?topic=ip-6.5%3A1"' in page
    assert "理由0" not in page
    assert "解説です" not in page


def test_results_are_in_pages_that_keep_query_and_kind(
    officer: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=30)
    page = officer.read("/search?q=適切&kind=question&page=2")
    assert 'aria-current="page">2</span>' in page
    assert f"/search?page=1&amp;q={quote('適切')}&amp;kind=question" in page


def test_nothing_found_says_what_to_do(officer: Browser) -> None:
    assert "見つかりませんでした" in officer.read("/search?q=存在しない語")
    assert "この種類には見つかりません" in officer.read("/search?q=本文&kind=slide")
    assert "探せる言葉がありません" in officer.read("/search?q=%25%25")


def test_what_was_typed_is_shown_as_text(officer: Browser) -> None:
    page = officer.read("/search?q=" + quote('"><script>alert(1)</script>'))
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "address", ["?q=%00", "?q=%FF%FE", "?q=a&kind=none", "?q=本文&page=x", "?q=本文&page=-5", "?page=2"]
)
def test_any_address_is_answered(officer: Browser, address: str) -> None:
    officer.read(f"/search{address}")


def test_ten_thousand_characters_are_cut(officer: Browser) -> None:
    page = officer.read("/search?q=" + "a" * 10_000)
    assert f'value="{"a" * 200}"' in page
