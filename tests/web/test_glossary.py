from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine, update

from studyhub.persistence.models import Term
from studyhub.persistence.session import transaction
from tests.browsing import Browser
from tests.furnished import furnish
from tests.personas import Personas


@pytest.fixture
def officer(client: Browser, engine: Engine, personas: Personas, now: datetime) -> Browser:
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=3)
        db.execute(update(Term).where(Term.term == "本文").values(html="<p>意味の<em>説明</em>。</p>"))
    client.sign_in(personas.officer)
    return client


def test_the_glossary_lists_terms_by_kana(officer: Browser) -> None:
    page = officer.read("/glossary")
    assert "や行" in page
    assert 'href="/glossary/%E6%9C%AC%E6%96%87"' in page


def test_a_filter_that_fits_nothing_leads_to_the_search(officer: Browser) -> None:
    assert 'href="/search?q=zzz"' in officer.read("/glossary?q=zzz")


def test_a_term_shows_its_meaning_and_where_it_is_used(officer: Browser) -> None:
    page = officer.read("/glossary/本文")
    assert "<p>意味の<em>説明</em>。</p>" in page
    assert 'href="/study-sessions/first-hearing"' in page
    assert 'href="/practice?topic=ip-6.5:1"' in page


def test_a_note_is_a_part_without_the_frame(officer: Browser) -> None:
    note = officer.read("/glossary/本文?part=1")
    assert "<em>説明</em>" in note
    assert "<html" not in note
    assert "<h1" not in note


def test_a_term_with_a_slash_has_a_page(officer: Browser, engine: Engine) -> None:
    with transaction(engine) as db:
        db.execute(update(Term).where(Term.term == "本文").values(term="TCP/IP"))
    assert "<h1" in officer.read("/glossary/TCP%2FIP")


def test_an_unknown_term_says_so(officer: Browser) -> None:
    assert "「no-such-term」は用語集にありません。" in officer.read("/glossary/no-such-term", 404)
    officer.read("/glossary/no-such-term?part=1", 404)


@pytest.mark.parametrize("address", ["?row=x", "?topic=%00", "?q=%00", "?page=x", "?q=" + "a" * 5000, "/%00"])
def test_any_address_is_answered(officer: Browser, address: str) -> None:
    assert officer.get(f"/glossary{address}").status_code in (200, 404)
