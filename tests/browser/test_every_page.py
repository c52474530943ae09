"""Each page in both languages, light and dark, on a phone and on an office PC."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import Look, SignIn, every_look
from tests.browser.watching import Watch, assert_accessible, assert_fits

PLACES = (
    "/",
    "/study-sessions",
    "/practice",
    "/progress",
    "/exams",
    "/search?q=暗号",
    "/glossary",
    "/account",
    "/assignments",
    "/notices",
    "/ask",
    "/ask/1",
    "/ask/new",
    "/case-notes",
    "/case-notes/1",
    "/case-notes/new",
    "/case-notes/week",
    "/workshops",
    "/workshops/support-practice-structuring-problems",
    "/workshops/support-practice-structuring-problems/sheets",
)


def _look_at(page: Page, address: str, look: Look) -> None:
    page.goto(address)
    assert page.locator("html").get_attribute("lang") == look.locale
    assert page.locator("h1").count() == 1, page.url
    assert_fits(page)
    assert_accessible(page)


def _faults_at(page: Page, address: str, look: Look) -> list[str]:
    """Empty or one fault: a page that is wrong does not hide the next one."""
    try:
        _look_at(page, address, look)
    except AssertionError as fault:
        return [str(fault)]
    return []


@every_look
def test_an_officer_can_read_every_place(page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in("officer")
    faults = [fault for address in PLACES for fault in _faults_at(page, address, look)]
    assert not faults, "\n".join(faults)


@every_look
def test_an_officer_can_read_a_study_session(page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in("officer")
    page.goto("/study-sessions")
    address = page.locator("main a[href^='/study-sessions/']").first.get_attribute("href")
    assert address is not None
    _look_at(page, address, look)


@every_look
def test_anybody_can_read_the_sign_in_page(page: Page, look: Look) -> None:
    _look_at(page, "/sign-in", look)


@every_look
def test_a_page_that_is_not_there_says_so_in_the_reader_s_language(
    page: Page, sign_in: SignIn, look: Look, watch: Watch
) -> None:
    watch.expect(r"status of 404")
    sign_in("officer")
    _look_at(page, "/no-such-page", look)
