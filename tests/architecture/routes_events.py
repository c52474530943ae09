"""Surveys, attendance, registration and calendars. Nobody but lecturers and administrators makes or looks at them."""

from __future__ import annotations

from tests.architecture.route import (
    ANONYMOUS,
    NAMES,
    NOBODYS_ID,
    Route,
    only,
    public,
    signed_in,
    signed_in_form,
)
from tests.furnishings.events import CODE, FEED_TOKEN, SURVEY_ID

WRITERS = ("lecturer", "administrator")
STUDIO = "/studio/study-sessions/<key>"
HERE = "/studio/study-sessions/first-hearing"
NOBODY = 999_999


def _page(rule: str, *, status: int = 200, path: str = "") -> Route:
    return Route("GET", STUDIO + rule, only(status, *WRITERS), path=HERE + (path or rule))


def _form(rule: str, status: int, *, path: str = "", **fields: str) -> Route:
    return Route("POST", STUDIO + rule, _sent(status), path=HERE + (path or rule), fields=fields)


def _sent(status: int) -> dict[str, int]:
    return {ANONYMOUS: 401} | dict.fromkeys(NAMES, 403) | dict.fromkeys(WRITERS, status)


ROUTES = (
    Route("GET", "/surveys/<uuid:survey_id>", signed_in(200), path=f"/surveys/{SURVEY_ID}"),
    Route("GET", "/surveys/<uuid:survey_id>", signed_in(404), path=f"/surveys/{NOBODYS_ID}"),
    Route("POST", "/surveys/<uuid:survey_id>", signed_in_form(400), path=f"/surveys/{SURVEY_ID}"),
    _page("/surveys"),
    _form("/surveys", 409),
    _page("/surveys/<moment>", status=302, path="/surveys/after"),
    _page("/surveys/<moment>", status=404, path="/surveys/never"),
    _form("/surveys/<moment>", 409, path="/surveys/after"),
    _page("/surveys/<moment>/preview", path="/surveys/after/preview"),
    _form("/surveys/<moment>/plan", 409, path="/surveys/after/plan"),
    _form("/surveys/<moment>/open", 409, path="/surveys/after/open"),
    _form("/surveys/<moment>/remove", 409, path="/surveys/after/remove"),
    _page("/surveys/<moment>/results", path="/surveys/after/results"),
    _page("/surveys/<moment>/results", path="/surveys/later/results"),
    _form("/surveys/<moment>/results/export", 409, path="/surveys/after/results/export"),
    _form("/surveys/<moment>/close", 409, path="/surveys/later/close"),
    Route("GET", "/attend", signed_in(200)),
    Route("POST", "/attend", signed_in_form(400)),
    Route("POST", "/attend", signed_in_form(303), fields={"code": "acd-347"}),
    Route("GET", "/attend/<code>", signed_in(200), path=f"/attend/{CODE}"),
    Route("GET", "/attend/<code>", signed_in(400), path="/attend/AAAAAA"),
    Route("POST", "/attend/<code>", signed_in_form(303), path=f"/attend/{CODE}"),
    Route(
        "POST",
        "/study-sessions/<key>/registration",
        signed_in_form(409),  # it was held long ago
        path="/study-sessions/first-hearing/registration",
    ),
    Route(
        "POST",
        "/study-sessions/<key>/registration",
        signed_in_form(303),
        path="/study-sessions/first-hearing/registration",
        fields={"step": "cancel"},
    ),
    _page("/attendance"),
    _page("/attendance", path="/attendance?q=%E3%81%82"),
    _page("/attendance/live"),
    _page("/attendance/screen"),
    _page("/attendance/qr.svg"),
    _form("/attendance/people/<int:user_id>", 404, path=f"/attendance/people/{NOBODY}"),
    _form("/attendance/people/<int:user_id>/strike", 404, path=f"/attendance/people/{NOBODY}/strike"),
    _form("/attendance/people/<int:user_id>/restore", 404, path=f"/attendance/people/{NOBODY}/restore"),
    _form("/attendance/export", 200),
    _form("/attendance/code", 303),
    _page("/attendance/registrations"),
    _form("/attendance/registrations", 303, takes="y", capacity="3"),
    _form("/attendance/registrations", 400, capacity="0"),
    _form("/attendance/registrations/<int:user_id>", 404, path=f"/attendance/registrations/{NOBODY}"),
    _form(
        "/attendance/registrations/<int:user_id>/remove",
        303,
        path=f"/attendance/registrations/{NOBODY}/remove",
    ),
    Route("GET", "/calendar/<token>.ics", public(200), path=f"/calendar/{FEED_TOKEN}.ics"),
    Route("GET", "/calendar/<token>.ics", public(404), path="/calendar/nobody.ics"),
    Route("POST", "/calendar", signed_in_form(303)),
    Route("POST", "/calendar/end", signed_in_form(303)),
)
