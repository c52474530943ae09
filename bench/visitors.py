"""Officers who are really signed in, and the requests they make: answers and pages."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy import Engine, Update, insert, update

from bench.history import Asked
from bench.load import CLIENTS, TIMEOUT_S, Call
from bench.population import PASSWORD, login
from studyhub.persistence.models import PracticeItem, PracticeSet
from studyhub.persistence.session import transaction

QUESTIONS_OF_A_SET = 10
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Visitor:
    user_id: int
    cookie: str
    token: str
    """For the forms of this browser."""

    def page(self, path: str) -> Call:
        return Call(path, {"Cookie": self.cookie, "Accept": "text/html", "Accept-Encoding": "gzip"})


@dataclass(frozen=True, slots=True)
class Sitting:
    visitor: Visitor
    set_id: str

    def address(self, position: int) -> str:
        return f"/practice/sets/{self.set_id}/{position}"

    def answer(self, position: int, *, shown: bool) -> Call:
        """``shown`` asks for the feedback as practice-answer.js does; else the form is sent as a browser without
        scripts does, and the answer is that it may go on to the page."""
        response_id = str(uuid4())
        fields = {
            "response_id": response_id, "choice": "1", "duration_ms": "21000", "csrf_token": self.visitor.token,
            "answered_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        accept = "application/json" if shown else "text/html"
        return Call(
            f"{self.address(position)}/answer",
            {"Cookie": self.visitor.cookie, "Accept": accept} | _FORM,
            urlencode(fields).encode(),
            response_id.encode() if shown else b"",
            200 if shown else 302,
        )


def sign_in_all(port: int, numbers: Sequence[int]) -> list[Visitor]:
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(lambda number: _sign_in(port, number), numbers))


def sit_down(
    engine: Engine, visitors: Sequence[Visitor], asked: Sequence[Asked], rng: Random
) -> list[Sitting]:
    """A running set of ten questions for each, which ends the one before; written past the web so that a round of
    answers measures answers only."""
    now = datetime.now(UTC)
    sittings = [Sitting(visitor, str(uuid4())) for visitor in visitors]
    items = [
        {"practice_set_id": sitting.set_id, "position": position, "revision_id": question.revision_id,
         "shown_order": [2, 0, 3, 1], "reason": "random"}
        for sitting in sittings
        for position, question in enumerate(rng.sample(asked, QUESTIONS_OF_A_SET), start=1)
    ]  # fmt: skip
    sets = [
        {"id": each.set_id, "user_id": each.visitor.user_id, "mode": "random", "minutes": 10, "state": "running",
         "created_at": now}
        for each in sittings
    ]  # fmt: skip
    with transaction(engine) as db:
        db.execute(_leave(visitors, now))
        db.execute(insert(PracticeSet), sets)
        db.execute(insert(PracticeItem), items)
    return sittings


def stand_up(engine: Engine, visitors: Sequence[Visitor]) -> None:
    """Nobody has a running set any more: the home page deals the next one."""
    with transaction(engine) as db:
        db.execute(_leave(visitors, datetime.now(UTC)))


def answers(sittings: Sequence[Sitting], *, shown: bool) -> list[list[Call]]:
    """A script for each client: first questions of all its officers, then their second ones, and so on."""
    return [
        [
            sitting.answer(position, shown=shown)
            for position in range(1, QUESTIONS_OF_A_SET + 1)
            for sitting in share
        ]
        for share in _shares(sittings)
    ]


def pages(sittings: Sequence[Sitting], path: str) -> list[list[Call]]:
    """``{set}`` in the path stands for the address of the first question of each officer's own set."""
    return [
        [sitting.visitor.page(path.format(set=sitting.address(1))) for sitting in share]
        for share in _shares(sittings)
    ]


def _leave(visitors: Sequence[Visitor], now: datetime) -> Update:
    users = [visitor.user_id for visitor in visitors]
    running = PracticeSet.user_id.in_(users), PracticeSet.state == "running"
    return update(PracticeSet).where(*running).values(state="left", ended_at=now)


def _shares(sittings: Sequence[Sitting]) -> Iterator[Sequence[Sitting]]:
    for client in range(CLIENTS):
        yield sittings[client::CLIENTS]


def _sign_in(port: int, number: int) -> Visitor:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        cookie, page = _read(connection, "/sign-in", "")
        fields = {"login": login(number), "password": PASSWORD, "csrf_token": _token(page)}
        body = urlencode(fields)
        connection.request("POST", "/sign-in", body, {"Cookie": cookie} | _FORM)
        response = connection.getresponse()
        response.read()
        if response.status != 302:
            raise RuntimeError(f"{login(number)} was not signed in: {response.status}")
        cookie = _cookie(response, cookie)
        cookie, page = _read(connection, "/account", cookie)
        return Visitor(number, cookie, _token(page))
    finally:
        connection.close()


def _read(connection: http.client.HTTPConnection, path: str, cookie: str) -> tuple[str, str]:
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    response = connection.getresponse()
    return _cookie(response, cookie), response.read().decode()


def _cookie(response: http.client.HTTPResponse, before: str) -> str:
    found = response.getheader("Set-Cookie")
    return found.partition(";")[0] if found else before


def _token(page: str) -> str:
    found = _TOKEN.search(page)
    if found is None:
        raise RuntimeError("a page carries no CSRF token")
    return found[1]
