"""Corrections, reported faults and results, as a browser without scripts gets them."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from sqlalchemy import Engine, select

from studyhub.persistence.models import Correction, Notice, Question, QuestionReport
from studyhub.persistence.session import reading, transaction
from tests.browsing import Browser
from tests.domain.question_samples import BODIES, MATCHING, NUMERIC, ORDERING, question
from tests.factories.corrections import give
from tests.factories.people import make_user
from tests.factories.questions import make_syllabus, store_question
from tests.furnished import furnish
from tests.personas import Personas

ASKED = "ip-01-001"
CORRECTION = f"/studio/questions/{ASKED}/correction"


@pytest.fixture
def furnished(engine: Engine, personas: Personas, now: datetime) -> None:
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=3)
        asked = db.scalars(select(Question).where(Question.key == ASKED)).one()
        for choice in (0, 0, 2, 3):
            give(db, make_user(db, now).id, asked, choice, now)


def _base(page: str) -> str:
    found = re.search(r'name="base" value="(\d+)"', page)
    assert found is not None
    return found.group(1)


def test_a_key_is_corrected_in_two_steps_and_people_are_told(
    client: Browser, engine: Engine, personas: Personas, furnished: None
) -> None:
    client.sign_in(personas.lecturer)
    base = _base(client.read(CORRECTION))
    fields = {"kind": "key", "base": base, "choice": "2", "reason": "三番目が正しい。"}
    looked_at = client.send(CORRECTION, **fields)
    page = looked_at.get_data(as_text=True)
    assert "4人の4件の回答に及びます" in page
    assert re.search(r"<td>正解</td><td>不正解</td><td[^>]*>2</td>", page)
    assert re.search(r"<td>不正解</td><td>正解</td><td[^>]*>1</td>", page)
    with reading(engine) as db:
        assert db.scalars(select(Correction).where(Correction.kind == "key")).first() is None
    done = client.send(f"{CORRECTION}/confirmed", **fields)
    assert done.status_code == 302
    assert "4人の4件の回答を採点し直し" in client.read(done.location)
    with reading(engine) as db:
        assert len(db.scalars(select(Notice).where(Notice.unique_key.startswith("correction:"))).all()) == 4


def test_what_was_typed_stays_when_something_is_missing_or_is_to_be_rewritten(
    client: Browser, personas: Personas, furnished: None
) -> None:
    client.sign_in(personas.lecturer)
    base = _base(client.read(CORRECTION))
    refused = client.send(CORRECTION, kind="key", base=base, choice="0", reason="書いた理由")
    assert refused.status_code == 400
    page = refused.get_data(as_text=True)
    assert "正解が変わっていません" in page
    assert "書いた理由" in page
    again = client.send(CORRECTION, kind="key", base=base, choice="1", reason="書いた理由", step="edit")
    assert 'value="1" required checked' in again.get_data(as_text=True)


def test_reasons_and_explanation_are_read_again_before_a_key_is_corrected(
    client: Browser, personas: Personas, furnished: None
) -> None:
    client.sign_in(personas.lecturer)
    base = _base(client.read(CORRECTION))
    fields = {"kind": "key", "base": base, "choice": "2", "reason": "三番目が正しい。"}
    kept = client.send(CORRECTION, **fields).get_data(as_text=True)
    doubt = "変えていません。新しい正解と合っているかを確かめてください。"
    assert kept.count(doubt) == 3  # the old key, the new one, and the explanation
    rewritten = client.send(
        CORRECTION, **fields, **{"reason-2": "これが正しい。", "explanation": "**書き直した**解説。"}
    )
    page = rewritten.get_data(as_text=True)
    assert page.count(doubt) == 1
    assert "<strong>書き直した</strong>解説。" in page
    assert '<p class="choice-reason" lang="ja">これが正しい。</p>' in page
    struck = client.send(CORRECTION, kind="strike", base=base, reason="取り消す。").get_data(as_text=True)
    assert doubt not in struck


def test_a_question_that_changed_meanwhile_is_not_corrected(
    client: Browser, personas: Personas, furnished: None
) -> None:
    client.sign_in(personas.lecturer)
    base = _base(client.read(CORRECTION))
    client.send(f"{CORRECTION}/confirmed", kind="key", base=base, choice="2", reason="先の訂正")
    late = client.send(f"{CORRECTION}/confirmed", kind="strike", base=base, reason="後の訂正")
    assert late.status_code == 409
    assert "後の訂正" in late.get_data(as_text=True)


def test_an_officer_reads_both_marks_and_why(
    client: Browser, engine: Engine, personas: Personas, furnished: None, now: datetime
) -> None:
    with transaction(engine) as db:
        asked = db.scalars(select(Question).where(Question.key == ASKED)).one()
        give(db, personas.officer.user_id, asked, 2, now)
    client.sign_in(personas.lecturer)
    base = _base(client.read(CORRECTION))
    client.send(f"{CORRECTION}/confirmed", kind="key", base=base, choice="2", reason="三番目が正しい。")
    client.sign_out()
    client.sign_in(personas.officer)
    page = client.read("/progress/history?only=corrected")
    assert "はじめは「不正解」、いまは「正解」です。" in page
    assert "三番目が正しい。" in page


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_every_kind_can_be_looked_at_for_a_correction(
    body: object, client: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        store_question(db, now, make_syllabus(db)[0], question(body))  # type: ignore[arg-type]
    client.sign_in(personas.lecturer)
    page = client.read("/studio/questions/ip-61-001/correction")
    assert "いまの正解" in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (NUMERIC, {"number": "25", "tolerance": "0.5"}),
        (ORDERING, {"position-0": "2", "position-1": "1", "position-2": "3", "position-3": "4"}),
        (MATCHING, {"match-0": "1", "match-1": "0", "match-2": "2"}),
    ],
    ids=["number", "order", "pairs"],
)
def test_other_keys_than_choices_are_sent_with_the_fields_of_an_answer(
    body: object, fields: dict[str, str], client: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        row = store_question(db, now, make_syllabus(db)[0], question(body))  # type: ignore[arg-type]
        base = row.current_revision_id
    client.sign_in(personas.lecturer)
    address = "/studio/questions/ip-61-001/correction"
    looked_at = client.send(address, kind="key", base=base, reason="直す。", **fields)
    assert "訂正の後に読まれる理由と解説" in looked_at.get_data(as_text=True)
    done = client.send(f"{address}/confirmed", kind="key", base=base, reason="直す。", **fields)
    assert "まだ誰も答えていなかった" in client.read(done.location)


def test_reports_are_answered_in_the_inbox(
    client: Browser, engine: Engine, personas: Personas, furnished: None
) -> None:
    client.sign_in(personas.lecturer)
    page = client.read("/studio/questions/reports")
    assert "読めません。" in page
    with reading(engine) as db:
        report = db.scalars(select(QuestionReport).where(QuestionReport.state == "open")).first()
        assert report is not None
        number, key = (
            report.id,
            db.scalars(select(Question.key).where(Question.current_revision_id == report.revision_id)).one(),
        )
    refused = client.send(f"/studio/questions/{key}/reports", report=number, answer="")
    assert refused.status_code == 400
    assert (
        client.send(f"/studio/questions/{key}/reports", report=number, answer="直しました。").status_code
        == 302
    )
    assert "直しました。" in client.read("/studio/questions/reports")


def test_results_of_a_session_say_so_when_there_are_none(
    client: Browser, engine: Engine, personas: Personas, furnished: None
) -> None:
    client.sign_in(personas.lecturer)
    page = client.read("/studio/study-sessions/first-hearing/understanding")
    assert "5人になると、ここで比べられます" in page
    assert "5人未満のうちは" in page
