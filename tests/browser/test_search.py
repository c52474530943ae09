"""Searching, and the meaning of a term beside the text."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look, SignIn, every_look
from tests.browser.watching import assert_accessible, assert_fits

NOTES = "/study-sessions/dx-basics-security"
TERM = "機密性"


@pytest.fixture
def indexed(page: Page, sign_in: SignIn) -> Page:
    """Signed in, and the site's own worker has written the index."""
    sign_in("officer")
    for _ in range(60):
        page.goto("/search?q=可用性")
        if page.locator(".hit").count():
            return page
        page.wait_for_timeout(500)
    raise AssertionError("the worker did not write the index in half a minute")


@pytest.fixture
def notes(page: Page, sign_in: SignIn) -> Page:
    sign_in("officer")
    page.goto(NOTES)
    return page


def test_a_search_leads_to_the_section_that_was_found(indexed: Page) -> None:
    page = indexed
    page.goto("/search")
    expect(page.locator("main [name=q]")).to_be_focused()
    page.keyboard.type("可用性 窓口")
    page.keyboard.press("Enter")
    page.locator(".tabs a", has_text="勉強会の資料").click()
    hit = page.locator(".hit", has_text="三つの要素").first
    expect(hit.locator("mark").first).to_have_text("可用性")
    hit.locator("a").click()
    expect(page).to_have_url(f"{page.url.split('/study')[0]}{NOTES}#cia")


@every_look
def test_results_and_terms_read_well_in_every_look(indexed: Page, look: Look) -> None:
    page = indexed
    for address in (
        "/search", "/search?q=情報", "/search?q=zzzz", "/search?q=情報&kind=question", "/glossary?q=ip", "/glossary?row=わ",
        "/glossary/TCP%2FIP", "/glossary/機密性",
    ):  # fmt: skip
        page.goto(address)
        assert page.locator("h1").count() == 1
        assert_fits(page)
        assert_accessible(page)


def test_a_term_explains_itself_under_the_pointer(notes: Page) -> None:
    note = notes.locator("#term-note")
    notes.locator("a.term", has_text=TERM).first.hover()
    expect(note).to_be_visible()
    expect(note).to_contain_text("きみつせい")
    note.hover()
    notes.wait_for_timeout(500)
    expect(note).to_be_visible()
    notes.mouse.move(5, 5)
    expect(note).to_be_hidden()


def test_a_term_explains_itself_to_the_keyboard(notes: Page) -> None:
    term, note = notes.locator("a.term", has_text=TERM).first, notes.locator("#term-note")
    term.focus()
    expect(note).to_be_visible()
    expect(term).to_have_attribute("aria-describedby", "term-note")
    notes.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(term).to_be_focused()
    notes.keyboard.press("Enter")
    notes.wait_for_url("**/glossary/**")
    expect(notes.locator("h1")).to_have_text(TERM)


def test_only_the_glossary_explains_terms(notes: Page) -> None:
    """An author can write any link as a term, one to a file among them, whose content nobody sanitised."""
    asked: list[str] = []
    notes.on("request", lambda request: asked.append(request.url) if "part=1" in request.url else None)
    for address in ("/practice", "/glossary/../practice", "/glossary/%2e%2e/practice"):
        notes.locator("a.term").first.evaluate(
            "(link, address) => link.setAttribute('href', address)", address
        )
        notes.locator("a.term").first.focus()
        notes.wait_for_timeout(300)
        notes.locator("h1").click()
    assert not asked
    expect(notes.locator("#term-note")).to_be_hidden()


def test_a_meaning_is_fetched_once(notes: Page) -> None:
    asked: list[str] = []
    notes.on("request", lambda request: asked.append(request.url) if "part=1" in request.url else None)
    term, note = notes.locator("a.term", has_text=TERM).first, notes.locator("#term-note")
    for _ in range(2):
        term.focus()
        expect(note).to_be_visible()
        notes.keyboard.press("Escape")
        notes.locator("h1").evaluate("document.activeElement.blur()")
    assert len(asked) == 1


def test_the_first_tap_explains_and_the_second_opens_the_page(
    new_context: object, base_url: str, page: Page, sign_in: SignIn
) -> None:
    sign_in("officer")
    phone = new_context(  # type: ignore[operator]
        storage_state=page.context.storage_state(), has_touch=True, viewport={"width": 390, "height": 844}
    ).new_page()
    phone.goto(f"{base_url}{NOTES}")
    term, note = phone.locator("a.term", has_text=TERM).first, phone.locator("#term-note")
    term.tap()
    expect(note).to_be_visible()
    assert_fits(phone)
    phone.locator("h1").tap()
    expect(note).to_be_hidden()
    term.tap()
    note.locator("a").tap()
    phone.wait_for_url("**/glossary/**")
