"""A supervisor asks with the keyboard alone, and the officer finds it on home."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.watching import assert_accessible, assert_fits


def test_what_a_supervisor_asks_with_the_keyboard_is_on_the_officer_s_home(
    page: Page, sign_in: SignIn
) -> None:
    sign_in("supervisor")
    page.goto("/team/assignments/new?study_session=dx-basics-reading-data")
    expect(page.get_by_label("分野", exact=True)).to_be_hidden()
    page.get_by_label("勉強会の資料を読む（出席でもよい）").press("ArrowDown")
    expect(page.get_by_label("分野", exact=True)).to_be_visible()
    page.get_by_label("分野をある段階まで学ぶ").press("ArrowUp")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("見本 太郎").press("Space")
    page.get_by_label("なぜ頼むのか").fill("年度末の相談会に備えるため。")
    page.get_by_label("いつまでに").press("Enter")
    expect(page.locator("h1")).to_have_text("1人に頼みます")
    assert_accessible(page)
    page.get_by_role("button", name="この内容で頼む").press("Enter")
    expect(page.get_by_text("頼みました。")).to_be_visible()
    assert_accessible(page)
    page.goto("/team/assignments")
    assert_accessible(page)
    assert_fits(page)
    page.context.clear_cookies()
    sign_in("officer")
    page.goto("/assignments")
    expect(page.get_by_text("年度末の相談会に備えるため。")).to_be_visible()
