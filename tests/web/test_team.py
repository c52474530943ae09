"""The team's pages, as a browser without scripts gets them."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, func, select

from studyhub.persistence.models import AuditEntry, Post, ProgressLook, SiteSetting, Unit
from studyhub.persistence.session import reading, transaction
from tests.browsing import Browser
from tests.factories.people import make_unit
from tests.factories.team import make_people
from tests.furnished import furnish
from tests.furnishings.assignments import ASSIGNMENT_ID
from tests.personas import Personas


@pytest.fixture
def furnished(engine: Engine, personas: Personas, now: datetime) -> None:
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=3)


@pytest.fixture
def twelve_answers(engine: Engine, personas: Personas, furnished: None, now: datetime) -> None:
    """Of the officer's, four to a topic: too few give no band."""
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=9)


@pytest.fixture
def supervisor(client: Browser, personas: Personas, furnished: None) -> Browser:
    client.sign_in(personas.supervisor)
    return client


@pytest.mark.usefixtures("twelve_answers")
def test_a_cell_says_band_and_count_in_words_and_its_age_in_the_title(supervisor: Browser) -> None:
    page = supervisor.read("/team")
    assert 'title="4問、最後は今日">要復習<span class="band-detail">4問</span>' in page
    assert "佐藤 花子" in page
    assert "髙﨑 健" not in page


def test_the_purpose_of_the_settings_stands_above_the_matrix(
    supervisor: Browser, engine: Engine, now: datetime
) -> None:
    with transaction(engine) as db:
        db.add(SiteSetting(name="purpose", value="学びの支援にだけ使います。", changed_at=now))
    page = supervisor.read("/team")
    assert page.index("学びの支援にだけ使います。") < page.index("<table")


def test_heads_of_rows_and_columns_are_named_as_such(supervisor: Browser) -> None:
    page = supervisor.read("/team")
    assert '<th scope="row"' in page
    assert '<th scope="col"' in page
    assert 'href="/team?lens=ip-6.5&amp;topic=ip-6.5:61' in page.replace("%3A", ":")


def test_looking_is_noted_for_each_person_shown(
    supervisor: Browser, engine: Engine, personas: Personas
) -> None:
    supervisor.read("/team")
    supervisor.read("/team")
    supervisor.read(f"/team/people/{personas.officer.user_id}")
    with reading(engine) as db:
        looks = db.execute(
            select(ProgressLook.kind, ProgressLook.times).where(
                ProgressLook.subject_id == personas.officer.user_id
            )
        ).all()
    assert sorted(tuple(look) for look in looks) == [("matrix", 2), ("person", 1)]
    supervisor.sign_in(personas.officer)
    page = supervisor.read("/progress/looks")
    for words in ("田中 真理", "一覧で見た", "個人のページを見た", "2回"):
        assert words in page


def test_a_person_s_page_shows_topics_and_weeks_but_no_question(
    supervisor: Browser, personas: Personas
) -> None:
    page = supervisor.read(f"/team/people/{personas.officer.user_id}")
    assert "項目 61" in page
    assert "問から）" in page
    assert "に関する記述" not in page
    assert "練習する" not in page


def test_a_person_s_page_shows_what_is_asked_and_whether_it_is_done_but_not_how_far_it_is(
    supervisor: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    page = supervisor.read(f"/team/people/{personas.officer.user_id}")
    asked = page[page.index('id="asked"') : page.index('id="map"')]
    assert "期限が近い" in asked
    assert "済んだもの" in asked
    assert f'href="/team/assignments/{ASSIGNMENT_ID}"' in asked
    assert "章を読んだ" not in asked
    assert "問に回答" not in asked
    assert 'id="asked"' not in supervisor.read(f"/team/people/{_newcomer(engine, now)}")


def _newcomer(engine: Engine, now: datetime) -> int:
    with transaction(engine) as db:
        section = db.scalars(select(Unit).where(Unit.name == "企画課")).one()
        return make_people(db, now, section, 1)[0].id


def test_a_person_elsewhere_is_not_found(supervisor: Browser, personas: Personas) -> None:
    supervisor.read(f"/team/people/{personas.colleague_elsewhere.user_id}", 404)
    supervisor.read(f"/team/people/{personas.supervisor.user_id}", 404)


def test_a_supervisor_who_leads_nobody_is_told_why_the_page_is_empty(
    supervisor: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        post = db.scalars(select(Post).where(Post.user_id == personas.supervisor.user_id)).one()
        post.heads_unit = False
    page = supervisor.read("/team")
    assert "あなたが長を務める部署はありません" in page
    assert supervisor.read("/team/export").count("あなたが長を務める部署はありません") == 1
    assert supervisor.send("/team/export", reason="12月の準備", file_format="csv").status_code == 200


def test_nothing_of_a_unit_is_said_when_it_is_small(
    supervisor: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        section = db.scalars(select(Unit).where(Unit.name == "企画課")).one()
        make_people(db, now, make_unit(db, now, name="庶務係", level="team", parent_id=section.id), 1)
    page = supervisor.read("/team")
    assert "5人に満たないため" in page
    assert "集計を待っています" in page


@pytest.mark.parametrize(
    "query",
    ["?since=x&order=y&level=z&page=-3", "?topic=other:1&lens=ip-6.5", "?title=x", "?level=99", "?page=9"],
)
def test_strange_addresses_still_show_the_page(query: str, supervisor: Browser) -> None:
    assert "チームの学習状況" in supervisor.read(f"/team{query}")


def test_an_export_needs_a_reason_and_keeps_what_was_typed(supervisor: Browser, engine: Engine) -> None:
    refused = supervisor.send("/team/export", reason="あ", file_format="csv")
    assert refused.status_code == 400
    assert "書き出す理由を書いてください" in refused.text
    assert ">あ</textarea>" in refused.text
    with reading(engine) as db:
        assert not db.scalar(select(func.count()).where(AuditEntry.action == "team.export"))


@pytest.mark.usefixtures("twelve_answers")
def test_an_export_has_the_bands_in_words(supervisor: Browser, engine: Engine) -> None:
    sent = supervisor.send("/team/export", reason="12月の勉強会の準備", file_format="xlsx", lens="ip-6.5")
    assert sent.status_code == 200
    assert "attachment" in sent.headers["Content-Disposition"]
    sheet = load_workbook(BytesIO(sent.data)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:7] == ["氏名", "ふりがな", "所属", "職名", "最後に学習した日", "全体", "全体の回答数"]
    assert [row[5:7] for row in rows if row[0] == "佐藤 花子"] == [["要復習", 12]]
    with reading(engine) as db:
        assert db.scalar(select(func.count()).where(AuditEntry.action == "team.export")) == 1


def test_the_pages_speak_english(supervisor: Browser, personas: Personas) -> None:
    supervisor.send("/account/language", locale="en")
    for address in ("/team", f"/team/people/{personas.officer.user_id}", "/team/export", "/progress/looks"):
        assert '<html lang="en"' in supervisor.read(address)
