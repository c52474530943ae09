"""The lecturers' studio: those who may not write content are refused, whatever they ask for.

The steps that move the draft `in-the-works` follow each other: published, taken back, retired, deleted, brought back.
"""

from __future__ import annotations

from tests.architecture.route import ANONYMOUS, Route, Statuses, only
from tests.furnishings.studio import IN_THE_WORKS

BASE = "/studio/study-sessions/<key>"
DRAFT = f"/studio/study-sessions/{IN_THE_WORKS}"


def lecturers(status: int) -> Statuses:
    return only(status, "lecturer", "administrator")


def lecturers_form(status: int) -> Statuses:
    return lecturers(status) | {ANONYMOUS: 401}


def _step(name: str, status: int = 302, **fields: str) -> Route:
    return Route("POST", f"{BASE}/{name}", lecturers_form(status), path=f"{DRAFT}/{name}", fields=fields)


def _page(rest: str, at: str = "", status: int = 200) -> Route:
    return Route("GET", f"{BASE}{rest}", lecturers(status), path=f"{DRAFT}{at or rest}")


ROUTES = (
    Route("GET", "/studio", lecturers(200)),
    Route(
        "GET", "/studio", lecturers(200), path="/studio?text=途中&state=draft&course=basics&whose=mine&page=2"
    ),
    Route("GET", "/studio/topics", lecturers(200), path="/studio/topics?q=項目"),
    _page(""),
    Route("GET", BASE, lecturers(404), path="/studio/study-sessions/no-such-session"),
    _page("/edit"),
    _step("edit", 400),
    _step("edit", 200, step="find_topics", topic_query="項目", body="本文"),
    _step("preview", 200, body="## 章"),
    _step("draft", 200, body="書きかけ", base_revision="1"),
    _step("draft/discard"),
    _step("figures", 400),
    _page("/export.zip"),
    _page("/check"),
    _page("/check", "/check?text=記述&topic=ip-6.5:1&page=1"),
    _step("check", 400),
    _step("check", 302, step="add", question="ip-01-001"),
    _page("/versions"),
    _page("/versions/<int:number>", "/versions/1"),
    _page("/versions/<int:number>", "/versions/999", 404),
    _page("/versions/compare", "/versions/compare?old=1&new=2"),
    _page("/versions/compare", status=404),
    Route(
        "POST",
        f"{BASE}/versions/<int:number>/restore",
        lecturers_form(302),
        path=f"{DRAFT}/versions/1/restore",
    ),
    _step("schedule", 400),
    _step("schedule", 302, day="2030-01-01", time="09:00"),
    _step("publish"),
    _step("unpublish"),
    _step("retire"),
    _step("delete"),
    _page(""),
    _step("bring-back"),
    _step("bring-back", 404),
)
