"""The questions' studio: those who may not write content are refused, whatever they ask for.

The steps that move the question in draft follow each other: published, retired, used again.
"""

from __future__ import annotations

from tests.architecture.route import ANONYMOUS, Route, Statuses, only
from tests.furnishings.question_studio import IN_DRAFT, WAITING

ALL = "/studio/questions"
BASE = f"{ALL}/<key>"
DRAFT = f"{ALL}/{IN_DRAFT}"
NAME = "22222222-2222-4222-8222-222222222222"
WRITTEN = {"stem": "問い", "kind": "single_choice", "row-0-text": "甲", "row-1-text": "乙", "correct": "0"}


def lecturers(status: int) -> Statuses:
    return only(status, "lecturer", "administrator")


def lecturers_form(status: int) -> Statuses:
    return lecturers(status) | {ANONYMOUS: 401}


def _list(rest: str = "", at: str = "", status: int = 200) -> Route:
    return Route("GET", f"{ALL}{rest}", lecturers(status), path=f"{ALL}{at or rest}")


def _page(rest: str = "", at: str = "", status: int = 200) -> Route:
    return Route("GET", f"{BASE}{rest}", lecturers(status), path=f"{DRAFT}{at or rest}")


def _send(rest: str, status: int, at: str = "", **fields: str) -> Route:
    return Route("POST", f"{ALL}{rest}", lecturers_form(status), path=f"{ALL}{at or rest}", fields=fields)


def _step(rest: str, status: int, at: str = "", key: str = IN_DRAFT, **fields: str) -> Route:
    return _send(f"/<key>{rest}", status, f"/{key}{at or rest}", **fields)


ROUTES = (
    _list(),
    _list(
        "",
        "?text=記述&topic=ip-6.5:1&status=draft&kind=single_choice&level=understand&author=me&origin=studio&reports=open&sort=hard",
    ),
    _list("", "?author=7&page=2"),
    _list("/new"),
    _list("/new", f"/new?draft={NAME}&for=first-hearing"),
    _send("/new", 400),
    _send("/new", 200, step="row:add", **WRITTEN),
    _send("/new", 200, step="find_topics", topic_query="項目"),
    _send("/new", 200, step="find_teaching", teaches_query="章"),
    _send("/new", 200, step="figure", figure_alt=""),
    _send("/new", 302, topics="ip-6.5:1", **WRITTEN),
    _send("/new", 404, topics="ip-6.5:1", **WRITTEN, **{"for": "no-such-session"}),
    _send("/part", 200, step="row:add", **WRITTEN),
    _send("/preview", 200, topics="ip-6.5:1", **WRITTEN),
    _list("/topics", "/topics?q=項目"),
    _list("/teaching", "/teaching?q=最初"),
    _send("/figures", 400),
    _send("/drafts/<draft>", 200, f"/drafts/{NAME}", stem="書きかけ"),
    _send("/drafts/<draft>/discard", 302, f"/drafts/{NAME}/discard"),
    _send("/bulk", 302),
    _send("/bulk", 200, keys=IN_DRAFT, action="level", **{"value-level": "apply"}),
    _send("/bulk", 200, scope="all", text="st-1-9", action="add_topic", **{"value-add_topic": "ip-6.5:9"}),
    _send("/bulk/apply", 409, keys=IN_DRAFT, action="level", value="apply", digest="old"),
    _list("/export", "/export?format=csv"),
    _list("/export", "/export?format=xlsx&status=draft"),
    _list("/export", "/export?format=yaml&text=no-such-words-anywhere", 400),
    _list("/template"),
    _list("/template", "/template?format=csv"),
    _list("/import"),
    _send("/import", 400),
    _list("/imports/<uuid:import_id>", f"/imports/{NAME}", 404),
    _send("/imports/<uuid:import_id>", 404, f"/imports/{NAME}"),
    _page(),
    Route("GET", BASE, lecturers(404), path=f"{ALL}/no-such-question"),
    _page("/edit"),
    _step("/edit", 400),
    _step("/edit", 200, step="find_topics", topic_query="項目", **WRITTEN),
    _step("/edit", 409, base_revision="1", topics="ip-6.5:1", **WRITTEN),
    _page("/versions"),
    _page("/versions/compare", "/versions/compare?old=1&new=2"),
    _page("/versions/compare", status=404),
    _step("/versions/<int:number>/restore", 409, "/versions/1/restore"),
    _step("/versions/<int:number>/restore", 404, "/versions/99/restore"),
    _page("/review", status=409),
    Route("GET", f"{BASE}/review", lecturers(200), path=f"{ALL}/{WAITING}/review"),
    _step("/review/answer", 400, key=WAITING),
    _step("/review/answer", 200, key=WAITING, choice="0", base_revision="2"),
    _step("/review", 400, key=WAITING, choice="0", base_revision="2"),
    _step("/review", 302, key=WAITING, choice="0", base_revision="2", verdict="approved"),
    _step("/status", 400),
    _step("/status", 409, step="publish", base_revision="1"),
    _step("/status", 302, step="publish", base_revision="2"),
    _step("/status", 302, step="retire", base_revision="2"),
    _step("/status", 302, step="reopen", base_revision="2"),
)
