"""The team's pages: for supervisors, and of the people whom they lead."""

from __future__ import annotations

from tests.architecture.route import ANONYMOUS, Route, only, signed_in
from tests.personas import NAMES

SUPERVISORS = ("supervisor", "supervisor_elsewhere")

ROUTES = (
    Route("GET", "/progress/looks", signed_in(200)),
    Route("GET", "/team", only(200, *SUPERVISORS)),
    Route("GET", "/team", only(404, *SUPERVISORS), path="/team?unit=no-such-unit"),
    Route("GET", "/team/people/<int:user_id>", only(404, *SUPERVISORS), path="/team/people/999999"),
    Route("GET", "/team/export", only(200, *SUPERVISORS)),
    Route(
        "POST",
        "/team/export",
        {ANONYMOUS: 401} | dict.fromkeys(NAMES, 403) | dict.fromkeys(SUPERVISORS, 400),
    ),
)
