"""Practice in a real browser: keys, focus, and answers made without a network."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from studyhub.persistence.engine import make_engine
from studyhub.persistence.models import Response
from studyhub.persistence.session import reading
from tests.browser.conftest import Look, SignIn, every_look
from tests.browser.live_site import LiveSite
from tests.browser.watching import Watch, assert_accessible, assert_fits

OFFLINE = r"ERR_INTERNET_DISCONNECTED"
Begin = Callable[[], str]


@pytest.fixture
def begin(page: Page, sign_in: SignIn) -> Begin:
    """Signs the officer in and starts a set; gives the path of its first question, one of four choices."""

    def go() -> str:
        sign_in("officer")
        page.goto("/practice")
        page.locator("button[value=random]").click()
        page.wait_for_url(re.compile(r"/practice/sets/[-0-9a-f]+/1$"))
        path = page.url.removesuffix("/1")
        number = 1
        while page.locator("form[data-answer-form] input[type=radio]").count() != 4:
            number += 1
            page.goto(f"{path}/{number}")
        return page.url

    return go


def stored(site: LiveSite) -> int:
    engine = make_engine(site.database_url)
    with reading(engine) as db:
        found = db.query(Response).count()
    engine.dispose()
    return found


def kept(page: Page) -> int:
    return int(
        page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('studyhub.answer|')).length")
    )


@every_look
def test_a_question_and_its_feedback_read_well_in_every_look(page: Page, begin: Begin, look: Look) -> None:
    begin()
    assert_fits(page)
    assert_accessible(page)
    page.locator(".choice").first.click()
    page.locator(".action-bar button").click()
    expect(page.locator("[data-feedback-title]")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    page.get_by_text("問題の誤りを知らせる" if look.locale == "ja" else "Report").first.click()
    page.locator("form[action$='/finish'] button").click()
    expect(page.locator("h1")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)


def test_keys_choose_answer_and_go_on(page: Page, begin: Begin) -> None:
    address = begin()
    page.keyboard.press("3")
    expect(page.locator("input[type=radio]").nth(2)).to_be_checked()
    page.keyboard.press("b")
    expect(page.locator("input[type=radio]").nth(1)).to_be_checked()
    page.keyboard.press("Enter")
    title = page.locator("[data-feedback-title]")
    expect(title).to_be_focused()
    expect(page.locator(".save-state")).to_have_text("保存済み")
    expect(page.locator(".choice-given .choice-key")).to_have_text("イ")
    assert page.url == address
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != address)


def test_keys_can_be_switched_off(page: Page, begin: Begin) -> None:
    begin()
    page.locator("[data-keys-switch]").click()
    page.keyboard.press("2")
    assert page.locator("input[type=radio]:checked").count() == 0
    page.reload()
    page.keyboard.press("2")
    assert page.locator("input[type=radio]:checked").count() == 0


def test_an_answer_made_without_a_network_is_kept_and_sent_later(
    page: Page, begin: Begin, live_site: LiveSite, watch: Watch
) -> None:
    watch.expect(OFFLINE)
    begin()
    before = stored(live_site)
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(".save-state")).to_have_text("未保存（つながったら自動で送ります）")
    expect(page.locator(".save-state")).to_have_attribute("data-state", "unsaved")
    assert (kept(page), stored(live_site)) == (1, before)
    assert page.locator("[data-feedback-title]").count() == 0
    page.context.set_offline(False)
    expect(page.locator("[data-feedback-title]")).to_be_visible()
    expect(page.locator(".save-state")).to_have_text("保存済み")
    assert (kept(page), stored(live_site)) == (0, before + 1)


@pytest.mark.parametrize("place", ["/practice", "/"])
def test_an_answer_kept_before_the_page_was_left_is_sent_from_the_next_one(
    page: Page, begin: Begin, live_site: LiveSite, watch: Watch, place: str
) -> None:
    watch.expect("ERR_FAILED")
    address = begin()
    before = stored(live_site)
    page.route("**/answer", lambda route: route.abort())
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator(".save-state")).to_have_attribute("data-state", "unsaved")
    page.unroute("**/answer")
    page.goto(place)
    expect(page.locator("[data-outbox-notice]")).to_have_text("この端末に残っていた回答を保存しました。")
    assert kept(page) == 0
    assert stored(live_site) == before + 1
    page.goto(address)
    expect(page.locator("[data-feedback-title]")).to_be_visible()


def test_an_answer_whose_confirmation_is_lost_is_stored_once(
    page: Page, begin: Begin, live_site: LiveSite, watch: Watch
) -> None:
    watch.expect("ERR_FAILED")
    begin()
    before = stored(live_site)
    lost: list[APIResponse] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    page.route("**/answer", lose_the_first)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("[data-feedback-title]")).to_be_visible()
    assert stored(live_site) == before + 1


def test_a_stale_token_is_renewed_without_asking(page: Page, begin: Begin, watch: Watch) -> None:
    watch.expect("400")
    begin()
    page.evaluate("for (const field of document.querySelectorAll('[name=csrf_token]')) field.value = 'stale'")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("[data-feedback-title]")).to_be_visible()


def test_why_an_answer_is_refused_stands_beside_the_choices(page: Page, begin: Begin, watch: Watch) -> None:
    watch.expect("400")
    begin()
    page.evaluate("document.querySelector('[data-choices] input').value = '99'")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("[data-refusal]")).to_be_visible()
    expect(page.locator(".save-state")).to_have_text("未保存")
    assert page.evaluate("document.activeElement.name") == "choice"
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator("[data-feedback-title]")).to_be_visible()
    expect(page.locator(".save-state")).to_have_text("保存済み")


def test_an_answer_after_the_sign_in_has_ended_is_kept_until_the_next_one(
    page: Page, begin: Begin, sign_in: SignIn, live_site: LiveSite, watch: Watch
) -> None:
    watch.expect("400|401")
    address = begin()
    before = stored(live_site)
    page.context.clear_cookies()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("[data-sign-in-notice]")).to_be_visible()
    expect(page.locator(".save-state")).to_have_text("未保存（サインインすると自動で送ります）")
    assert (kept(page), stored(live_site)) == (1, before)
    sign_in("officer")
    # Home sends what this browser kept. A question asked for meanwhile may still be shown without it.
    expect(page.locator("[data-outbox-notice]")).to_have_text("この端末に残っていた回答を保存しました。")
    page.goto(address)
    expect(page.locator("[data-feedback-title]")).to_be_visible()
    # The page may show the mark before the script has heard that the answer is stored.
    page.wait_for_function("!Object.keys(localStorage).some((k) => k.startsWith('studyhub.answer|'))")
    assert stored(live_site) == before + 1


def test_another_person_at_the_same_browser_does_not_send_it(
    page: Page, begin: Begin, sign_in: SignIn, live_site: LiveSite, watch: Watch
) -> None:
    watch.expect("400|401")
    begin()
    before = stored(live_site)
    page.context.clear_cookies()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("[data-sign-in-notice]")).to_be_visible()
    sign_in("lecturer")
    page.goto("/practice")
    page.wait_for_load_state("networkidle")
    assert (kept(page), stored(live_site)) == (1, before)


def test_practice_works_without_scripts(
    browser: Browser, base_url: str, live_site: LiveSite, page: Page, begin: Begin
) -> None:
    address = begin()
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(address)
    assert not plain.locator("[data-keys]").is_visible()
    plain.locator(".choice").nth(1).click()
    plain.get_by_label("自信がない").check()
    plain.locator(".action-bar button").click()
    expect(plain.locator("[data-feedback-title]")).to_be_visible()
    expect(plain.locator(".save-state")).to_have_text("保存済み")
    expect(plain.get_by_text("「自信がない」と記録しました。")).to_be_visible()
    plain.locator("[data-next]").click()
    plain.wait_for_url(lambda url: url != address)
    context.close()


def test_a_set_is_continued_on_another_device(
    browser: Browser, base_url: str, page: Page, begin: Begin
) -> None:
    address = begin()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("[data-feedback-title]")).to_be_visible()
    context = browser.new_context(storage_state=page.context.storage_state(), base_url=base_url)
    other = context.new_page()
    other.goto("/practice")
    other.locator("a.button-primary").click()
    assert other.url.rsplit("/", 1)[0] == address.rsplit("/", 1)[0]
    expect(other.locator("form[data-answer-form]")).to_be_visible()
    context.close()


def test_the_link_in_the_bar_opens_the_form_that_reports_a_fault(page: Page, begin: Begin) -> None:
    begin()
    page.locator(".action-bar a[href='#report']").click()
    page.get_by_label("内容が古い").check()
    page.get_by_label("説明（なくてもかまいません）").fill("制度が変わりました。")
    page.get_by_role("button", name="知らせる", exact=True).click()
    expect(page.locator(".flashes")).to_contain_text("お知らせを受け付けました")
    expect(page.locator("form[data-answer-form]")).to_be_visible()
