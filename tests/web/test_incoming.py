"""Whatever a browser or a script sends is answered with a sentence, never with an accident."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from studyhub.persistence.models import CaseNote, Question, QuestionReport
from studyhub.persistence.session import reading, transaction
from tests.browsing import Browser
from tests.domain.question_samples import NUMERIC, ORDERING, question
from tests.factories.questions import make_syllabus, store_question
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas

MANY = "9" * 30
MORE_THAN_PYTHON_READS = "9" * 5000
SET = "/practice/sets/7b0d3f0e-3d2c-4c4e-9a58-0f3f1d6b6a01"
READING = "/study-sessions/first-hearing/reading"


@pytest.fixture
def revisions(engine: Engine, now: datetime, client: Browser, personas: Personas) -> dict[str, int]:
    """The officer is signed in; by key of the question."""
    with transaction(engine) as db:
        (topic,) = make_syllabus(db, leaves=("61",))
        for key, body in (("typed", NUMERIC), ("ordered", ORDERING)):
            store_question(db, now, topic, question(body, key))
        make_study_session(db, now, make_course(db), key="first-hearing")
        rows = db.execute(select(Question.key, Question.current_revision_id)).all()
    client.sign_in(personas.officer)
    return {row.key: row.current_revision_id or 0 for row in rows}


def send_json(client: Browser, path: str, body: object) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"X-CSRFToken": client.csrf_token()}
    return client.post(path, data=raw, content_type="application/json", headers=headers)


@pytest.mark.usefixtures("revisions")
@pytest.mark.parametrize("number", [MANY, "9" * 19, "4294967296", MORE_THAN_PYTHON_READS], ids=len)
def test_a_number_that_no_database_holds_leads_nowhere(client: Browser, number: str) -> None:
    client.read(f"{SET}/{number}", 404)
    for path in (f"{SET}/{number}/answer", f"{SET}/{number}/unsure", f"/account/sign-ins/{number}/end"):
        assert client.send(path, response_id=str(uuid4()), choice="0").status_code == 404


@pytest.mark.usefixtures("revisions")
@pytest.mark.parametrize(
    "address",
    [
        "/study-sessions/a%00b",
        "/study-sessions/a%00b/calendar.ics",
        "/study-sessions/a%00b/slides/1",
        "/glossary/a%00b",
        "/progress/history?topic=%00",
    ],
)
def test_an_address_with_a_nul_names_nothing(client: Browser, address: str) -> None:
    client.read(address, 404)


@pytest.mark.usefixtures("revisions")
def test_a_filter_with_a_nul_finds_nothing(client: Browser) -> None:
    client.read("/study-sessions?course=%00&topic=%00&lecturer=%00&when=%00&kind=%00")
    client.read("/study-sessions/first-hearing?again=%00")


@pytest.mark.usefixtures("revisions")
@pytest.mark.parametrize("number", [MANY, f"-{MANY}", MORE_THAN_PYTHON_READS], ids=len)
def test_a_filter_with_a_number_that_no_database_holds_is_passed_over(client: Browser, number: str) -> None:
    client.read(f"/case-notes?unit={number}&page={number}")
    client.read(f"/ask/new?session=first-hearing&slide={number}&question={number}")
    assert client.send("/notices/read", up_to=number).status_code == 302


@pytest.mark.usefixtures("revisions")
def test_a_report_with_a_number_that_no_database_holds_is_settled_by_nobody(
    client: Browser, personas: Personas
) -> None:
    client.sign_in(personas.lecturer)
    sent = client.send(
        "/studio/questions/typed/reports", report=MORE_THAN_PYTHON_READS, answer="直しました。"
    )
    assert 300 <= sent.status_code < 500


@pytest.mark.usefixtures("revisions")
def test_a_form_with_a_nul_is_no_accident(client: Browser) -> None:
    answer: dict[str, Any] = {"response_id": str(uuid4()), "revision_id": "1", "choice": "0"}
    forms: tuple[tuple[str, dict[str, Any]], ...] = (
        ("/practice/checks/a%00b/answer", answer),
        ("/practice/checks/a%00b/unsure", answer),
        ("/exams/target", {"target": "a\0b"}),
        ("/practice/sets", {"topic": "a\0b"}),
    )
    for path, fields in forms:
        assert 400 <= client.send(path, **fields).status_code < 500, path


@pytest.mark.parametrize("text", ["ここ\0です", "ここ\ud800です"])
def test_a_report_keeps_what_can_be_stored_of_it(
    client: Browser, engine: Engine, revisions: dict[str, int], text: str
) -> None:
    report = {"revision_id": revisions["typed"], "kind": "typing", "text": text}
    assert send_json(client, "/practice/reports", report).status_code == 302
    with reading(engine) as db:
        assert db.scalars(select(QuestionReport.text)).one() == "ここ\N{REPLACEMENT CHARACTER}です"


@pytest.mark.usefixtures("revisions")
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"read":' * 100_000,
        b'{"slide": ' + b"9" * 5000 + b"}",
        {"position": "\ud800", "read": "\ud800"},
        {"read": [["first"]]},
        {"slide": MORE_THAN_PYTHON_READS},
        {"position": "x" * 100_000},
        {"position": {"a": 1}},
        b"",
    ],
    ids=lambda body: repr(body)[:30],
)
@pytest.mark.parametrize(
    "path", [READING, "/practice/sets", "/practice/reports", f"{SET}/1/answer"], ids=lambda path: path[:20]
)
def test_json_of_any_shape_is_refused_with_a_sentence(client: Browser, path: str, body: object) -> None:
    assert 400 <= send_json(client, path, body).status_code < 500


@pytest.mark.parametrize(
    "body", [[1], "x", {"login": 5, "password": "x"}, b"[" * 100_000], ids=lambda body: repr(body)[:30]
)
def test_a_form_is_not_sent_as_json(client: Browser, body: object) -> None:
    assert send_json(client, "/sign-in", body).status_code == 400


@pytest.mark.usefixtures("revisions")
def test_a_note_sent_as_json_is_not_kept(client: Browser, engine: Engine) -> None:
    note = {"kind": "trouble", "title": "ここ\0です", "text": "本文", "happened_on": "2026-11-20", "unit": 0}
    assert send_json(client, "/case-notes/new", note).status_code == 400
    with reading(engine) as db:
        assert db.scalars(select(CaseNote.title)).all() == []


@pytest.mark.usefixtures("revisions")
def test_json_is_not_read_beyond_its_limit(client: Browser) -> None:
    assert send_json(client, READING, {"position": "x" * 2_000_000}).status_code == 413


@pytest.mark.usefixtures("revisions")
def test_a_place_in_the_notes_is_not_repeated_at_any_length(client: Browser) -> None:
    assert client.send(READING, position="x" * 100_000).status_code == 400
    assert client.send(READING, slide=MORE_THAN_PYTHON_READS).status_code == 400


def test_a_place_in_an_ordering_may_not_have_thousands_of_digits(
    client: Browser, revisions: dict[str, int]
) -> None:
    places = {f"position-{place}": f"00{place + 1}" + "0" * 5000 for place in range(4)}
    fields = {"revision_id": str(revisions["ordered"]), "response_id": str(uuid4()), **places}
    assert client.send("/practice/checks/ordered/answer", json=True, **fields).status_code == 400


def test_a_typed_number_is_not_kept_with_a_page_of_blanks(client: Browser, revisions: dict[str, int]) -> None:
    fields = {"revision_id": str(revisions["typed"]), "response_id": str(uuid4())}
    typed = "1" + " " * 100_000 + "2"
    sent = client.send("/practice/checks/typed/answer", json=True, number=typed, **fields)
    assert sent.status_code == 400


@pytest.mark.usefixtures("revisions")
def test_a_page_says_so_when_the_database_is_gone(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also to somebody who is signed in, whom only the database could name."""

    def gone(*_: object) -> None:
        raise OperationalError("SELECT", {}, ConnectionError())

    monkeypatch.setattr("studyhub.web.sign_in.identity.sign_in_service.resolve", gone)
    answer = client.get("/practice")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    assert "Content-Security-Policy" in answer.headers
    told = client.get("/practice", headers={"Accept": "application/json"})
    assert (told.status_code, told.is_json) == (500, True)


def test_a_method_that_is_not_there_is_answered_with_those_that_are(client: Browser) -> None:
    answer = client.delete("/account", headers={"X-CSRFToken": client.csrf_token()})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
