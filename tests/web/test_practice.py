"""The pages of practice as a browser without scripts and one with them use them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select

from studyhub.persistence.models import PracticeItem, Question, QuestionReport, Response, UnsureMark
from studyhub.persistence.session import reading, transaction
from tests.browsing import Browser, SteppedClock
from tests.domain.question_samples import BODIES, NUMERIC, SCENARIO, SINGLE, question
from tests.factories.questions import make_questions, make_syllabus, store_question
from tests.personas import Personas


@pytest.fixture
def officer(client: Browser, personas: Personas) -> Browser:
    client.sign_in(personas.officer)
    return client


@pytest.fixture
def pool(engine: Engine, now: datetime) -> None:
    with transaction(engine) as db:
        first, second = make_syllabus(db, leaves=("61", "62"))
        make_questions(db, now, first, 2)
        make_questions(db, now, second, 1)


def begin(browser: Browser, **fields: Any) -> str:
    """Path of the new set."""
    response = browser.send("/practice/sets", **({"mode": "random", "minutes": "15"} | fields))
    assert response.status_code == 302, response.text
    assert response.location.endswith("/1"), response.location
    return response.location.rsplit("/", 1)[0]


def hidden_id(page: str) -> str:
    found = re.search(r'name="response_id" value="([^"]+)"', page)
    assert found
    return found[1]


def stored(engine: Engine) -> int:
    with reading(engine) as db:
        return db.scalar(select(func.count()).select_from(Response)) or 0


def place_of_key(engine: Engine, position: int = 1) -> int:
    with reading(engine) as db:
        order = db.scalars(select(PracticeItem.shown_order).where(PracticeItem.position == position)).one()
        return int(order.index(0))


@pytest.mark.usefixtures("pool")
def test_a_set_is_worked_through_without_scripts(officer: Browser, engine: Engine) -> None:
    path = begin(officer)
    for position in (1, 2, 3):
        page = officer.read(f"{path}/{position}")
        assert "解説です" not in page
        assert "理由" not in page
        sent = officer.send(f"{path}/{position}/answer", response_id=hidden_id(page), choice="0")
        assert sent.location == f"{path}/{position}"
        feedback = officer.read(f"{path}/{position}")
        assert "解説です" in feedback
        assert "保存済み" in feedback
    assert "結果を見る" in feedback
    assert officer.get(path).location == f"{path}/result"
    assert "3問中" in officer.read(f"{path}/result")
    assert stored(engine) == 3


@pytest.mark.usefixtures("pool")
def test_a_script_gets_the_feedback_as_parts_of_the_page(officer: Browser, engine: Engine) -> None:
    path = begin(officer)
    answer_id = str(uuid4())
    fields: dict[str, Any] = {
        "response_id": answer_id,
        "choice": str(place_of_key(engine)),
        "unsure": "1",
        "duration_ms": "4200",
    }
    for again in (False, True):
        body = officer.send(f"{path}/1/answer", json=True, **fields).get_json()
        assert (body["saved"], body["id"], body["correct"], body["again"]) == (True, answer_id, True, again)
        assert "data-feedback-title" in body["html"]
        assert "data-next" in body["bar"]
    assert stored(engine) == 1
    with reading(engine) as db:
        given = db.scalars(select(Response)).one()
        assert (given.unsure, given.duration_ms) == (True, 4200)


@pytest.mark.usefixtures("pool")
def test_json_is_as_good_as_a_form(officer: Browser, engine: Engine) -> None:
    path = begin(officer)
    response = officer.post(
        f"{path}/1/answer",
        data=json.dumps({"response_id": str(uuid4()), "choice": place_of_key(engine), "unsure": False}),
        headers={
            "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": officer.csrf_token(),
        },
    )  # fmt: skip
    assert response.get_json()["correct"]
    with reading(engine) as db:
        assert not db.scalars(select(Response.unsure)).one()


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"response_id": "1", "choice": "0"},
        {"response_id": str(uuid4())},
        {"response_id": str(uuid4()), "choice": "7"},
    ],
)
def test_an_answer_that_cannot_be_read_is_asked_for_again(
    officer: Browser, engine: Engine, fields: dict[str, Any]
) -> None:
    path = begin(officer)
    page = officer.send(f"{path}/1/answer", **fields)
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert officer.send(f"{path}/1/answer", json=True, **fields).get_json()["message"]
    assert stored(engine) == 0


def test_what_was_typed_stays_after_an_error(officer: Browser, engine: Engine, now: datetime) -> None:
    with transaction(engine) as db:
        (topic,) = make_syllabus(db)
        store_question(db, now, topic, question(NUMERIC))
    path = begin(officer)
    page = officer.send(f"{path}/1/answer", response_id=str(uuid4()), number="十二日半", unsure="1").text
    assert 'value="十二日半"' in page
    assert re.search(r'name="unsure" value="1" checked', page)


@pytest.mark.usefixtures("pool")
def test_an_id_of_another_answer_is_refused_without_telling_whose(
    officer: Browser, app: object, personas: Personas, engine: Engine
) -> None:
    path = begin(officer)
    taken = str(uuid4())
    officer.send(f"{path}/1/answer", response_id=taken, choice="0")
    assert officer.send(f"{path}/2/answer", json=True, response_id=taken, choice="0").status_code == 409
    officer.send("/sign-out")
    officer.sign_in(personas.lecturer)
    refused = officer.send(f"{begin(officer)}/1/answer", json=True, response_id=taken, choice="0")
    assert refused.status_code == 409
    assert "佐藤" not in refused.text
    assert stored(engine) == 1


@pytest.mark.usefixtures("pool")
def test_a_second_device_sees_the_first_answer_and_is_told(officer: Browser, engine: Engine) -> None:
    path = begin(officer)
    officer.send(f"{path}/1/answer", response_id=str(uuid4()), choice="0")
    body = officer.send(f"{path}/1/answer", json=True, response_id=str(uuid4()), choice="1").get_json()
    assert "別の画面か端末で先に回答しています" in body["html"]
    assert stored(engine) == 2


@pytest.mark.usefixtures("pool")
def test_an_answer_kept_offline_tells_when_it_was_given(
    officer: Browser, engine: Engine, clock: SteppedClock, now: datetime
) -> None:
    path = begin(officer)
    clock.advance(hours=3)
    given_at = "2026-11-23T10:30:00+09:00"
    officer.send(f"{path}/1/answer", json=True, response_id=str(uuid4()), choice="0", answered_at=given_at)
    officer.send(f"{path}/2/answer", json=True, response_id=str(uuid4()), choice="0", answered_at="yesterday")
    with reading(engine) as db:
        first, second = db.scalars(select(Response.answered_at).order_by(Response.seq))
    assert (first.isoformat(), second) == ("2026-11-23T01:30:00+00:00", clock.at)


@pytest.mark.usefixtures("pool")
def test_after_the_sign_in_has_ended_a_script_is_told_and_a_form_is_carried(
    officer: Browser, personas: Personas, engine: Engine
) -> None:
    path = begin(officer)
    officer.send("/sign-out")
    fields: dict[str, Any] = {"response_id": str(uuid4()), "choice": "0"}
    assert officer.send(f"{path}/1/answer", json=True, **fields).status_code == 401
    assert officer.send(f"{path}/1/answer", **fields).status_code == 401
    officer.sign_in(personas.officer)
    assert officer.send(f"{path}/1/answer", json=True, **fields).get_json()["saved"]
    assert stored(engine) == 1


@pytest.mark.usefixtures("pool")
def test_a_stale_token_stores_nothing(officer: Browser, engine: Engine) -> None:
    path = begin(officer)
    fields: dict[str, Any] = {"response_id": str(uuid4()), "choice": "0", "csrf_token": "stale"}
    refused = officer.post(f"{path}/1/answer", data=fields, headers={"Accept": "application/json"})
    assert refused.status_code == 400
    assert stored(engine) == 0


@pytest.mark.usefixtures("pool")
def test_leaving_and_coming_back_leads_to_the_first_open_question(officer: Browser) -> None:
    path = begin(officer)
    assert officer.get(path).location == f"{path}/1"
    officer.send(f"{path}/1/answer", response_id=str(uuid4()), choice="0")
    assert officer.get(path).location == f"{path}/2"
    assert "続きから（1/3）" in officer.read("/practice")
    state = officer.get(f"{path}/state").get_json()
    assert (state["state"], state["current"]) == ("running", 2)
    assert [item["answered"] for item in state["items"]] == [True, False, False]


@pytest.mark.usefixtures("pool")
def test_a_set_can_be_ended_early(officer: Browser) -> None:
    path = begin(officer)
    assert officer.send(f"{path}/finish").location == f"{path}/result"
    assert "回答していない問題が3問" in officer.read(f"{path}/result")
    assert "続きから" not in officer.read("/practice")
    assert "残りの問題に答える" in officer.read(f"{path}/result")
    assert officer.get(path).location == f"{path}/1"


@pytest.mark.usefixtures("pool")
def test_a_set_left_for_another_takes_a_late_answer_and_leads_to_its_result(officer: Browser) -> None:
    path = begin(officer)
    begin(officer)
    assert officer.get(path).location == f"{path}/result"
    late = officer.send(f"{path}/2/answer", json=True, response_id=str(uuid4()), choice="0").get_json()
    assert late["saved"]
    assert f"{path}/result" in late["bar"]
    assert "残りの問題に答える" not in officer.read(f"{path}/result")


@pytest.mark.usefixtures("pool")
def test_a_lucky_guess_is_told_after_the_feedback(officer: Browser, engine: Engine) -> None:
    path = begin(officer)
    officer.send(f"{path}/1/answer", response_id=str(uuid4()), choice=str(place_of_key(engine)))
    assert "たまたま正解した" in officer.read(f"{path}/1")
    officer.send(f"{path}/1/unsure")
    assert "「自信がない」と記録しました" in officer.read(f"{path}/1")
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(UnsureMark)) == 1


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize("mode", ["weak", "mistakes"])
def test_a_mode_with_nothing_in_it_says_what_to_do_instead(officer: Browser, mode: str) -> None:
    response = officer.send("/practice/sets", mode=mode)
    assert response.location == f"/practice?nothing={mode}"
    assert "今日の学習」" in officer.read(response.location)


def test_a_site_without_questions_says_so(officer: Browser) -> None:
    assert "練習できる問題はまだありません" in officer.read("/practice")


@pytest.mark.usefixtures("pool")
def test_a_topic_is_practised_from_the_tree(officer: Browser) -> None:
    assert 'value="ip-6.5:62"' in officer.read("/practice")
    assert len(officer.get(f"{begin(officer, topic='ip-6.5:62', mode='')}/state").get_json()["items"]) == 1
    assert officer.send("/practice/sets", topic="ip-6.5:none").status_code == 404
    assert officer.send("/practice/sets", mode="nonsense").status_code == 400


@pytest.mark.usefixtures("pool")
def test_a_fault_is_reported_and_leads_back(officer: Browser, engine: Engine) -> None:
    path = begin(officer)
    revision = re.search(r'name="revision_id" value="(\d+)"', officer.read(f"{path}/1"))
    assert revision
    fields: dict[str, Any] = {"revision_id": revision[1], "kind": "unclear", "text": "語が分かりにくい"}
    assert officer.send("/practice/reports", next=f"{path}/1", **fields).location == f"{path}/1"
    assert officer.send("/practice/reports", next="//evil.example", **fields).location == "/practice"
    assert "お知らせを受け付けました" in officer.read(f"{path}/1")
    with reading(engine) as db:
        assert db.scalars(select(QuestionReport.text)).all() == ["語が分かりにくい"]


@pytest.mark.usefixtures("pool")
def test_a_check_question_answers_back_to_its_page(officer: Browser, engine: Engine) -> None:
    with reading(engine) as db:
        key, revision = db.execute(select(Question.key, Question.current_revision_id)).first() or ("", 0)
    fields: dict[str, Any] = {"revision_id": str(revision), "choice": "0", "next": "/study-sessions/a#check"}
    address = f"/practice/checks/{key}/answer"
    assert officer.send(address, response_id=str(uuid4()), **fields).location == "/study-sessions/a#check"
    body = officer.send(address, json=True, response_id=str(uuid4()), **fields).get_json()
    assert body["saved"]
    assert "data-feedback-title" in body["html"]
    assert f'data-check-state="{key}"' in body["state"]
    assert "未回答" not in body["state"]
    with reading(engine) as db:
        assert set(db.scalars(select(Response.context))) == {"check"}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("locale", ["ja", "en"])
def test_every_kind_has_its_form_and_its_feedback(
    officer: Browser, engine: Engine, now: datetime, body: object, locale: str
) -> None:
    with transaction(engine) as db:
        (topic,) = make_syllabus(db)
        store_question(db, now, topic, question(body))  # type: ignore[arg-type]
    officer.send("/account/language", locale=locale)
    path = begin(officer)
    page = officer.read(f"{path}/1")
    if body is SINGLE:
        assert f'<span class="choice-key">{"ア" if locale == "ja" else "A"}</span>' in page
    fields: dict[str, Any] = {
        "choice": "0", "number": "3", "part-0-choice": "1", "part-1-number": "12.5",
        **{f"position-{n}": str(n + 1) for n in range(4)}, **{f"match-{n}": str(n) for n in range(3)},
    }  # fmt: skip
    assert officer.send(f"{path}/1/answer", response_id=str(uuid4()), **fields).status_code == 302
    feedback = officer.read(f"{path}/1")
    assert "data-feedback-title" in feedback
    assert ("part-0" in page) is (body is SCENARIO)
