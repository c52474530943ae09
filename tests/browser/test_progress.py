"""The record in a real browser: every view in every look, topics that open, and the map on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Look, SignIn, every_look
from tests.browser.watching import assert_accessible, assert_fits

PLACES = (
    "/progress?level=3",
    "/progress?lens=ip-2027",
    "/progress?lens=tokyo-dx",
    "/progress/history?only=wrong",
    "/progress/trend",
    "/progress/study-sessions",
)


@every_look
def test_every_view_of_the_record_reads_well(page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in("officer")
    for address in PLACES:
        page.goto(address)
        assert page.locator("h1").count() == 1
        assert_fits(page)
        assert_accessible(page)


def test_a_topic_opens_in_place_without_a_script(page: Page, sign_in: SignIn) -> None:
    sign_in("officer")
    page.goto("/progress?level=2")
    before = page.locator("main tbody tr").count()
    page.locator("main .open-topic").first.click()
    page.wait_for_url("**open=**")
    assert page.locator("main tbody tr").count() > before


def test_a_field_folds_by_keyboard(page: Page, sign_in: SignIn) -> None:
    sign_in("officer")
    page.goto("/progress")
    summary = page.locator("main details.skill-field > summary").first
    summary.press("Enter")
    assert not page.locator("main details.skill-field").first.evaluate("field => field.open")


def test_the_map_prints_folded_fields_too_and_no_buttons(page: Page, sign_in: SignIn) -> None:
    sign_in("officer")
    page.goto("/progress")
    page.locator("main details.skill-field > summary").first.click()
    page.emulate_media(media="print")
    assert page.locator("main table").first.is_visible()
    assert not page.locator("main button").first.is_visible()
    assert not page.locator(".site-header").is_visible()


@pytest.mark.parametrize("look", [Look(), Look(width=390)], ids=str)
def test_the_target_can_be_switched_and_switched_back(page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in("supervisor")
    for _ in range(2):
        page.goto("/exams")
        target = page.locator("main form button").first
        name = page.locator("main section").nth(1).locator("h2").inner_text()
        target.click()
        page.wait_for_load_state()
        assert page.locator("main section").first.locator("h2").inner_text() == name
