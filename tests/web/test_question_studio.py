"""Questions in the browser, without scripts: written, seen as officers see them, checked, published, changed."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select

from studyhub.persistence.models import Question, QuestionRevision, SiteSetting, StudySessionRevision
from studyhub.persistence.session import reading, transaction
from tests.browsing import Browser
from tests.domain.question_samples import SCENARIO, question
from tests.factories.progress import make_answer
from tests.factories.questions import make_question, make_syllabus, store_question, topic_of
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas

ALL = "/studio/questions"
NAME = "33333333-3333-4333-8333-333333333333"
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
WRITTEN: dict[str, Any] = {
    "kind": "single_choice", "stem": "使いたいときに使える性質はどれか。", "topics": "ip-6.5:61", "correct": "1",
    "row-0-text": "機密性", "row-0-reason": "見せない性質です。", "row-1-text": "可用性", "row-1-reason": "使える性質です。",
    "explanation": "三つの性質を区別します。", "level": "understand", "facility": "6", "as_of": "2026-11",
}  # fmt: skip


@pytest.fixture
def lecturer(client: Browser, engine: Engine, personas: Personas, now: datetime) -> Browser:
    with transaction(engine) as db:
        leaves = make_syllabus(db, leaves=("61", "62"))
        make_question(db, now, leaves[0], key="ip-61-001")
        make_study_session(db, now, make_course(db), key="first-hearing")
    client.sign_in(personas.lecturer)
    return client


def create(browser: Browser, **fields: Any) -> str:
    """The key of a new question."""
    saved = browser.send(f"{ALL}/new", **WRITTEN | fields)
    assert saved.status_code == 302, saved.get_data(as_text=True)
    return str(saved.headers["Location"]).rpartition("/")[2]


def status_of(engine: Engine, key: str) -> str:
    with reading(engine) as db:
        return db.scalars(select(Question.status).where(Question.key == key)).one()


def test_a_question_is_written_seen_and_published(lecturer: Browser, engine: Engine) -> None:
    key = create(lecturer)
    page = lecturer.read(f"{ALL}/{key}")
    for text in (
        "回答する前",
        "回答した後",
        "使える性質です。",
        "三つの性質を区別します。",
        "公開できる内容です。",
    ):
        assert text in page
    published = lecturer.send(f"{ALL}/{key}/status", step="publish", base_revision="1")
    assert published.status_code == 302
    assert status_of(engine, key) == "published"


def test_rows_come_and_go_without_a_script_and_nothing_typed_is_lost(lecturer: Browser) -> None:
    page = lecturer.send(f"{ALL}/new", **WRITTEN, step="row:add").get_data(as_text=True)
    assert 'name="row-2-text"' in page
    assert "使いたいときに使える性質はどれか。" in page
    page = lecturer.send(f"{ALL}/new", **WRITTEN, step="row:remove-0").get_data(as_text=True)
    assert "機密性" not in page
    assert re.search(r'name="correct" value="0" checked', page)
    numeric = WRITTEN | {"kind": "numeric", "step": "kind"}
    assert 'name="value"' in lecturer.send(f"{ALL}/new", **numeric).get_data(as_text=True)


def test_what_is_missing_is_said_at_its_field_and_the_form_keeps_what_was_typed(lecturer: Browser) -> None:
    refused = lecturer.send(f"{ALL}/new", **WRITTEN | {"topics": "", "facility": "12"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 400
    assert 'href="#topics"' in page
    assert 'id="facility-error"' in page
    assert "三つの性質を区別します。" in page


def test_a_draft_may_be_unfinished_and_is_not_published_before_it_is_sound(
    lecturer: Browser, engine: Engine
) -> None:
    key = create(lecturer, explanation="", correct="")
    page = lecturer.read(f"{ALL}/{key}")
    assert "解説がありません。" in page
    assert 'value="publish"' not in page
    refused = lecturer.send(f"{ALL}/{key}/status", step="publish", base_revision="1")
    assert refused.status_code == 400
    assert status_of(engine, key) == "draft"


def test_what_a_published_question_needs_is_named_with_the_labels_of_the_form(lecturer: Browser) -> None:
    key = create(lecturer, explanation="", facility="", as_of="", level="")
    page = lecturer.read(f"{ALL}/{key}")
    assert "「はじめて解く職員10人のうち、何人が正解しそうですか」に数を書いてください。" in page
    assert "「内容を確かめた年月」を書いてください。" in page
    assert "「水準」を選んでください。" in page
    assert not re.search(r"（(expected_facility|as_of|level|explanation)）", page)
    assert lecturer.read(f"{ALL}/{key}/edit").count("公開に必要") >= 5


def test_two_people_who_save_see_both(lecturer: Browser) -> None:
    key = create(lecturer)
    assert (
        lecturer.send(f"{ALL}/{key}/edit", **WRITTEN | {"stem": "甲の文"}, base_revision="1").status_code
        == 302
    )
    clash = lecturer.send(f"{ALL}/{key}/edit", **WRITTEN | {"stem": "乙の文"}, base_revision="1")
    page = clash.get_data(as_text=True)
    assert clash.status_code == 409
    assert "<del>甲</del>" in page
    assert "<ins>乙</ins>" in page
    assert 'name="base_revision" value="2"' in page
    assert ">乙の文</textarea>" in page


def test_another_key_of_an_answered_question_leads_to_the_correction(
    lecturer: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        row = db.scalars(select(Question).where(Question.key == "ip-61-001")).one()
        make_answer(db, personas.officer.user_id, row, now)
    fields = {f"row-{n}-text": f"選択肢{n}" for n in range(4)} | {
        f"row-{n}-reason": f"理由{n}" for n in range(4)
    }
    changed = WRITTEN | fields | {"correct": "3", "base_revision": "1"}
    sent = lecturer.send(f"{ALL}/ip-61-001/edit", **changed)
    assert sent.status_code == 302
    assert sent.headers["Location"] == f"{ALL}/ip-61-001/correction"
    assert "訂正してください" in lecturer.read(f"{ALL}/ip-61-001/correction")


def test_what_is_typed_is_kept_and_another_tab_is_told(lecturer: Browser) -> None:
    kept = lecturer.send(
        f"{ALL}/drafts/{NAME}", json=True, stem="書きかけの問い", base_revision="0", draft_version="0"
    )
    assert kept.get_json()["version"] == 1
    late = lecturer.send(
        f"{ALL}/drafts/{NAME}", json=True, stem="別のタブ", base_revision="0", draft_version="0"
    )
    assert late.status_code == 409
    assert late.get_json()["body"] == "書きかけの問い"
    assert f"draft={NAME}" in lecturer.read(ALL)
    assert "書きかけの問い</textarea>" in lecturer.read(f"{ALL}/new?draft={NAME}")
    create(lecturer, draft=NAME)
    assert f"draft={NAME}" not in lecturer.read(ALL)


def test_a_question_written_for_a_study_session_joins_its_check(lecturer: Browser, engine: Engine) -> None:
    key = create(lecturer, **{"for": "first-hearing"})
    with reading(engine) as db:
        newest = select(StudySessionRevision.checks).order_by(StudySessionRevision.id.desc())
        assert db.scalars(newest).first() == [key]


def test_a_figure_needs_a_text_and_is_seen_by_officers(
    lecturer: Browser, engine: Engine, personas: Personas
) -> None:
    bare = lecturer.send(f"{ALL}/figures", json=True, figure=(io.BytesIO(GIF), "net.gif"), figure_alt=" ")
    assert bare.status_code == 400
    added = lecturer.send(
        f"{ALL}/figures", json=True, figure=(io.BytesIO(GIF), "net.gif"), figure_alt="網の図"
    )
    markdown = added.get_json()["markdown"]
    assert re.fullmatch(r"!\[網の図\]\(figures/[0-9a-f-]{36}\.gif\)", markdown)
    key = create(lecturer, stem=f"{markdown}\n\nどれか。")
    address = re.search(r"/files/[0-9a-f-]{36}", lecturer.read(f"{ALL}/{key}"))
    assert address
    lecturer.sign_out()
    lecturer.sign_in(personas.officer)
    with lecturer.get(address[0]) as shown:
        assert shown.status_code == 200


def test_a_figure_is_added_without_a_script(lecturer: Browser) -> None:
    sent = lecturer.send(
        f"{ALL}/new", **WRITTEN, step="figure", figure=(io.BytesIO(GIF), "a.gif"), figure_alt="図"
    )
    assert "![図](figures/" in sent.get_data(as_text=True)


def test_a_scenario_is_shown_with_a_sentence_and_has_no_form(
    lecturer: Browser, engine: Engine, now: datetime
) -> None:
    with transaction(engine) as db:
        store_question(db, now, topic_of(db, "ip-6.5:61"), question(SCENARIO, "sc-1"))
    page = lecturer.read(f"{ALL}/sc-1")
    assert "この画面では編集できません" in page
    assert f"{ALL}/sc-1/edit" not in page
    assert lecturer.get(f"{ALL}/sc-1/edit").status_code == 404


def test_the_reviewer_answers_before_seeing_the_key(
    lecturer: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        db.add(SiteSetting(name="questions_need_review", value="yes", changed_at=now))
    key = create(lecturer)
    lecturer.send(f"{ALL}/{key}/status", step="ask_review", base_revision="1")
    assert lecturer.get(f"{ALL}/{key}/review").status_code == 403
    lecturer.sign_out()
    lecturer.sign_in(personas.administrator)
    blind = lecturer.read(f"{ALL}/{key}/review")
    assert "使える性質です。" not in blind
    assert "三つの性質を区別します。" not in blind
    opened = lecturer.send(f"{ALL}/{key}/review/answer", choice="0", base_revision="1").get_data(as_text=True)
    assert "三つの性質を区別します。" in opened
    lecturer.send(f"{ALL}/{key}/review", choice="0", base_revision="1", verdict="changes", comment="短く。")
    assert status_of(engine, key) == "draft"
    assert "短く。" in lecturer.read(f"{ALL}/{key}")


def test_versions_differ_by_signs_and_come_back(lecturer: Browser, engine: Engine) -> None:
    key = create(lecturer)
    lecturer.send(f"{ALL}/{key}/edit", **WRITTEN | {"explanation": "言い直した解説です。"}, base_revision="1")
    page = lecturer.read(f"{ALL}/{key}/versions/compare?old=1&new=2")
    assert "＋" in page
    assert "−" in page
    lecturer.send(f"{ALL}/{key}/versions/1/restore", base_revision="2")
    with reading(engine) as db:
        newest = db.scalars(select(QuestionRevision).order_by(QuestionRevision.id.desc())).first()
        assert newest is not None
        assert (newest.number, newest.data["explanation"]) == (3, WRITTEN["explanation"])


def test_many_are_changed_after_one_page_that_says_what_changes(lecturer: Browser, engine: Engine) -> None:
    keys = [create(lecturer), create(lecturer, stem="書き換えられない性質はどれか。")]
    page = lecturer.send(f"{ALL}/bulk", keys=keys, action="status", **{"value-status": "published"})
    text = page.get_data(as_text=True)
    assert "2問を変える" in text
    digest = re.search(r'name="digest" value="(\w+)"', text)
    assert digest
    done = lecturer.send(f"{ALL}/bulk/apply", keys=keys, action="status", value="published", digest=digest[1])
    assert done.status_code == 302, done.get_data(as_text=True)
    assert {status_of(engine, key) for key in keys} == {"published"}


def test_a_file_is_looked_at_before_it_is_taken_in(lecturer: Browser, engine: Engine) -> None:
    exported = lecturer.get(f"{ALL}/export?format=csv").data.decode("utf-8-sig")
    changed = exported.replace("解説です。", "よりよい解説です。").encode()
    sent = lecturer.send(f"{ALL}/import", file=(io.BytesIO(changed), "questions.csv"))
    place = str(sent.headers["Location"])
    page = lecturer.read(place)
    assert "1問を取り込む" in page
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest
    assert lecturer.send(place, digest=digest[1]).status_code == 302
    assert "1問を取り込みました。" in lecturer.read(place)
    with reading(engine) as db:
        assert db.scalars(select(Question.origin).where(Question.key == "ip-61-001")).one() == "studio"


def test_bad_rows_are_named_with_their_cells(lecturer: Browser) -> None:
    rows = "種類,分野,問題文,正解\n正誤,ip-6.5:61,問い,たぶん\n"
    sent = lecturer.send(f"{ALL}/import", file=(io.BytesIO(rows.encode()), "questions.csv"))
    page = lecturer.read(str(sent.headers["Location"]))
    assert "2行目" in page
    assert "セルD2" in page
    assert "取り込む</button>" not in page


def test_the_list_is_searched_and_filtered(lecturer: Browser) -> None:
    key = create(lecturer)
    for query in (
        "text=使いたい",
        f"text={key}",
        "status=draft",
        "author=me",
        "topic=ip-6.5:strategy&origin=studio",
    ):
        page = lecturer.read(f"{ALL}?{query}")
        assert f"{ALL}/{key}" in page, query
    assert f"{ALL}/{key}" not in lecturer.read(f"{ALL}?status=retired")
    assert f"{ALL}/{key}" not in lecturer.read(f"{ALL}?topic=ip-6.5:62")
