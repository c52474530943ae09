"""The administrator's pages in a browser: readable in every look, and an import from the file to the first passwords."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Look, SignIn
from tests.browser.watching import assert_accessible, assert_fits

PLACES = (
    "/admin",
    "/admin/people",
    "/admin/people/1",
    "/admin/people/1/posts",
    "/admin/people/1/erase",
    "/admin/people/new",
    "/admin/people/import",
    "/admin/organisation",
    "/admin/organisation/5",
    "/admin/organisation/new",
    "/admin/sign-ins",
    "/admin/content",
    "/admin/jobs",
    "/admin/jobs/1",
    "/admin/backups",
    "/admin/audit",
    "/admin/settings",
    "/account/data",
)
HEADINGS = "ログインID,姓,名,局,課,着任日"
FAULTY, MENDED = "hanae,渡邉,英恵,福祉局,企画課,2026-02-30", "hanae,渡邉,英恵,福祉局,企画課,2026-02-28"


@pytest.mark.parametrize("look", [Look("ja", "light", 1366), Look("en", "dark", 390)], ids=str)
def test_an_administrator_can_read_every_place(page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in("admin")
    for address in PLACES:
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        assert_fits(page)
        assert_accessible(page)


def _upload(page: Page, row: str) -> None:
    page.goto("/admin/people/import")
    content = f"{HEADINGS}\n{row}\n".encode()
    page.set_input_files("#table", {"name": "people.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="内容を確かめる").click()


def test_a_table_is_mended_and_taken_in_while_one_watches(page: Page, sign_in: SignIn) -> None:
    sign_in("admin")
    _upload(page, FAULTY)
    expect(page.get_by_role("cell", name="日付として読めません", exact=False)).to_be_visible()
    _upload(page, MENDED)
    page.get_by_role("button", name="すべて取り込む").click()
    fetch = page.get_by_role("button", name="最初のパスワードをダウンロードする")
    with page.expect_download() as download:
        fetch.click()
    assert "hanae" in download.value.path().read_text("utf-8-sig")
    page.goto("/admin/people?q=英恵")
    expect(page.get_by_role("link", name="渡邉 英恵")).to_be_visible()


def test_a_backup_is_made_while_one_watches(page: Page, sign_in: SignIn) -> None:
    sign_in("admin")
    page.goto("/admin/backups")
    page.get_by_role("button", name="いまバックアップを作る").click()
    expect(page.get_by_role("button", name="ダウンロードする")).to_be_visible()
    assert_accessible(page)
