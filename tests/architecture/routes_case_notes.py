from __future__ import annotations

from tests.architecture.route import ANONYMOUS, NAMES, Route, signed_in, signed_in_form
from tests.furnishings.case_notes import NOTE_ID

NOTE = f"/case-notes/{NOTE_ID}"

ROUTES = (
    Route("GET", "/case-notes", signed_in(200)),
    Route(
        "GET", "/case-notes", signed_in(200), path="/case-notes?kind=trouble&topic=x&unit=1&since=2026-01-01"
    ),
    Route("GET", "/case-notes/week", signed_in(200)),
    Route("GET", "/case-notes/new", signed_in(200)),
    Route("POST", "/case-notes/new", signed_in_form(400)),
    Route("GET", "/case-notes/<int:note_id>", signed_in(200), path=NOTE),
    Route(
        "GET",
        "/case-notes/<int:note_id>/edit",
        {ANONYMOUS: 302} | dict.fromkeys(NAMES, 404) | {"officer": 200},
        path=f"{NOTE}/edit",
    ),
    Route(
        "POST",
        "/case-notes/<int:note_id>/edit",
        {ANONYMOUS: 401} | dict.fromkeys(NAMES, 404) | {"officer": 400},
        path=f"{NOTE}/edit",
    ),
    Route("POST", "/case-notes/<int:note_id>/comments", signed_in_form(400), path=f"{NOTE}/comments"),
    Route(
        "POST",
        "/case-notes/<int:note_id>/comments/<int:comment_id>/withdraw",
        signed_in_form(404),
        path=f"{NOTE}/comments/999999/withdraw",
    ),
    # Others than its author and those who look after the content are refused.
    Route(
        "POST",
        "/case-notes/<int:note_id>/withdraw",
        {ANONYMOUS: 401}
        | dict.fromkeys(NAMES, 403)
        | dict.fromkeys(("officer", "lecturer", "administrator"), 302),
        path=f"{NOTE}/withdraw",
    ),
)
