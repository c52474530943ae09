"""Corrections, reported faults, and what was understood: for those who write content."""

from __future__ import annotations

from tests.architecture.route import ANONYMOUS, Route, Statuses, only
from tests.furnishings.results import CORRECTED, CORRECTION_ID

BASE = "/studio/questions/<key>"


def lecturers(status: int) -> Statuses:
    return only(status, "lecturer", "administrator")


def lecturers_form(status: int) -> Statuses:
    return lecturers(status) | {ANONYMOUS: 401}


ROUTES = (
    Route("GET", f"{BASE}/correction", lecturers(200), path="/studio/questions/ip-01-001/correction"),
    Route("GET", f"{BASE}/correction", lecturers(404), path="/studio/questions/no-such/correction"),
    Route("POST", f"{BASE}/correction", lecturers_form(400), path="/studio/questions/ip-01-001/correction"),
    Route(
        "POST",
        f"{BASE}/correction",
        lecturers_form(200),
        path="/studio/questions/ip-01-001/correction",
        fields={"kind": "key", "choice": "2", "reason": "ウが正しい。"},
    ),
    Route(
        "POST",
        f"{BASE}/correction/confirmed",
        lecturers_form(409),
        path="/studio/questions/ip-01-001/correction/confirmed",
        fields={"kind": "strike", "reason": "正しい選択肢がない。", "base": "0"},
    ),
    Route(
        "GET",
        f"{BASE}/corrections/<int:correction_id>",
        lecturers(200),
        path=f"/studio/questions/{CORRECTED}/corrections/{CORRECTION_ID}",
    ),
    Route(
        "GET",
        f"{BASE}/corrections/<int:correction_id>",
        lecturers(404),
        path=f"/studio/questions/ip-01-001/corrections/{CORRECTION_ID}",
    ),
    Route("GET", "/studio/questions/reports", lecturers(200)),
    Route("POST", f"{BASE}/reports", lecturers_form(400), path="/studio/questions/ip-01-001/reports"),
    Route(
        "GET",
        "/studio/study-sessions/<key>/understanding",
        lecturers(200),
        path="/studio/study-sessions/first-hearing/understanding",
    ),
    Route(
        "GET",
        "/studio/study-sessions/<key>/understanding",
        lecturers(404),
        path="/studio/study-sessions/no-such-session/understanding",
    ),
)
