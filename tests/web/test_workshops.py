from __future__ import annotations

import re
from datetime import datetime

import pytest
from sqlalchemy import Engine

from studyhub.persistence.session import transaction
from tests.browsing import Browser
from tests.furnished import furnish
from tests.personas import Personas

WORKSHOP = "/workshops/first-hearing"


@pytest.fixture
def colleague(client: Browser, engine: Engine, personas: Personas, now: datetime) -> Browser:
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=1)
    client.sign_in(personas.colleague_elsewhere)
    return client


def test_a_sheet_is_written_handed_in_and_shown_beside_the_others(colleague: Browser) -> None:
    fields = {"version": "0", "who": "けん", "wants": "早く知る", "check.0.1": "家族"}
    colleague.send(WORKSHOP, **fields)
    assert 'value="けん"' in colleague.read(WORKSHOP)
    response = colleague.send(WORKSHOP, **{**fields, "version": "1", "hand_in": "1"})
    assert response.headers["Location"] == f"{WORKSHOP}/sheets"
    page = colleague.read(f"{WORKSHOP}/sheets")
    assert "家族" in page
    assert "みさき" in page


def test_a_conflict_shows_both_and_the_next_save_counts(colleague: Browser) -> None:
    colleague.send(WORKSHOP, version="0", who="けん")
    response = colleague.send(WORKSHOP, version="0", who="さくら")
    page = response.get_data(as_text=True)
    assert response.status_code == 409
    assert 'value="さくら"' in page
    assert "いま保存されている内容" in page
    assert 'name="version" value="1"' in page
    assert colleague.send(WORKSHOP, version="1", who="さくら").status_code == 302


def test_what_was_typed_stays_when_a_group_was_entered_elsewhere(colleague: Browser) -> None:
    colleague.send(WORKSHOP, version="0", who="けん")
    colleague.send(f"{WORKSHOP}/groups", name="一班")
    group = _held(colleague.read(WORKSHOP), "group")
    colleague.send(WORKSHOP, group=group, version="0", who="班の言葉")
    page = colleague.send(WORKSHOP, version="1", who="けんの続き").get_data(as_text=True)
    assert "書くシートが変わりました" in page
    assert 'value="けんの続き"' in page
    assert "班の言葉" in page
    assert (_held(page, "group"), _held(page, "version")) == (group, "1")
    assert " data-sheet" not in page, "only the button keeps, once both were seen"
    assert " data-sheet" in colleague.read(WORKSHOP)


def test_what_was_typed_stays_when_another_handed_the_sheet_in(colleague: Browser) -> None:
    colleague.send(WORKSHOP, version="0", who="けん", hand_in="1")
    response = colleague.send(WORKSHOP, version="1", **{"who": "けんの続き", "check.0.1": "家族"})
    page = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "提出したシートは書き直せません" in page
    assert "入力した内容" in page
    assert "けんの続き" in page
    assert "家族" in page


def test_a_script_is_told_the_new_version_or_why_not(colleague: Browser) -> None:
    kept = colleague.send(WORKSHOP, json=True, version="0", who="けん")
    assert kept.get_json() == {"version": 1}
    refused = colleague.send(WORKSHOP, json=True, version="0", who="さくら")
    assert refused.status_code == 409
    assert "先に保存" in refused.get_json()["message"]


def test_what_is_too_long_stays_in_the_form(colleague: Browser) -> None:
    response = colleague.send(WORKSHOP, version="0", who="長" * 4001)
    assert response.status_code == 400
    assert "長" * 4001 in response.get_data(as_text=True)


def _held(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="(\d*)"', page)
    assert found is not None
    return found[1]


def test_heads_of_tables_and_choices_are_in_the_reader_s_language_and_one_answer_is_kept(
    colleague: Browser,
) -> None:
    colleague.send("/account/language", locale="en")
    page = colleague.read(WORKSHOP)
    assert '<th scope="col">With whom</th>' in page
    assert 'value="流れ"><span>The flow</span>' in page
    colleague.send(WORKSHOP, version="0", who="けん", wants="早く知る", place="流れ", hand_in="1")
    sheets = colleague.read(f"{WORKSHOP}/sheets")
    assert "The flow" in sheets
    assert "The forms" in sheets
    colleague.send("/account/language", locale="ja")
    assert "流れ" in colleague.read(f"{WORKSHOP}/sheets")
