"""The studio's pages without a script: writing, conflicts, drafts, versions, publishing, questions."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine, select, update

from studyhub.persistence.models import Draft, Material, Question, StudySession, StudySessionRevision
from studyhub.persistence.session import reading, transaction
from tests.browsing import Browser, SteppedClock
from tests.factories.pictures import make_png
from tests.factories.questions import make_question, make_syllabus
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import PASSWORD, Personas

KEY = "first-hearing"
HUB = f"/studio/study-sessions/{KEY}"
PNG = make_png()


@pytest.fixture(autouse=True)
def site(engine: Engine, now: datetime, personas: Personas, client: Browser) -> None:
    """A published session with two sections; the lecturer is signed in."""
    with transaction(engine) as db:
        topic = make_syllabus(db)[0]
        make_question(db, now, topic, key="ip-61-001")
        make_study_session(db, now, make_course(db, key="basics"), key=KEY)
    client.sign_in(personas.lecturer)


def _form(**changes: str) -> dict[str, str]:
    """What the form sends when nothing is changed."""
    return {
        "step": "save",
        "title": "最初のヒアリング",
        "course": "basics",
        "kind": "study_session",
        "minutes": "45",
        "objectives": "相手の困りごとを聞ける",
        "body": "## はじめに {#first}\r\n\r\n本文です。\r\n\r\n## まとめ {#second}\r\n\r\n本文です。\r\n",
        "base_revision": "1",
        "draft_version": "0",
    } | changes


def _plain(engine: Engine) -> list[str]:
    with reading(engine) as db:
        return list(db.scalars(select(StudySessionRevision.plain).order_by(StudySessionRevision.number)))


def test_the_home_lists_sessions_with_their_state_and_finds_them_by_words(client: Browser) -> None:
    page = client.read("/studio")
    assert "最初のヒアリング" in page
    assert "公開中" in page
    assert "最初のヒアリング" in client.read("/studio?text=ヒアリング&state=published")
    assert "条件に合う勉強会はありません" in client.read("/studio?text=どこにもない")


def test_what_is_saved_is_what_officers_read(client: Browser, personas: Personas, engine: Engine) -> None:
    answer = client.send(
        f"{HUB}/edit", **_form(title="新しい題名", body="## 章\n\n**新しい**本文", topics="ip-6.5:61")
    )
    assert (answer.status_code, answer.location) == (302, HUB)
    client.sign_out()
    client.sign_in(personas.officer)
    page = client.read(f"/study-sessions/{KEY}")
    assert "<strong>新しい</strong>本文" in page
    assert "新しい題名" in page


def test_a_refused_form_keeps_what_was_typed_and_says_why_at_the_field(
    client: Browser, engine: Engine
) -> None:
    answer = client.send(f"{HUB}/edit", **_form(title=" ", minutes="0", body="打った本文"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "題名を入力してください。" in page
    assert "打った本文" in page
    assert len(_plain(engine)) == 1


def test_the_preview_button_shows_the_notes_and_saves_nothing(client: Browser, engine: Engine) -> None:
    page = client.send(
        f"{HUB}/edit", **_form(step="preview", body="**太字**\n\n{{question ip-61-001}}\n\n{{term 無い言葉}}")
    ).get_data(as_text=True)
    assert "<strong>太字</strong>" in page
    assert "ip-61-001 に関する記述" in page
    assert "用語「無い言葉」は用語集にありません。" in page
    assert "5行目" in page
    assert len(_plain(engine)) == 1


def test_the_preview_for_scripts_is_a_part_of_the_page(client: Browser) -> None:
    part = client.send(f"{HUB}/preview", body="<script>alert(1)</script>\n\n![](figures/none.png)").get_data(
        as_text=True
    )
    assert "<html" not in part
    assert "<script" not in part
    assert "確かめるところ 2件" in part  # no description, no file


def test_topics_are_found_by_a_button_too(client: Browser) -> None:
    page = client.send(f"{HUB}/edit", **_form(step="find_topics", topic_query="項目 61")).get_data(
        as_text=True
    )
    assert 'value="ip-6.5:61"' in page
    assert "当てはまる分野がありません" in client.read("/studio/topics?q=どこにもない")


def test_a_new_course_can_be_made_while_writing(client: Browser, engine: Engine) -> None:
    client.send(f"{HUB}/edit", **_form(course="+", new_course="生成AIの入口"))
    with reading(engine) as db:
        assert db.scalars(select(StudySession)).one().course_id != 1
    page = client.send(f"{HUB}/edit", **_form(course="+", new_course=" ", base_revision="2")).get_data(
        as_text=True
    )
    assert "新しいコースの名前を入力してください。" in page


# Two people, two tabs


def test_a_conflict_shows_both_texts_and_one_may_join_them(client: Browser, engine: Engine) -> None:
    first = _form(body="私の行\n\n同じ行\n\n同じ行2\n\n終わり")
    client.send(f"{HUB}/edit", **first)
    client.send(f"{HUB}/edit", **_form(body="私の行\n\n同じ行\n\n同じ行2\n\n相手の終わり", base_revision="2"))
    late = _form(body="直した私の行\n\n同じ行\n\n同じ行2\n\n終わり", title="私の題名", base_revision="2")
    answer = client.send(f"{HUB}/edit", **late)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "別の版が先に保存されました" in page
    assert "直した私の行\n\n同じ行\n\n同じ行2\n\n相手の終わり" in page  # both changes are in
    assert 'value="私の題名"' in page
    assert 'value="最初のヒアリング"' in page
    joined = _form(
        body="直した私の行\n\n同じ行\n\n同じ行2\n\n相手の終わり", title="私の題名", base_revision="3"
    )
    assert client.send(f"{HUB}/edit", **joined).status_code == 302
    assert len(_plain(engine)) == 4


def test_a_conflict_in_the_same_line_keeps_what_was_typed(client: Browser) -> None:
    client.send(f"{HUB}/edit", **_form(body="相手の文"))
    page = client.send(f"{HUB}/edit", **_form(body="私の文")).get_data(as_text=True)
    assert "いまはあなたの入力が入っています" in page
    assert ">私の文</textarea>" in page
    assert ">相手の文</textarea>" in page
    assert "私の文" in client.read(f"{HUB}/edit")  # kept, should the page of the conflict be closed


def test_a_draft_is_kept_offered_again_and_thrown_away(client: Browser, engine: Engine) -> None:
    kept = client.send(f"{HUB}/draft", json=True, **_form(body="書きかけの本文"))
    assert kept.json == {"version": 1, "text": "下書きを保存しました 10:00", "newer": False}
    page = client.read(f"{HUB}/edit")
    assert "保存していない書きかけの続きです" in page
    assert "書きかけの本文" in page
    assert "書きかけ" in client.read(HUB)
    client.send(f"{HUB}/draft/discard")
    assert "書きかけの本文" not in client.read(f"{HUB}/edit")


def test_a_second_tab_is_told_and_shown_the_other_text(client: Browser) -> None:
    client.send(f"{HUB}/draft", json=True, **_form(body="一つめのタブ"))
    answer = client.send(f"{HUB}/draft", json=True, **_form(body="二つめのタブ"))
    assert answer.status_code == 409
    assert answer.json["body"] == "一つめのタブ"
    again = client.send(
        f"{HUB}/draft", json=True, **_form(body="二つめのタブ", draft_version=str(answer.json["version"]))
    )
    assert again.json["version"] == 2


def test_saving_ends_the_draft(client: Browser, engine: Engine) -> None:
    client.send(f"{HUB}/draft", json=True, **_form(body="書きかけ"))
    client.send(f"{HUB}/edit", **_form(body="書き終えた本文"))
    with reading(engine) as db:
        assert not db.scalars(select(Draft)).all()


def test_a_form_sent_after_the_sign_in_has_expired_is_offered_again(
    client: Browser, personas: Personas, clock: SteppedClock, engine: Engine
) -> None:
    clock.advance(days=60)
    assert client.send(f"{HUB}/draft", json=True, **_form(body="消えない本文")).status_code == 401
    page = client.send(f"{HUB}/edit", **_form(body="消えない本文")).get_data(as_text=True)
    carry = page.split('name="carry" type="hidden" value="')[1].split('"')[0]
    resumed = client.send("/sign-in", login=personas.lecturer.login, password=PASSWORD, carry=carry)
    assert "消えない本文" in resumed.get_data(as_text=True)
    assert len(_plain(engine)) == 1


# Figures


def test_a_figure_is_stored_and_its_markdown_given_back(client: Browser, engine: Engine) -> None:
    answer = client.send(
        f"{HUB}/figures", json=True, figure=(BytesIO(PNG), "構成 図.png"), figure_alt="三つの[段階]の図"
    )
    assert answer.json == {"markdown": "![三つの［段階］の図](figures/構成-図.png)"}
    with reading(engine) as db:
        material = db.scalars(select(Material)).one()
        assert (material.role, material.path) == ("figure", "figures/構成-図.png")
    part = client.send(f"{HUB}/preview", body=answer.json["markdown"]).get_data(as_text=True)
    assert f"/files/{material.file_id}" in part


@pytest.mark.parametrize(
    ("name", "content", "alternative", "said"),
    [
        ("a.png", PNG, " ", "何を表す図か"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "図", "a.png"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "図", "a.svg"),
        ("a.csv", b"a,b\n1,2\n", "図", "図にできるのは"),
        ("", b"", "図", "選んでください"),
    ],
)
def test_a_figure_that_cannot_be_taken_has_a_sentence(
    client: Browser, name: str, content: bytes, alternative: str, said: str, engine: Engine
) -> None:
    answer = client.send(f"{HUB}/figures", json=True, figure=(BytesIO(content), name), figure_alt=alternative)
    assert answer.status_code == 400
    assert said in answer.json["message"]
    with reading(engine) as db:
        assert not db.scalars(select(Material)).all()


def test_without_a_script_a_figure_lands_at_the_end_of_the_text(client: Browser) -> None:
    fields = _form(step="figure", body="打った本文") | {
        "figure": (BytesIO(PNG), "a.png"),
        "figure_alt": "図の説明",
    }
    page = client.send(f"{HUB}/edit", **fields).get_data(as_text=True)
    assert "打った本文\n\n![図の説明](figures/a.png)" in page


# Versions


def test_versions_are_listed_compared_and_brought_back(client: Browser, engine: Engine) -> None:
    client.send(f"{HUB}/edit", **_form(title="別の題名", body="別の本文"))
    page = client.read(f"{HUB}/versions")
    assert "第2版" in page
    assert "ファイルから" in page
    difference = client.read(f"{HUB}/versions/compare?old=1&new=2")
    assert "消えた行" in difference
    assert "<ins>" in difference
    assert "別の本文" in client.read(f"{HUB}/versions/2")
    assert client.send(f"{HUB}/versions/1/restore").location == HUB
    assert _plain(engine)[2].split() == ["はじめに", "本文です。", "まとめ", "本文です。"]


# Publishing


def test_the_steps_of_publishing_are_buttons_of_their_own(
    client: Browser, personas: Personas, engine: Engine
) -> None:
    assert "下書きに戻しました" in _followed(client, f"{HUB}/unpublish")
    assert "いま公開する" in client.read(HUB)
    assert "公開を予約しました" in _followed(client, f"{HUB}/schedule", day="2026-12-01", time="09:00")
    assert "2026年12月1日（火） 09:00に自動で公開" in client.read(HUB)
    assert "公開しました" in _followed(client, f"{HUB}/publish")
    assert "ごみ箱に移しました" in _followed(client, f"{HUB}/delete")
    client.read(f"{HUB}/edit", status=404)
    assert "最初のヒアリング" in client.read("/studio?state=deleted")
    assert "最初のヒアリング" not in client.read("/studio")
    assert "いまは下書きです" in _followed(client, f"{HUB}/bring-back")


def _followed(client: Browser, path: str, **fields: str) -> str:
    answer = client.send(path, **fields)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return client.read(answer.location)


def test_a_time_in_the_past_is_refused_at_its_field(client: Browser) -> None:
    client.send(f"{HUB}/unpublish")
    answer = client.send(f"{HUB}/schedule", day="2020-01-01", time="09:00")
    assert answer.status_code == 400
    assert "これからの日時を入力してください。" in answer.get_data(as_text=True)


def test_an_empty_draft_is_not_published_and_says_what_is_missing(client: Browser) -> None:
    client.send(f"{HUB}/unpublish")
    client.send(f"{HUB}/edit", **_form(body=""))
    answer = client.send(f"{HUB}/publish")
    assert answer.status_code == 400
    assert "本文か資料のどちらかを入れてから公開してください。" in answer.get_data(as_text=True)


def test_an_english_reader_meets_english_names_in_the_studio(client: Browser) -> None:
    client.send("/account/language", locale="en")
    listed = client.read("/studio")
    assert "The first hearing" in listed
    assert "最初のヒアリング" not in listed
    assert ">Basics</a>" in client.read(HUB)
    client.send(f"{HUB}/check", step="add", question="ip-61-001")
    assert "<span>Topic 61</span>" in client.read(f"{HUB}/check")


# Check questions and export


def test_questions_are_picked_from_the_pool_and_met_on_the_page(client: Browser, personas: Personas) -> None:
    assert "ip-61-001" in client.read(f"{HUB}/check?text=記述")
    client.send(f"{HUB}/check", step="add", question="ip-61-001")
    assert "外す" in client.read(f"{HUB}/check")
    client.sign_out()
    client.sign_in(personas.officer)
    assert "ip-61-001 に関する記述" in client.read(f"/study-sessions/{KEY}")


def test_picked_questions_that_nobody_can_see_yet_are_published_together(
    client: Browser, engine: Engine
) -> None:
    client.send(f"{HUB}/check", step="add", question="ip-61-001")
    assert "まだ公開されていない" not in client.read(f"{HUB}/check")
    with transaction(engine) as db:
        db.execute(update(Question).where(Question.key == "ip-61-001").values(status="draft"))
    assert "まだ公開されていない問題が1問あります。" in client.read(f"{HUB}/check")
    hub = client.read(HUB)
    assert "1問（うち1問は未公開）" in hub
    assert '問題「<a href="/studio/questions/ip-61-001">ip-61-001</a>」はまだ公開されていません。' in hub
    assert f'href="{HUB}/check#unpublished"' in hub
    assert 'id="unpublished"' in client.read(f"{HUB}/check")
    sent = {"keys": "ip-61-001", "action": "status", "value": "published", "next": f"{HUB}/check"}
    plan = client.send("/studio/questions/bulk", **sent).get_data(as_text=True)
    digest = plan.split('name="digest" value="')[1].split('"')[0]
    client.send("/studio/questions/bulk/apply", **sent, digest=digest)
    assert "まだ公開されていない" not in client.read(f"{HUB}/check")


def test_what_was_looked_for_among_the_questions_is_carried_on_at_its_length_and_no_longer(
    client: Browser,
) -> None:
    answer = client.send(
        f"{HUB}/check", step="add", question="ip-61-001", text="あ" * 100_000, topic="い" * 100_000
    )
    assert len(answer.headers["Location"]) < 3_000


def test_a_session_is_taken_along_as_a_folder(client: Browser) -> None:
    with client.get(f"{HUB}/export.zip") as answer, ZipFile(BytesIO(answer.get_data())) as archive:
        names = archive.namelist()
        page = archive.read(next(name for name in names if name.endswith("session.md"))).decode()
    assert names[0] == "basics/course.yaml"
    assert "title: 最初のヒアリング" in page
    assert "## はじめに {#first}" in page
