"""Debian's chromium on a live site. Every page is watched: an error on the console, a report of the content security
policy or a request to another origin fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from studyhub.persistence.engine import make_engine
from studyhub.persistence.models import User
from studyhub.persistence.session import transaction
from tests.browser.live_site import LiveSite, demonstration, serving
from tests.browser.watching import Watch

SignIn = Callable[[str], None]
SECONDS_TO_WAIT = 15
"""For a page, a click or what a test expects to appear; no test waits that long when nothing is wrong."""
expect.set_options(timeout=SECONDS_TO_WAIT * 1000)


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody sees the site; `theme` is what their system asks for."""

    locale: str = "ja"
    theme: str = "light"
    width: int = 1366

    def __str__(self) -> str:
        return f"{self.locale}-{self.theme}-{self.width}"

    @property
    def height(self) -> int:
        return 844 if self.width < 600 else 768


EVERY_LOOK = [Look("ja", "light", 1366), Look("en", "dark", 390)]
"""Each language, theme and width once. Colours come from the theme alone and places from the width alone, so that more
pairs cost minutes and found nothing."""
every_look = pytest.mark.parametrize("look", EVERY_LOOK, ids=str)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("chromium is missing; in CI that is a failure", pytrace=False)
    if found is None:
        pytest.skip("chromium is missing; on Debian: apt-get install chromium fonts-noto-cjk")
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium_path: str) -> dict[str, Any]:
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    arguments = [*quiet, "--disable-quic", "--no-first-run"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # chromium refuses to start as root with it
    return browser_type_launch_args | {"executable_path": chromium_path, "args": arguments}


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[LiveSite]:
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent  # the folder that all workers of this run have in common
    with serving(demonstration(shared), tmp_path_factory.mktemp("live")) as site:
        yield site


@pytest.fixture(scope="session")
def base_url(live_site: LiveSite) -> str:
    return live_site.url


@pytest.fixture
def look() -> Look:
    """Plain, unless the test is parametrised with `every_look`."""
    return Look()


@pytest.fixture
def watch(base_url: str) -> Watch:
    return Watch(base_url)


@pytest.fixture
def page(new_context: Any, look: Look, watch: Watch) -> Iterator[Page]:
    context = new_context(
        locale=f"{look.locale}-{'JP' if look.locale == 'ja' else 'GB'}",
        color_scheme=look.theme,
        viewport={"width": look.width, "height": look.height},
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
    )
    context.set_default_timeout(SECONDS_TO_WAIT * 1000)
    watch.over(context)
    yield context.new_page()
    faults = watch.unexpected()
    assert not faults, "\n".join(faults)


@pytest.fixture
def sign_in(page: Page, live_site: LiveSite, look: Look) -> SignIn:
    """`sign_in("officer")` signs a demonstration account in by the form, in the language of the look."""

    def go(login: str) -> None:
        _speak(live_site, login, look.locale)
        page.goto("/sign-in")
        page.fill("[name=login]", login)
        page.fill("[name=password]", _shown_pass_phrase(page))
        page.click("main form[method=post] button[type=submit]")
        page.wait_for_url(lambda url: "/sign-in" not in url)

    return go


def _speak(site: LiveSite, login: str, locale: str) -> None:
    engine = make_engine(site.database_url)
    with transaction(engine) as db:
        db.execute(update(User).where(User.login == login).values(locale=locale))
    engine.dispose()


def _shown_pass_phrase(page: Page) -> str:
    """The sign-in page of a demonstration shows the common pass phrase."""
    return page.locator("[aria-labelledby=demo-accounts] dd code").first.inner_text().strip()
