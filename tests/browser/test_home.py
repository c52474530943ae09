"""The home page in a real browser: the next step is in sight, and two taps lead to the first question."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Look, SignIn, every_look
from tests.browser.watching import assert_accessible, assert_fits

BOTH_WIDTHS = pytest.mark.parametrize("look", [Look(width=390), Look(width=1366)], ids=str)


@every_look
def test_the_next_step_is_visible_without_scrolling(page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in("officer")
    page.goto("/")
    button = page.locator("main .button-primary")
    assert button.count() == 1
    box = button.bounding_box()
    assert box is not None
    bar = page.locator(".bottom-nav").bounding_box()
    lowest = bar["y"] if bar else look.height
    assert box["y"] + box["height"] <= lowest
    assert_fits(page)
    assert_accessible(page)


@BOTH_WIDTHS
def test_one_tap_leads_to_a_question_and_the_home_page_offers_to_go_on(
    page: Page, sign_in: SignIn, look: Look
) -> None:
    sign_in("hanako")
    page.goto("/")
    page.locator("main .button-primary").click()
    page.wait_for_url("**/practice/sets/**")
    address = page.url
    page.goto("/")
    page.locator("main .button-primary").click()
    page.wait_for_url("**/practice/sets/**")
    assert page.url.rsplit("/", 1)[0] == address.rsplit("/", 1)[0]


def test_the_minutes_are_chosen_by_keyboard(page: Page, sign_in: SignIn) -> None:
    sign_in("lecturer")
    page.goto("/")
    page.locator("main input[name=minutes]:checked").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("main input[name=minutes]:checked").get_attribute("value") == "5"
    page.locator("main .button-primary").press("Enter")
    page.wait_for_url("**/practice/sets/**")
    assert page.locator(".steps > li").count() == 4
