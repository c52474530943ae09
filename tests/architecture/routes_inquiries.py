from __future__ import annotations

from tests.architecture.route import ANONYMOUS, NAMES, Route, signed_in, signed_in_form
from tests.furnishings.inquiries import INQUIRY_ID

INQUIRY = f"/ask/{INQUIRY_ID}"
ASKER_AND_THOSE_WHO_ANSWER = ("officer", "lecturer", "administrator")


def _answering(anonymous: int, status: int) -> dict[str, int]:
    return (
        {ANONYMOUS: anonymous}
        | dict.fromkeys(NAMES, 403)
        | dict.fromkeys(("lecturer", "administrator"), status)
    )


ROUTES = (
    Route("GET", "/ask", signed_in(200)),
    Route("GET", "/ask", signed_in(200), path="/ask?shown=mine&session=first-hearing"),
    Route("GET", "/ask", signed_in(200), path="/ask?shown=waiting"),
    Route("GET", "/ask/new", signed_in(200), path="/ask/new?session=first-hearing&slide=1"),
    Route("GET", "/ask/new", signed_in(404), path="/ask/new?session=no-such-session"),
    Route("POST", "/ask/new", signed_in_form(400)),
    # Without an answer it is known to the asker and to those who may answer.
    Route(
        "GET",
        "/ask/<int:inquiry_id>",
        {ANONYMOUS: 302} | dict.fromkeys(NAMES, 404) | dict.fromkeys(ASKER_AND_THOSE_WHO_ANSWER, 200),
        path=INQUIRY,
    ),
    Route("POST", "/ask/<int:inquiry_id>/answers", _answering(401, 400), path=f"{INQUIRY}/answers"),
    Route(
        "GET",
        "/ask/<int:inquiry_id>/answers/<int:answer_id>",
        _answering(302, 404),
        path=f"{INQUIRY}/answers/999999",
    ),
    Route(
        "POST",
        "/ask/<int:inquiry_id>/answers/<int:answer_id>",
        _answering(401, 404),
        path=f"{INQUIRY}/answers/999999",
    ),
    Route(
        "POST",
        "/ask/<int:inquiry_id>/withdraw",
        {ANONYMOUS: 401}
        | dict.fromkeys(NAMES, 404)
        | {"officer": 302, "lecturer": 403, "administrator": 403},
        path=f"{INQUIRY}/withdraw",
    ),
)
