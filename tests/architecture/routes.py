"""Who gets what from each route. A new route needs a row here before the build is green again.

The site that is visited is tests/furnished.py: a study session `first-hearing`, a question `ip-01-001`, and a practice
set of the officer's own. Forms are sent with their CSRF token and otherwise empty, unless the row says what is in them.
Rows are visited from the top.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.furnished import SET_OF_THE_OFFICER
from tests.personas import NAMES

ANONYMOUS = "anonymous"
EVERYONE = (ANONYMOUS, *NAMES)
NOBODYS_ID = "00000000-0000-4000-8000-000000000000"
SET = f"/practice/sets/{SET_OF_THE_OFFICER}"

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


def own(status: int, *, anonymous: int = 302) -> Statuses:
    """The officer's own thing: nobody else is told that it exists."""
    return {ANONYMOUS: anonymous} | dict.fromkeys(NAMES, 404) | {"officer": status}


def only(status: int, *personas: str) -> Statuses:
    """The named ones; other people who are signed in are refused."""
    return {ANONYMOUS: 302} | dict.fromkeys(NAMES, 403) | dict.fromkeys(personas, status)


ROUTES = (
    Route("GET", "/", signed_in(200)),
    Route("GET", "/sign-in", {ANONYMOUS: 200} | dict.fromkeys(NAMES, 302)),
    Route("POST", "/sign-in", public(400)),
    Route("GET", "/account", signed_in(200)),
    Route("POST", "/account/plan", signed_in_form(400)),
    Route("GET", "/account/password", signed_in(200)),
    Route("POST", "/account/password", signed_in_form(400)),
    Route(
        "POST",
        "/account/sign-ins/<int:sign_in_id>/end",
        signed_in_form(404),
        path="/account/sign-ins/999999/end",
    ),
    Route("POST", "/account/language", public(400)),
    Route("POST", "/account/language", public(302), fields={"locale": "ja"}),
    Route("POST", "/account/theme", signed_in_form(400)),
    Route("GET", "/study-sessions", signed_in(200)),
    Route("GET", "/study-sessions/<key>", signed_in(200), path="/study-sessions/first-hearing"),
    Route(
        "POST",
        "/study-sessions/<key>/reading",
        signed_in_form(303),
        path="/study-sessions/first-hearing/reading",
    ),
    Route(
        "GET",
        "/study-sessions/<key>/slides/<int:number>",
        signed_in(404),
        path="/study-sessions/first-hearing/slides/1",
    ),
    Route(
        "GET",
        "/study-sessions/<key>/calendar.ics",
        signed_in(200),
        path="/study-sessions/first-hearing/calendar.ics",
    ),
    Route("GET", "/practice", signed_in(200)),
    Route("GET", "/practice/sets/<uuid:set_id>", own(302), path=SET),
    Route("GET", "/practice/sets/<uuid:set_id>/state", own(200), path=f"{SET}/state"),
    Route("GET", "/practice/sets/<uuid:set_id>/<int:position>", own(200), path=f"{SET}/1"),
    Route(
        "POST",
        "/practice/sets/<uuid:set_id>/<int:position>/answer",
        own(400, anonymous=401),
        path=f"{SET}/1/answer",
    ),
    Route(
        "POST",
        "/practice/sets/<uuid:set_id>/<int:position>/unsure",
        own(404, anonymous=401),  # not answered yet
        path=f"{SET}/1/unsure",
    ),
    Route("POST", "/practice/reports", signed_in_form(404)),
    Route(
        "POST", "/practice/checks/<key>/answer", signed_in_form(302), path="/practice/checks/ip-01-001/answer"
    ),
    Route(
        "POST", "/practice/checks/<key>/unsure", signed_in_form(400), path="/practice/checks/ip-01-001/unsure"
    ),
    Route("POST", "/practice/sets/<uuid:set_id>/finish", own(302, anonymous=401), path=f"{SET}/finish"),
    Route("GET", "/practice/sets/<uuid:set_id>/result", own(200), path=f"{SET}/result"),
    Route("POST", "/practice/sets", signed_in_form(400)),
    Route("GET", "/progress", signed_in(200)),
    Route("GET", "/progress/trend", signed_in(200)),
    Route("GET", "/progress/history", signed_in(200)),
    Route("GET", "/progress/study-sessions", signed_in(200)),
    Route("GET", "/exams", signed_in(200)),
    Route("POST", "/exams/target", signed_in_form(400)),
    Route("POST", "/exams/target", signed_in_form(302), fields={"target": "ip-2026"}),
    Route("GET", "/search", signed_in(200)),
    Route("GET", "/search", signed_in(200), path="/search?q=本文"),
    Route("GET", "/glossary", signed_in(200)),
    Route("GET", "/glossary", signed_in(200), path="/glossary?q=ようご&topic=ip-6.5:1"),
    Route("GET", "/glossary/<path:term>", signed_in(200), path="/glossary/本文"),
    Route("GET", "/glossary/<path:term>", signed_in(200), path="/glossary/本文?part=1"),
    Route("GET", "/glossary/<path:term>", signed_in(404), path="/glossary/no-such-term"),
    Route("GET", "/files/<uuid:file_id>", signed_in(404), path=f"/files/{NOBODYS_ID}"),
    Route("GET", "/healthz", public(200)),
    Route("GET", "/readyz", public(200)),
    Route("GET", "/metrics", public(200)),
    # Last: it ends the visit.
    Route("POST", "/sign-out", public(302)),
)
