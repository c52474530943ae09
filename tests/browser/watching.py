"""What a page must never do while a test looks at it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI || "inline"}`);
});
"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}
"""Without the nodes that are right, whose listing takes half of the time."""
_SERIOUS = {"serious", "critical"}


@dataclass
class Watch:
    """Collects faults of the pages of one context; a test names those it causes on purpose."""

    origin: str
    faults: list[str] = field(default_factory=list)
    _expected: list[re.Pattern[str]] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Faults that match are part of the test, such as the lost network of an offline test."""
        self._expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        return [fault for fault in self.faults if not any(p.search(fault) for p in self._expected)]

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        """Only listens: a context that routes its requests goes without the browser's cache, a tenth of a second a page."""
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.faults.append(f"another origin: {request.url}")


def assert_accessible(page: Page) -> None:
    """Axe finds nothing serious or critical.

    It looks at the whole page at once: what the bar at the lower edge covers in part, axe takes for too small.
    """
    size = page.viewport_size
    assert size is not None
    whole = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], whole + 200)})
    found = Axe().run(page, options=_OPTIONS).response["violations"]
    page.set_viewport_size(size)
    serious = [
        f"{violation['id']} ({violation['impact']}): {violation['help']} — {node['html'][:200]}"
        for violation in found
        if violation["impact"] in _SERIOUS
        for node in violation["nodes"]
    ]
    assert not serious, "\n".join([page.url, *serious])


def assert_fits(page: Page) -> None:
    """Nothing makes the page scroll sideways; tables scroll inside themselves."""
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, f"{page.url} is {too_wide} px too wide"
