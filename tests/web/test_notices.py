"""Every kind of notice as a sentence in both languages, whatever it names; reading them; the bell."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from studyhub.domain.notices import NoticeKind
from studyhub.persistence.models import User
from studyhub.persistence.session import transaction
from studyhub.services.notices import tell
from studyhub.web.notices.sentences import detail, sentence
from tests.browsing import Browser
from tests.personas import Personas

NAMED: dict[str, Any] = {
    "question": "ip-61-001", "question_title": "暗号の問題", "reason": "選択肢が二つとも正しい。", "old": "wrong",
    "new": "right", "what": {"kind": "topic", "title": "暗号", "title_en": "Cryptography", "band": "firm"},
    "due": "2026-12-01", "by": "田中 真理", "title": "暗号", "answer": "直しました。", "verdict": "approved",
    "comment": "よいです。", "session": "privacy", "state": "registered", "where": "case_note",
}  # fmt: skip


ODD: list[dict[str, Any]] = [
    {},
    NAMED,
    {"from": "the future"},
    *(dict.fromkeys(NAMED, odd) for odd in (None, 7, ["x"], {"x": {}}, "<b>%(x)s</b>")),
]


def test_a_notice_is_a_sentence_whatever_it_names(app: Flask) -> None:
    with app.test_request_context():
        for kind in NoticeKind:
            for params in ODD:
                assert sentence(kind, params)
                assert isinstance(detail(kind, params), str)


def test_what_happened_is_said_in_full(app: Flask) -> None:
    said = {
        NoticeKind.ASSIGNMENT: "田中 真理さんから頼まれました：「暗号」を「定着」まで学ぶ（2026年12月1日（火）まで）",
        NoticeKind.REMINDER: "期限が近づいています：「暗号」を「定着」まで学ぶ（2026年12月1日（火）まで）",
        NoticeKind.CORRECTION: "答えた問題の正解が訂正されました：暗号の問題",
        NoticeKind.SEAT: "席が取れました：暗号",
        NoticeKind.REVIEWED: "問題が承認されました：暗号の問題",
        NoticeKind.COMMENT: "事例ノートにコメントが付きました：暗号",
    }
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        assert {kind: sentence(kind, NAMED) for kind in said} == said


def test_old_and_new_mark_of_a_correction_stand_below_it(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        said = detail(NoticeKind.CORRECTION, NAMED)
    assert said == "あなたの回答：不正解 → 正解　理由：選択肢が二つとも正しい。"


def test_a_session_held_after_all_is_told_with_its_day_and_place(app: Flask) -> None:
    meeting = {"held_on": "2026-12-11", "starts_at": "2026-12-11T01:00:00+00:00", "place": "大会議室"}
    params = {"title": "暗号", "what": "held", "new": meeting}
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        assert sentence(NoticeKind.SESSION_CHANGED, params) == "勉強会が開かれることになりました：暗号"
        assert detail(NoticeKind.SESSION_CHANGED, params) == "2026年12月11日（金） 10:00 大会議室"


def test_a_comment_names_the_workshop_in_the_reader_s_language(app: Flask) -> None:
    params = {"title": "業務の流れ", "title_en": "The flow of work", "where": "worksheet"}
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert sentence(NoticeKind.COMMENT, params).endswith("The flow of work")
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        assert sentence(NoticeKind.COMMENT, params).endswith("業務の流れ")


@pytest.fixture
def three_told(engine: Engine, personas: Personas, now: datetime) -> None:
    with transaction(engine) as db:
        for title, path in (("一つ目", "/ask"), ("二つ目", "/study-sessions"), ("三つ目", "")):
            people = [personas.officer.user_id]
            tell(db, people, NoticeKind.ANSWER, {"title": f"<i>{title}</i>"}, path, now)


def bell(page: str) -> str:
    found = re.search(r'site-tool-count">([^<]*)<', page)
    return found[1] if found else ""


def test_the_bell_counts_what_is_unread_on_every_page(
    client: Browser, personas: Personas, three_told: None
) -> None:
    client.sign_in(personas.officer)
    assert bell(client.read("/study-sessions")) == "3"
    client.sign_out()
    client.sign_in(personas.lecturer)
    assert bell(client.read("/study-sessions")) == ""


def test_opening_a_notice_reads_it_and_goes_where_it_leads(
    client: Browser, personas: Personas, three_told: None
) -> None:
    client.sign_in(personas.officer)
    page = client.read("/notices")
    assert page.index("三つ目") < page.index("二つ目") < page.index("一つ目")
    assert "<i>" not in page
    opened = re.findall(r'action="(/notices/\d+/open)"', page)
    assert client.send(opened[0]).headers["Location"] == "/study-sessions"
    page = client.read("/notices")
    assert bell(page) == "2"
    assert page.index("一つ目") < page.index("二つ目"), "what is read stands below what is not"


def test_all_are_read_at_once_but_not_what_came_after_the_page(
    client: Browser, engine: Engine, personas: Personas, three_told: None, now: datetime
) -> None:
    client.sign_in(personas.officer)
    newest = re.search(r'name="up_to" value="(\d+)"', client.read("/notices"))
    assert newest is not None
    with transaction(engine) as db:
        tell(db, [personas.officer.user_id], NoticeKind.ANSWER, {"title": "四つ目"}, "/ask", now)
    client.send("/notices/read", up_to=newest[1])
    assert bell(client.read("/notices")) == "1"


def test_somebody_else_s_notice_does_not_exist(client: Browser, personas: Personas, three_told: None) -> None:
    client.sign_in(personas.officer)
    address = re.findall(r'action="(/notices/\d+/open)"', client.read("/notices"))[0]
    client.sign_out()
    client.sign_in(personas.colleague_elsewhere)
    assert client.send(address).status_code == 404


def test_mail_is_stopped_on_the_account_page(client: Browser, engine: Engine, personas: Personas) -> None:
    with transaction(engine) as db:
        db.get_one(User, personas.officer.user_id).email = "hanako@example.jp"
    client.sign_in(personas.officer)
    assert "メールを止める" in client.read("/account")
    client.send("/account/mail", wants_mail="no")
    assert "メールは止めています。" in client.read("/account")
    client.send("/account/mail", wants_mail="yes")
    assert "メールを止める" in client.read("/account")
