"""The watch over the browser tests notices what it is there for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.watching import Watch, assert_accessible, assert_fits

ORIGIN = "http://site.test"


@pytest.fixture(scope="session")
def base_url() -> str:
    """No server: each test fills the one page of this site itself."""
    return ORIGIN


def _show(page: Page, body: str, policy: str = "") -> None:
    head = "<title>t</title><link rel='icon' href='data:,'>"
    html = f"<!doctype html><html lang='ja'><head>{head}</head><body><main>{body}</main></body></html>"
    headers = {"Content-Type": "text/html; charset=utf-8"} | (
        {"Content-Security-Policy": policy} if policy else {}
    )
    page.route(f"{ORIGIN}/", lambda route: route.fulfill(body=html, headers=headers))
    page.goto(f"{ORIGIN}/")
    page.unroute(f"{ORIGIN}/")


def _only_fault(watch: Watch, pattern: str) -> bool:
    assert watch.faults
    watch.expect(pattern)
    return not watch.unexpected()


def test_a_quiet_page_has_no_faults(page: Page, watch: Watch) -> None:
    _show(page, "<h1>静か</h1>")
    assert_accessible(page)
    assert_fits(page)
    assert not watch.faults


def test_an_error_on_the_console_is_a_fault(page: Page, watch: Watch) -> None:
    _show(page, "<h1>x</h1>")
    page.evaluate("console.error('broken')")
    assert _only_fault(watch, "^console: broken")


def test_an_error_of_a_script_is_a_fault(page: Page, watch: Watch) -> None:
    _show(page, "<h1>x</h1><script>setTimeout(() => missing(), 0)</script>")
    page.wait_for_timeout(50)
    assert _only_fault(watch, "missing is not defined")


def test_what_the_policy_refuses_is_a_fault(page: Page, watch: Watch) -> None:
    _show(page, "<h1 style='color: red'>x</h1>", policy="default-src 'none'; img-src data:")
    assert _only_fault(
        watch, "policy: style-src|violates the following Content Security Policy|Refused to apply"
    )


def test_a_request_to_another_site_is_a_fault(page: Page, watch: Watch) -> None:
    _show(page, "<h1>x</h1><img alt='' src='http://elsewhere.test/a.png'>")
    page.wait_for_load_state("networkidle")
    assert "another origin: http://elsewhere.test/a.png" in watch.faults
    watch.expect("elsewhere.test")


def test_a_page_that_scrolls_sideways_is_noticed(page: Page) -> None:
    _show(page, "<h1>x</h1><pre>" + "long " * 2000 + "</pre>")
    with pytest.raises(AssertionError, match="px too wide"):
        assert_fits(page)


def test_a_button_without_a_name_is_noticed(page: Page) -> None:
    _show(page, "<h1>x</h1><button></button>")
    with pytest.raises(AssertionError, match="button-name"):
        assert_accessible(page)
