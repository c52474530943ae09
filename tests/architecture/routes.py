"""Who gets what from each route. A new route needs a row before the build is green again.

The rows of the foundation stand here; each feature has its own in a module ``routes_<feature>.py`` beside this one, as a
tuple ``ROUTES``. The site that is visited is tests/furnished.py: a study session `first-hearing`, a question `ip-01-001`,
and a practice set of the officer's own. Forms are sent with their CSRF token and otherwise empty, unless the row says
what is in them. Rows are visited from the top.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path

from tests.architecture.route import ANONYMOUS as ANONYMOUS
from tests.architecture.route import EVERYONE as EVERYONE
from tests.architecture.route import NAMES, NOBODYS_ID, SET, own, public, signed_in, signed_in_form
from tests.architecture.route import Route as Route
from tests.architecture.route import only as only

FOUNDATION = (
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
)
LAST = (Route("POST", "/sign-out", public(302)),)
"""It ends the visit."""


def _of_features() -> tuple[Route, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = (import_module(f"tests.architecture.{name}") for name in names if name.startswith("routes_"))
    return tuple(route for module in modules for route in module.ROUTES)


ROUTES = (*FOUNDATION, *_of_features(), *LAST)
