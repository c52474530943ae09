from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine

from studyhub.persistence.session import transaction
from tests.browsing import Browser
from tests.furnished import furnish
from tests.furnishings.inquiries import INQUIRY_ID
from tests.personas import Personas


@pytest.fixture
def site(client: Browser, engine: Engine, personas: Personas, now: datetime) -> Browser:
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=2)
    return client


def test_a_question_is_asked_answered_and_stands_on_the_page_of_its_study_session(
    site: Browser, personas: Personas
) -> None:
    site.sign_in(personas.officer)
    asked = site.send("/ask/new?session=first-hearing", title="記録の残し方", text="何を残しますか。")
    address = asked.headers["Location"]
    assert "回答はまだありません" in site.read(address)
    site.sign_in(personas.lecturer)
    assert "記録の残し方" in site.read("/ask?shown=waiting")
    site.send(f"{address}/answers", text="事実と**解釈**を分けます。")
    site.sign_in(personas.colleague_elsewhere)
    assert "<strong>解釈</strong>" in site.read(address)
    assert "記録の残し方" in site.read("/study-sessions/first-hearing")


def test_what_was_typed_stays_when_a_question_is_refused(site: Browser, personas: Personas) -> None:
    site.sign_in(personas.officer)
    response = site.send("/ask/new?session=first-hearing&slide=2", title="", text="長い質問")
    assert response.status_code == 400
    page = response.get_data(as_text=True)
    assert "題名を書いてください。" in page
    assert "長い質問" in page
    assert "session=first-hearing&amp;slide=2" in page


def test_a_lecturer_mends_an_answer(site: Browser, personas: Personas) -> None:
    site.sign_in(personas.lecturer)
    site.send(f"/ask/{INQUIRY_ID}/answers", text="一度目")
    page = site.read(f"/ask/{INQUIRY_ID}")
    edit = page.split('href="')[
        [part.startswith(f"/ask/{INQUIRY_ID}/answers/") for part in page.split('href="')].index(True)
    ]
    address = edit.partition('"')[0]
    assert "一度目" in site.read(address)
    assert site.send(address, text="").status_code == 400
    site.send(address, text="二度目")
    assert "二度目" in site.read(f"/ask/{INQUIRY_ID}")


@pytest.mark.parametrize("address", ["?shown=x&page=x&session=%00", "/new?slide=x&question=x"])
def test_any_address_is_answered(site: Browser, personas: Personas, address: str) -> None:
    site.sign_in(personas.officer)
    site.read(f"/ask{address}")
