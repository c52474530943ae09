from __future__ import annotations

from tests.architecture.route import ANONYMOUS, NAMES, Route, signed_in, signed_in_form
from tests.furnishings.workshops import GROUP_ID, SHEET_ID

WORKSHOP = "/workshops/first-hearing"
TAKING_PART_OR_LECTURING = ("officer", "lecturer", "administrator")


def _sheets(anonymous: int, status: int, refused: int) -> dict[str, int]:
    named = dict.fromkeys(TAKING_PART_OR_LECTURING, status)
    return {ANONYMOUS: anonymous} | dict.fromkeys(NAMES, refused) | named


ROUTES = (
    Route("GET", "/workshops", signed_in(200)),
    Route("GET", "/workshops/<key>", signed_in(200), path=WORKSHOP),
    Route("GET", "/workshops/<key>", signed_in(404), path="/workshops/no-such-workshop"),
    Route("GET", "/workshops/<key>/sheets", _sheets(302, 200, 404), path=f"{WORKSHOP}/sheets"),
    Route("GET", "/workshops/<key>/sheets.md", _sheets(302, 200, 404), path=f"{WORKSHOP}/sheets.md"),
    Route(
        "POST",
        "/workshops/<key>/sheets/<int:sheet_id>/comments",
        _sheets(401, 400, 403),
        path=f"{WORKSHOP}/sheets/{SHEET_ID}/comments",
    ),
    # The officer has handed in; the others have not begun.
    Route(
        "POST", "/workshops/<key>/hand-in", signed_in_form(404) | {"officer": 302}, path=f"{WORKSHOP}/hand-in"
    ),
    Route("POST", "/workshops/<key>", signed_in_form(302) | {"officer": 409}, path=WORKSHOP),
    Route(
        "POST",
        "/workshops/<key>/take-back",
        signed_in_form(404) | {"officer": 302},
        path=f"{WORKSHOP}/take-back",
    ),
    Route("POST", "/workshops/<key>/groups", signed_in_form(400), path=f"{WORKSHOP}/groups"),
    Route(
        "POST",
        "/workshops/<key>/groups/<int:group_id>/join",
        signed_in_form(302),
        path=f"{WORKSHOP}/groups/{GROUP_ID}/join",
    ),
    Route("POST", "/workshops/<key>/groups/leave", signed_in_form(302), path=f"{WORKSHOP}/groups/leave"),
)
