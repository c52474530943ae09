from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from studyhub.persistence.models import CaseNote, Unit
from studyhub.persistence.session import transaction
from tests.browsing import Browser
from tests.furnished import furnish
from tests.furnishings.case_notes import NOTE_ID
from tests.personas import Personas

NOTE = {"kind": "practice", "title": "様式を減らした", "text": "三つを**一つ**に。", "unit": "0"}


@pytest.fixture
def officer(client: Browser, engine: Engine, personas: Personas, now: datetime) -> Browser:
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=2)
    client.sign_in(personas.officer)
    return client


def test_a_note_is_written_shown_and_discussed(officer: Browser, now: datetime) -> None:
    response = officer.send("/case-notes/new", **NOTE, happened_on=now.date().isoformat())
    assert response.status_code == 302
    address = response.headers["Location"]
    assert "<strong>一つ</strong>" in officer.read(address)
    officer.send(f"{address}/comments", text="うちでも試します。")
    assert "うちでも試します。" in officer.read(address)


def test_what_was_typed_stays_when_a_note_is_refused(officer: Browser) -> None:
    response = officer.send("/case-notes/new", **NOTE, happened_on="2099-01-01")
    assert response.status_code == 400
    page = response.get_data(as_text=True)
    assert "今日までの日を選んでください。" in page
    assert "様式を減らした" in page


def test_the_list_for_the_meeting_is_grouped(officer: Browser) -> None:
    page = officer.read("/case-notes/week")
    assert "特定の局ではない" in page
    assert page.count("<article") == 2


def test_a_note_is_edited_without_losing_a_bureau_that_was_renamed(
    officer: Browser, engine: Engine, now: datetime
) -> None:
    with transaction(engine) as db:
        before = db.scalars(select(Unit).where(Unit.name == "建設局")).one()
        db.get_one(CaseNote, NOTE_ID).unit_id = before.id
        before.ends_on = now.date() - timedelta(days=1)
        db.flush()
        after = Unit(code=before.code, name="建設整備局", level="bureau", starts_on=now.date())
        db.add(after)
        db.flush()
        after_id = after.id
    page = officer.read(f"/case-notes/{NOTE_ID}/edit")
    assert f'<option selected value="{after_id}">建設整備局</option>' in page
    day = now.date().isoformat()
    officer.send(f"/case-notes/{NOTE_ID}/edit", **{**NOTE, "unit": str(after_id)}, happened_on=day)
    assert "建設整備局" in officer.read(f"/case-notes/{NOTE_ID}")
    assert f'value="{after_id}" lang="ja" selected' in officer.read(f"/case-notes?unit={before.id}")


@pytest.mark.parametrize("address", ["?kind=x&unit=x&since=x&page=x", "?topic=%00", "/week?since=x"])
def test_any_address_is_answered(officer: Browser, address: str) -> None:
    officer.read(f"/case-notes{address}")
