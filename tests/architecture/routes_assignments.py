from __future__ import annotations

from tests.architecture.route import ANONYMOUS, NAMES, Route, Statuses, only, own, signed_in, signed_in_form
from tests.furnishings.assignments import ASSIGNMENT_ID, NOTICE_ID

ONE = f"/team/assignments/{ASSIGNMENT_ID}"
SUPERVISORS = ("supervisor", "supervisor_elsewhere")


def of_those_who_lead_the_officer(status: int, *, anonymous: int = 302) -> Statuses:
    """The other supervisor is not told that it exists; who is no supervisor may ask for nothing."""
    refused = {ANONYMOUS: anonymous} | dict.fromkeys(NAMES, 403)
    return refused | {"supervisor": status, "supervisor_elsewhere": 404}


def supervisors_form(status: int) -> Statuses:
    return {ANONYMOUS: 401} | dict.fromkeys(NAMES, 403) | dict.fromkeys(SUPERVISORS, status)


ROUTES = (
    Route("GET", "/assignments", signed_in(200)),
    Route("GET", "/team/assignments", only(200, *SUPERVISORS)),
    Route("GET", "/team/assignments", only(200, *SUPERVISORS), path="/team/assignments?past=1&page=2"),
    Route("GET", "/team/assignments/new", only(200, *SUPERVISORS)),
    Route(
        "GET",
        "/team/assignments/new",
        only(200, *SUPERVISORS),
        path="/team/assignments/new?topic=ip-6.5:61&person=1&person=x&unit=999",
    ),
    Route("POST", "/team/assignments/confirm", supervisors_form(400)),
    Route("POST", "/team/assignments", supervisors_form(400)),
    Route("GET", "/team/assignments/<int:assignment_id>", of_those_who_lead_the_officer(200), path=ONE),
    Route(
        "POST",
        "/team/assignments/<int:assignment_id>/date",
        of_those_who_lead_the_officer(400, anonymous=401),
        path=f"{ONE}/date",
    ),
    Route(
        "POST",
        "/team/assignments/<int:assignment_id>/cancel",
        of_those_who_lead_the_officer(302, anonymous=401),
        path=f"{ONE}/cancel",
    ),
    Route("GET", "/notices", signed_in(200)),
    Route(
        "POST",
        "/notices/<int:notice_id>/read",
        own(302, anonymous=401),
        path=f"/notices/{NOTICE_ID}/read",
    ),
    Route(
        "POST",
        "/notices/<int:notice_id>/open",
        own(302, anonymous=401),
        path=f"/notices/{NOTICE_ID}/open",
    ),
    Route("POST", "/notices/read", signed_in_form(302)),
    Route("POST", "/account/mail", signed_in_form(302)),
)
