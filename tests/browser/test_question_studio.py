"""Writing a question in a browser: rows come and go in place, the preview follows, and every page can be read."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Look, SignIn, every_look
from tests.browser.watching import Watch, assert_accessible, assert_fits
from tests.factories.pictures import make_png

ALL = "/studio/questions"
STEM = "保守の担当者が使う端末の扱いとして，最も適切なものはどれか。"
SAVED = re.compile(r"下書きを保存しました \d\d:\d\d")


def test_a_question_is_written_without_leaving_the_page(page: Page, sign_in: SignIn) -> None:
    sign_in("lecturer")
    page.goto(f"{ALL}/new")
    page.locator("#stem").fill(STEM)
    page.locator("#row-0-text").fill("専用のアカウントで入る")
    page.locator("#row-1-text").fill("共用のアカウントで入る")
    page.get_by_label("アが正解").check()
    expect(page.locator("#preview .choice-correct")).to_contain_text("専用のアカウント")

    page.get_by_role("button", name="選択肢を足す").click()
    expect(page.locator("#row-4-text")).to_be_focused()
    page.get_by_role("button", name="1番目を下へ").click()
    expect(page.locator("#row-1-text")).to_have_value("専用のアカウントで入る")
    expect(page.get_by_label("イが正解")).to_be_checked()
    page.locator("#kind").select_option("ordering")
    expect(page.get_by_role("button", name="項目を足す")).to_be_visible()
    page.locator("#kind").select_option("single_choice")
    expect(page.get_by_label("イが正解")).to_be_checked()

    page.locator("#topic_query").fill("セキュリティ")
    page.locator("[data-picker=topics] [data-found] input[name=topics]").first.check()
    expect(page.locator("[data-picker=topics] [data-chosen] input[name=main_topic]")).to_be_checked()
    expect(page.locator("#explanation-findings")).to_contain_text("解説")
    expect(page.locator(".save-state")).to_have_text(SAVED)
    page.get_by_role("button", name="下書きとして保存する").click()
    expect(page.locator("h1")).to_have_text(STEM)


def test_a_new_question_is_found_again_where_it_was_left(page: Page, sign_in: SignIn) -> None:
    sign_in("lecturer")
    page.goto(f"{ALL}/new")
    page.locator("#stem").fill("書きかけの問いはどれか。")
    page.get_by_role("button", name="選択肢を足す").click()
    page.locator("#row-4-text").fill("五つ目")
    expect(page.locator(".save-state")).to_have_text(SAVED)
    page.goto(ALL)
    page.get_by_role("link", name="書きかけの問いはどれか。").click()
    expect(page.locator("#row-4-text")).to_have_value("五つ目")
    page.get_by_role("button", name="書きかけを捨てる").click()
    expect(page.get_by_role("link", name="書きかけの問いはどれか。")).to_have_count(0)


def test_a_figure_is_put_into_the_stem_and_shown_at_once(page: Page, sign_in: SignIn, watch: Watch) -> None:
    watch.expect(r"status of 400")
    sign_in("lecturer")
    page.goto(f"{ALL}/new")
    page.locator("#stem").fill("図の説明として適切なものはどれか。")
    page.get_by_role("button", name="図を入れる").click()
    picture = FilePayload(name="net.png", mimeType="image/png", buffer=make_png())
    page.locator("dialog input[type=file]").set_input_files(files=[picture])
    page.get_by_role("button", name="問題文に入れる").click()
    expect(page.locator("[data-figure-fault]")).to_contain_text("図が見えない人のために")
    page.locator("#figure-alt").fill("三つの建物を結ぶ網の図")
    page.get_by_role("button", name="問題文に入れる").click()
    expect(page.locator("#preview img").first).to_have_attribute("alt", "三つの建物を結ぶ網の図")


@every_look
def test_every_page_of_the_questions_studio_can_be_read(page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in("lecturer")
    places = ("", "/ip-61-001", "/ip-61-001/edit", "/import")
    for place in places:
        page.goto(f"{ALL}{place}")
        assert page.locator("h1").count() == 1, page.url
        assert_fits(page)
        assert_accessible(page)


def test_the_pages_on_the_way_can_be_read(page: Page, sign_in: SignIn) -> None:
    sign_in("lecturer")
    page.goto(f"{ALL}/st-62-001/review")
    assert_accessible(page)
    page.locator(".choice input").first.check()
    page.get_by_role("button", name="答えて、正解と解説を見る").click()
    expect(page.get_by_label("承認して公開する")).to_be_visible()
    assert_accessible(page)

    page.goto(f"{ALL}?status=published&sort=key")
    page.get_by_label("この画面の問題をすべて選ぶ").check()
    page.get_by_text("まとめて変える").click()
    expect(page.get_by_text("（50問を選んでいます）")).to_be_visible()
    page.get_by_label("水準を変える").check()
    page.get_by_role("button", name="変わるところを確かめる").click()
    expect(page.get_by_role("button", name=re.compile("問を変える"))).to_be_visible()
    assert_fits(page)
    assert_accessible(page)

    page.goto(f"{ALL}/import")
    row = "種類,分野,問題文,正解\n正誤,ip-6.5:61,問い,正しい\n正誤,ip-6.5:61,問い,たぶん\n"
    file = FilePayload(name="questions.csv", mimeType="text/csv", buffer=row.encode())
    page.locator("#file").set_input_files(files=[file])
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_text("セルD3")).to_be_visible()
    assert_accessible(page)
