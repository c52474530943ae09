"""The pages of one's record, as a browser without scripts gets them."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine

from studyhub.persistence.session import transaction
from tests.browsing import Browser
from tests.furnished import furnish
from tests.personas import Personas

PAGES = ("/progress", "/progress/history", "/progress/trend", "/progress/study-sessions")


@pytest.fixture
def furnished(engine: Engine, personas: Personas, now: datetime) -> None:
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=3)


@pytest.fixture
def twelve_answers(engine: Engine, personas: Personas, furnished: None, now: datetime) -> None:
    """Of the officer's, four to a topic: too few give no band."""
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=9)


def test_a_cell_says_band_count_share_range_and_age(
    client: Browser, personas: Personas, twelve_answers: None
) -> None:
    client.sign_in(personas.officer)
    page = client.read("/progress")
    for words in ("要復習", "問から）", "範囲", "今日", "項目のうち"):
        assert words in page


def test_no_estimate_is_called_a_score(client: Browser, personas: Personas, furnished: None) -> None:
    client.sign_in(personas.officer)
    assert "試験の得点や合否の見込みではありません" in client.read("/progress")


def test_a_lens_that_there_is_not_is_not_found(client: Browser, personas: Personas, furnished: None) -> None:
    client.sign_in(personas.officer)
    client.read("/progress?lens=no-such", 404)
    client.read("/progress/history?topic=no-such", 404)


@pytest.mark.parametrize(
    "query", ["?level=0&open=ip-6.5:strategy", "?level=99", "?level=x&open=x", "?lens=ip-6.5"]
)
def test_strange_addresses_still_show_the_map(
    query: str, client: Browser, personas: Personas, furnished: None
) -> None:
    client.sign_in(personas.officer)
    assert "項目 61" in client.read(f"/progress{query}")


def test_the_history_can_be_narrowed_to_what_went_wrong(
    client: Browser, personas: Personas, furnished: None
) -> None:
    client.sign_in(personas.officer)
    assert "○ 正解" in client.read("/progress/history")
    narrowed = client.read("/progress/history?only=wrong")
    assert "× 不正解" in narrowed
    assert "○ 正解" not in narrowed


@pytest.mark.parametrize("address", PAGES)
def test_a_newcomer_is_told_what_will_be_here_and_what_to_do(
    address: str, client: Browser, personas: Personas, furnished: None
) -> None:
    client.sign_in(personas.lecturer)
    page = client.read(address)
    assert "empty-state" in page
    assert page.count("button-primary") == 1


@pytest.mark.parametrize("address", PAGES)
def test_nobody_s_record_shows_in_another_s(
    address: str, client: Browser, personas: Personas, furnished: None
) -> None:
    client.sign_in(personas.supervisor)
    assert "× 不正解" not in client.read(address)
