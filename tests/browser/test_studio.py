"""Writing in a browser: the preview follows, nothing typed is lost, and two tabs never overwrite each other."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Look, SignIn, every_look
from tests.browser.watching import Watch, assert_accessible, assert_fits
from tests.factories.pictures import make_png

HUB = "/studio/study-sessions/persona-workshop"
EDIT = f"{HUB}/edit"
SAVED = re.compile(r"下書きを保存しました \d\d:\d\d")
PASTE = """(text, bytes) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "image.png", { type: "image/png" }));
  text.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def _open(page: Page, sign_in: SignIn) -> None:
    """Without what an earlier test left unsaved."""
    sign_in("lecturer")
    page.goto(EDIT)
    discard = page.locator("[data-discard]")
    if discard.count():
        discard.click()
    page.evaluate("localStorage.clear()")
    page.reload()


def _write(page: Page, text: str) -> None:
    page.locator("#body").press("Control+End")
    page.locator("#body").press_sequentially(text)


def test_the_preview_follows_what_is_typed_and_the_draft_is_kept(page: Page, sign_in: SignIn) -> None:
    _open(page, sign_in)
    _write(page, "\n\n## 新しい章\n\n**大切なこと**")
    expect(page.locator("#preview h2", has_text="新しい章")).to_be_visible()
    expect(page.locator(".save-state")).to_have_text(SAVED)
    page.reload()
    expect(page.get_by_text("保存していない書きかけの続きです")).to_be_visible()
    expect(page.locator("#body")).to_have_value(re.compile(r"\*\*大切なこと\*\*$"))


def test_keys_write_marks_and_tab_leaves_the_text(page: Page, sign_in: SignIn) -> None:
    _open(page, sign_in)
    _write(page, "\n\n太い")
    body = page.locator("#body")
    body.press("Shift+ArrowLeft")
    body.press("Shift+ArrowLeft")
    body.press("Control+b")
    expect(body).to_have_value(re.compile(r"\*\*太い\*\*$"))
    page.get_by_role("button", name="箇条書き").click()
    expect(body).to_have_value(re.compile("- 項目\n?$"))
    body.press("Control+z")
    expect(body).to_have_value(re.compile(r"\*\*太い\*\*$"))
    body.press("Tab")
    expect(body).not_to_be_focused()


def test_a_pasted_figure_is_asked_for_its_description_and_shown(page: Page, sign_in: SignIn) -> None:
    _open(page, sign_in)
    _write(page, "\n")
    page.locator("#body").evaluate(PASTE, list(make_png()))
    dialog = page.get_by_role("dialog", name="図を入れる")
    dialog.get_by_label("図の説明").fill("灰色の四角")
    dialog.get_by_role("button", name="本文に入れる").click()
    expect(page.locator("#body")).to_have_value(re.compile(r"!\[灰色の四角\]\(figures/image(-\d+)?\.png\)"))
    expect(page.locator("#preview img[alt='灰色の四角']")).to_be_visible()


def test_what_is_typed_after_the_sign_in_has_expired_is_offered_again(
    page: Page, sign_in: SignIn, watch: Watch
) -> None:
    watch.expect("400|401")
    _open(page, sign_in)
    page.context.clear_cookies()
    _write(page, "\n\n期限のあとの文")
    expect(page.locator(".save-state")).to_contain_text("サインインの期限が切れました")
    sign_in("lecturer")
    page.goto(EDIT)
    expect(page.locator("#body")).not_to_have_value(re.compile("期限のあとの文"))
    page.get_by_role("button", name="その入力を戻す").click()
    expect(page.locator("#body")).to_have_value(re.compile("期限のあとの文$"))
    expect(page.locator(".save-state")).to_have_text(SAVED)


def test_signing_in_again_in_another_tab_lets_this_one_go_on(
    page: Page, sign_in: SignIn, watch: Watch
) -> None:
    watch.expect("400|401")
    _open(page, sign_in)
    writing = page.context.new_page()
    writing.goto(EDIT)
    page.context.clear_cookies()
    _write(writing, "\n\nまだ届かない文")
    expect(writing.locator(".save-state")).to_contain_text("サインインの期限が切れました")
    sign_in("lecturer")
    _write(writing, "と、その続き")
    expect(writing.locator(".save-state")).to_have_text(SAVED)
    writing.close()


def test_a_second_tab_is_shown_what_the_first_wrote(page: Page, sign_in: SignIn, watch: Watch) -> None:
    watch.expect("409")
    _open(page, sign_in)
    other = page.context.new_page()
    other.goto(EDIT)
    _write(page, "\n\n一つめのタブの文")
    expect(page.locator(".save-state")).to_have_text(SAVED)
    _write(other, "\n\n二つめのタブの文")
    notice = other.locator("[data-tabs-notice]")
    expect(notice).to_be_visible()
    expect(other.locator("[data-tabs-text]")).to_have_value(re.compile("一つめのタブの文$"))
    notice.get_by_role("button", name="この画面の入力で続ける").click()
    expect(other.locator(".save-state")).to_have_text(SAVED)
    other.close()


def test_a_topic_is_found_by_typing_and_saved(page: Page, sign_in: SignIn) -> None:
    _open(page, sign_in)
    page.get_by_text("日時・分野・講師などの項目").click()
    page.get_by_label("分野を探す").fill("セキュリティ")
    page.locator("[data-found] input").first.check()
    expect(page.locator("[data-chosen] input")).to_have_count(2)
    page.get_by_role("button", name="保存する").last.click()
    expect(page.locator("h1")).to_contain_text("ペルソナシートを書く")
    expect(page.get_by_text("分野を選んだ")).to_be_visible()
    expect(page.get_by_text("保存していない書きかけがあります")).to_have_count(0)
    page.goto(EDIT)
    expect(page.get_by_text("保存していない書きかけの続きです")).to_have_count(0)
    expect(page.locator("[data-local-notice]")).to_be_hidden()


@every_look
def test_every_page_of_the_studio_can_be_read(page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in("lecturer")
    for address in (
        "/studio",
        HUB,
        EDIT,
        f"{HUB}/check",
        f"{HUB}/versions",
    ):
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        assert_fits(page)
        assert_accessible(page)
