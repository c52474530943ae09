"""The team's page in a real browser: how it reads, by keys alone, on paper, and how far it is to an answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Look, SignIn, every_look
from tests.browser.watching import assert_accessible, assert_fits


@every_look
def test_the_team_reads_well_in_every_look(page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in("supervisor")
    _read(page, "/team?topic=ip-6.5:m23")


@pytest.mark.parametrize("look", [Look(), Look("en", "dark", 390)], ids=str)
def test_its_other_pages_read_well(page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in("supervisor")
    for address in ("/team", "/team/export", "/progress/looks"):
        _read(page, address)


def _read(page: Page, address: str) -> None:
    page.goto(address)
    assert page.locator("h1").count() == 1
    assert_fits(page)
    assert_accessible(page)


def test_who_needs_help_on_security_is_found_in_two_clicks(page: Page, sign_in: SignIn) -> None:
    sign_in("supervisor")
    page.goto("/")
    page.get_by_role("link", name="チーム").first.click()
    page.locator("table.matrix").last.get_by_role("link", name="セキュリティ", exact=True).click()
    first = page.locator("table.matrix").last.locator("tbody tr").first.locator("td.band").first
    assert first.inner_text().startswith("要復習")
    page.locator("table.matrix tbody th a").last.click()
    assert page.locator("h1").inner_text() not in ("", "チームの学習状況")
    assert_accessible(page)


def test_arrow_keys_move_through_the_cells_and_say_what_they_hold(page: Page, sign_in: SignIn) -> None:
    sign_in("supervisor")
    page.goto("/team")
    region = page.locator("[data-matrix]")
    region.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    line = page.locator("#matrix-line").inner_text()
    assert "全体" in line
    assert "最後は" in line


def test_the_heads_stay_in_sight_while_the_table_scrolls(page: Page, sign_in: SignIn) -> None:
    sign_in("supervisor")
    page.goto("/team")
    region = page.locator("[data-matrix]")
    region.evaluate("area => area.scrollTo(300, 400)")
    box, head = region.bounding_box(), region.locator("thead").bounding_box()
    name = region.locator("tbody th").nth(12).bounding_box()
    assert box is not None
    assert head is not None
    assert name is not None
    assert abs(head["y"] - box["y"]) < 3
    assert abs(name["x"] - box["x"]) < 3


def test_on_paper_the_whole_matrix_fits_the_width_of_a3(page: Page, sign_in: SignIn) -> None:
    sign_in("supervisor")
    page.goto("/team")
    page.emulate_media(media="print")
    page.set_viewport_size(
        {"width": 1511, "height": 1047}
    )  # A3 landscape less its margins, at 96 dots an inch
    assert_fits(page)
    assert page.locator("table.matrix").last.evaluate("table => table.getBoundingClientRect().right") <= 1511
    assert not page.locator(".team-filters").is_visible()
