"""What a page asks of the database: how many statements, and which of them read a whole table that grows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from bench.generate import Place
from bench.population import PASSWORD, login
from studyhub.app import create_app
from studyhub.config import load_config
from studyhub.persistence.models import (
    AuditEntry,
    DailyActivity,
    Post,
    PracticeItem,
    PracticeSet,
    QuestionProgress,
    ReadingMark,
    ReadingPosition,
    Response,
    SignIn,
    TopicProgress,
    Unit,
    UnsureMark,
    User,
    UserRole,
)

GROWING = frozenset(
    model.__tablename__
    for model in (
        AuditEntry, DailyActivity, Post, PracticeItem, PracticeSet, QuestionProgress, ReadingMark, ReadingPosition,
        Response, SignIn, TopicProgress, Unit, UnsureMark, User, UserRole,
    )
)  # fmt: skip
"""Tables that grow with people and their answers; questions and study sessions are as many as are shown."""
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_SCANNED = re.compile(r"(?:^SCAN|Seq Scan on) (\w+)(?! USING)(?! VIRTUAL)")


@dataclass(frozen=True, slots=True)
class Asked:
    """``scans`` names each table of ``GROWING`` that a statement read from end to end."""

    statements: int
    scans: tuple[str, ...]


class Examiner:
    """One officer's browser inside this process, and an ear on its engine."""

    def __init__(self, place: Place, number: int) -> None:
        app: Flask = create_app(load_config(place.environment() | {"STUDYHUB_LOG_LEVEL": "ERROR"}))
        self._engine: Engine = app.extensions["studyhub"].engine
        self._client: FlaskClient = app.test_client()
        fields = {"login": login(number), "password": PASSWORD, "csrf_token": self._token()}
        if self._client.post("/sign-in", data=fields).status_code != 302:
            raise RuntimeError(f"{login(number)} was not signed in")

    def examine(self, path: str) -> Asked | None:
        """None for a page that is not there."""
        self._client.get(path)  # what is cached by the first visit is not the page's own
        with _heard(self._engine) as sent:
            if self._client.get(path).status_code != 200:
                return None
        return Asked(len(sent), tuple(sorted(set(self._scans(sent)))))

    def close(self) -> None:
        self._engine.dispose()

    def _token(self) -> str:
        found = _TOKEN.search(self._client.get("/sign-in").text)
        assert found is not None, "the sign-in page carries no CSRF token"
        return found[1]

    def _scans(self, sent: list[tuple[str, Any]]) -> Iterator[str]:
        prefix = "EXPLAIN QUERY PLAN " if self._engine.dialect.name == "sqlite" else "EXPLAIN "
        with self._engine.connect() as connection:
            for statement, parameters in sent:
                plan = connection.exec_driver_sql(prefix + statement, parameters)
                yield from (
                    table
                    for row in plan
                    for table in _SCANNED.findall(str(row[-1]).strip())
                    if table in GROWING
                )


@contextmanager
def _heard(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith(_FRAME):
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
