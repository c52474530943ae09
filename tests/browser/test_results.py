"""Results, corrections and reported faults in a browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Look, SignIn, every_look
from tests.browser.watching import assert_accessible, assert_fits

CORRECTION = "/studio/questions/st-demo-correction-001/correction"
PLACES = (
    "/studio/study-sessions/dx-basics-security/understanding",
    "/studio/questions/reports",
    CORRECTION,
    "/studio/questions/st-demo-correction-001/corrections/1",
)


@every_look
def test_a_lecturer_can_read_every_place(page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in("lecturer")
    for address in PLACES:
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        assert_fits(page)
        assert_accessible(page)


def test_a_key_is_corrected_and_the_officer_finds_both_marks(page: Page, sign_in: SignIn) -> None:
    sign_in("lecturer")
    page.goto(CORRECTION)
    page.locator("label.choice:has(input:not(:checked))").first.click()
    page.fill("#reason", "もう一度確かめたところ、最初の選択肢でした。")
    page.locator("main .button-primary").click()
    assert_accessible(page)
    expect(page.get_by_role("cell", name="不正解").first).to_be_visible()
    page.locator("main .button-primary").click()
    expect(page.get_by_text("採点し直し、全員に知らせました")).to_be_visible()
    page.context.clear_cookies()
    sign_in("officer")
    page.goto("/progress/history?only=corrected")
    expect(page.get_by_text("もう一度確かめたところ").first).to_be_visible()
    assert_accessible(page)
