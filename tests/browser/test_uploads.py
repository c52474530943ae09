"""From a file on the desk to a study session that can be looked at, in a browser."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look, SignIn
from tests.browser.watching import assert_accessible, assert_fits
from tests.factories import uploads as made

SLIDES_WITHIN_MS = 60_000
DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  const zone = document.querySelector("[data-upload-zone]");
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""


@pytest.mark.parametrize("look", [Look(), Look("en", "dark", 390)], ids=str)
def test_slides_that_are_dropped_become_a_study_session(page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in("lecturer")
    page.goto("/studio/study-sessions/new")
    assert_fits(page)
    assert_accessible(page)
    page.evaluate(DROP, ["第3回.pptx", base64.b64encode(made.lecture(6)).decode()])
    page.evaluate(DROP, ["broken.png", base64.b64encode(b"<html>").decode()])
    expect(page.locator("[data-upload-list] li")).to_have_count(2)
    page.locator("form[data-upload] .button-primary").click()
    page.wait_for_url("**/start")
    expect(page.locator("main .notice")).to_contain_text("broken.png")
    expect(page.locator("#title")).to_have_value("情報セキュリティの基本")
    assert_fits(page)
    assert_accessible(page)
    page.locator("main form .button-primary").click()
    page.wait_for_url(re.compile(r"/study-sessions/[^/]+$"))
    page.goto(f"{page.url}/materials")
    state = page.locator("[data-material-state]")
    expect(state).to_contain_text("6", timeout=SLIDES_WITHIN_MS)
    expect(state.locator("progress")).to_have_count(0, timeout=SLIDES_WITHIN_MS)
    assert_fits(page)
    assert_accessible(page)
