"""Who gets what from each route. A new route needs a row here before the build is green again.

The site that is visited is tests/furnished.py: a study session `first-hearing`, a question `ip-01-001`. Forms are
sent with their CSRF token and otherwise empty, unless the row says what is in them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.personas import NAMES

ANONYMOUS = "anonymous"
EVERYONE = (ANONYMOUS, *NAMES)
NOBODYS_ID = "00000000-0000-4000-8000-000000000000"

Statuses = dict[str, int]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    rule: str
    statuses: Statuses
    path: str = ""
    """Where to go, for a rule with values in it."""
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.path or self.rule

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def public(status: int) -> Statuses:
    return dict.fromkeys(EVERYONE, status)


def signed_in(status: int) -> Statuses:
    """Anonymous visitors are led to the sign-in page."""
    return {ANONYMOUS: 302} | dict.fromkeys(NAMES, status)


def signed_in_form(status: int) -> Statuses:
    """A form sent by somebody signed out is kept and offered again after signing in: 401 with the sign-in page."""
    return {ANONYMOUS: 401} | dict.fromkeys(NAMES, status)


def only(status: int, *personas: str) -> Statuses:
    """The named ones; other people who are signed in are refused."""
    return {ANONYMOUS: 302} | dict.fromkeys(NAMES, 403) | dict.fromkeys(personas, status)


ROUTES = (
    Route("GET", "/", signed_in(200)),
    Route("GET", "/sign-in", {ANONYMOUS: 200} | dict.fromkeys(NAMES, 302)),
    Route("POST", "/sign-in", public(400)),
    Route("GET", "/account", signed_in(200)),
    Route("POST", "/account/language", public(302)),
    Route("POST", "/account/theme", signed_in_form(302)),
    Route("GET", "/study-sessions", signed_in(200)),
    Route("GET", "/practice", signed_in(200)),
    Route("GET", "/progress", signed_in(200)),
    Route("GET", "/exams", signed_in(200)),
    Route("GET", "/search", signed_in(200)),
    Route("GET", "/glossary", signed_in(200)),
    Route("GET", "/files/<uuid:file_id>", signed_in(404), path=f"/files/{NOBODYS_ID}"),
    Route("GET", "/healthz", public(200)),
    Route("GET", "/readyz", public(200)),
    Route("GET", "/metrics", public(200)),
    # Last: it ends the visit.
    Route("POST", "/sign-out", public(302)),
)
