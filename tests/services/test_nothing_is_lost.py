"""The promise of the project: an answer that was acknowledged is in the log, exactly once, whatever happens to the
server. Real server, real requests, kill -9 of the whole process group under load, several times."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from threading import Event, Lock, Thread
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select, text

from studyhub.persistence.models import Question, QuestionProgress, Response
from studyhub.persistence.session import reading, transaction
from tests import serving
from tests.factories.questions import make_questions, make_syllabus
from tests.personas import PASSWORD, Personas
from tests.serving import RunningSite, wait_until

pytestmark = pytest.mark.slow

CALAMITIES = 3
ANSWERS_BETWEEN = 40


Calamity = Callable[[RunningSite, Path, str], RunningSite]
"""Takes the site, its instance and the database's URL; gives the site that runs afterwards."""


@dataclass(slots=True)
class Log:
    """What the clients were told."""

    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    failed: int = 0
    """Answers of the server that say that it could not, 500 and above: the browser tries again."""
    cut_off: int = 0
    lock: Lock = field(default_factory=Lock)


class Officer:
    """A browser that sends an answer again, under its own id, until the server has acknowledged it."""

    def __init__(self, site: RunningSite, login: str) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._browser = urllib.request.build_opener(jar)
        self._url = site.url
        form = {"login": login, "password": PASSWORD, "csrf_token": self._token("/sign-in")}
        self._browser.open(f"{self._url}/sign-in", urllib.parse.urlencode(form).encode(), timeout=30).close()
        self._csrf = self._token("/account")

    def answer_until(self, stop: Event, questions: list[tuple[str, int]], log: Log) -> None:
        sent = 0
        while not stop.is_set():
            key, revision_id = questions[sent % len(questions)]
            answer = {"response_id": str(uuid4()), "revision_id": revision_id, "choice": sent % 4}
            while not self._acknowledged(key, answer, log):
                stop.wait(0.05)
            sent += 1

    def _acknowledged(self, key: str, answer: dict[str, object], log: Log) -> bool:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-CSRFToken": self._csrf,
        }
        address = f"{self._url}/practice/checks/{key}/answer"
        request = urllib.request.Request(address, json.dumps(answer).encode(), headers)
        try:
            with self._browser.open(request, timeout=30) as reply:
                told = json.load(reply)
        except urllib.error.HTTPError as error:
            with error, log.lock:
                if error.code >= 500:
                    log.failed += 1
                    return False
                log.refused.append(f"{error.code} {error.read()[:300]!r}")
            return True
        except (OSError, HTTPException, ValueError):  # cut off before or in the middle of the reply
            with log.lock:
                log.cut_off += 1
            return False
        assert told["saved"]
        with log.lock:
            log.acknowledged.append(told["id"])
        return True

    def _token(self, path: str) -> str:
        with self._browser.open(self._url + path, timeout=30) as page:
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
        assert found is not None
        return found[1]


def test_every_acknowledged_answer_is_in_the_log_exactly_once(
    engine: Engine, personas: Personas, tmp_path: Path, now: datetime
) -> None:
    questions = store_questions(engine, now)
    url = engine.url.render_as_string(hide_password=False)
    log = answer_under(_kill_the_server, tmp_path / "instance", url, questions)
    assert log.failed == 0
    assert log.cut_off > 0, "no request was under way when the server was killed"
    assert_nothing_is_lost(engine, log)


def test_answers_survive_a_database_that_drops_every_connection(
    engine: Engine, personas: Personas, tmp_path: Path, now: datetime
) -> None:
    """What a restart of PostgreSQL does to the server: it must neither lose an answer nor need a restart itself."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no connections to drop")
    questions = store_questions(engine, now)
    url = engine.url.render_as_string(hide_password=False)

    def drop_connections(site: RunningSite, _instance: Path, _url: str) -> RunningSite:
        with engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        return site

    assert_nothing_is_lost(engine, answer_under(drop_connections, tmp_path / "instance", url, questions))


def assert_nothing_is_lost(engine: Engine, log: Log) -> None:
    assert log.refused == []
    with reading(engine) as db:
        stored = Counter(db.scalars(select(Response.id)))
        projected = db.scalar(select(func.sum(QuestionProgress.responses)))
    assert stored == Counter(log.acknowledged)
    assert projected == len(stored), "the projections moved with the log"


def store_questions(engine: Engine, now: datetime) -> list[tuple[str, int]]:
    with transaction(engine) as db:
        make_questions(db, now, make_syllabus(db)[0], 5)
    with reading(engine) as db:
        return [tuple(row) for row in db.execute(select(Question.key, Question.current_revision_id))]


def answer_under(calamity: Calamity, instance: Path, url: str, questions: list[tuple[str, int]]) -> Log:
    """Four officers answer without pause; the calamity strikes three times, each time after some more answers."""
    log, stop = Log(), Event()
    site = serving.start(instance, url)
    officers = [
        Officer(site, login) for login in ("officer", "colleague_elsewhere", "lecturer", "supervisor")
    ]
    threads = [Thread(target=officer.answer_until, args=(stop, questions, log)) for officer in officers]
    try:
        for thread in threads:
            thread.start()
        for _ in range(CALAMITIES):
            wait_for_answers(log)
            site = calamity(site, instance, url)
        wait_for_answers(log)
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
        site.kill_group()
    return log


def _kill_the_server(site: RunningSite, instance: Path, url: str) -> RunningSite:
    site.kill_group()
    return serving.start(instance, url, site.port)


def wait_for_answers(log: Log) -> None:
    enough = len(log.acknowledged) + ANSWERS_BETWEEN
    wait_until(lambda: len(log.acknowledged) >= enough or log.refused, 60)
