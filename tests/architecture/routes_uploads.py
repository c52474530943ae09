from __future__ import annotations

from tests.architecture.route import ANONYMOUS, NAMES, Route, Statuses, only
from tests.furnishings.uploads import KEY, MATERIAL_ID

SESSION = f"/studio/study-sessions/{KEY}"
RULE = "/studio/study-sessions/<key>"
MATERIAL = f"{SESSION}/materials/{MATERIAL_ID}"


def _writers(status: int) -> Statuses:
    return only(status, "lecturer", "administrator")


def _writers_form(status: int) -> Statuses:
    return {ANONYMOUS: 401} | dict.fromkeys(NAMES, 403) | dict.fromkeys(("lecturer", "administrator"), status)


ROUTES = (
    Route("GET", "/studio/study-sessions/new", _writers(200)),
    Route("POST", "/studio/study-sessions/new", _writers_form(400)),
    Route("POST", "/studio/study-sessions/new", _writers_form(303), fields={"step": "empty"}),
    Route("GET", f"{RULE}/start", _writers(200), path=f"{SESSION}/start"),
    Route("GET", f"{RULE}/start", _writers(404), path="/studio/study-sessions/no-such/start"),
    Route("POST", f"{RULE}/start", _writers_form(400), path=f"{SESSION}/start"),
    Route("GET", f"{RULE}/materials", _writers(200), path=f"{SESSION}/materials"),
    Route("GET", f"{RULE}/materials", _writers(404), path="/studio/study-sessions/no-such/materials"),
    Route("GET", f"{RULE}/materials/progress", _writers(200), path=f"{SESSION}/materials/progress"),
    Route("POST", f"{RULE}/materials", _writers_form(400), path=f"{SESSION}/materials"),
    Route(
        "POST", f"{RULE}/materials/<int:material_id>/replace", _writers_form(400), path=f"{MATERIAL}/replace"
    ),
    Route("POST", f"{RULE}/materials/<int:material_id>", _writers_form(400), path=MATERIAL),
    Route(
        "POST",
        f"{RULE}/materials/<int:material_id>",
        _writers_form(303),
        path=MATERIAL,
        fields={"step": "up"},
    ),
    Route(
        "POST",
        f"{RULE}/materials/<int:material_id>",
        _writers_form(404),
        path=f"{SESSION}/materials/999999",
        fields={"step": "remove"},
    ),
)
