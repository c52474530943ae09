"""A page asks the database as often on a large site as on a small one.

Every page of the route table that answers an officer with 200 is counted, and every other one for the first of the
personas whom it answers with 200. A read that no page shows is added to READS.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.surveys import SurveyMoment
from studyhub.persistence.session import reading, transaction
from studyhub.reads.attendance import attendance_page, registrations_page
from studyhub.reads.surveys import results_page, surveys_page
from tests.architecture.routes import ROUTES
from tests.browsing import Browser
from tests.furnished import furnish
from tests.personas import Personas
from tests.statements import counted_statements

SMALL, MORE = 2, 40
MOST_STATEMENTS_OF_A_PAGE = 20
READERS = ("officer", "lecturer", "supervisor", "administrator")
PAGES = [
    (next(name for name in READERS if route.statuses[name] == 200), route.address)
    for route in ROUTES
    if route.method == "GET" and 200 in {route.statuses[name] for name in READERS}
]

Read = Callable[[Session, Actor, datetime], object]
READS: dict[str, Read] = {
    "attendance": lambda db, _actor, now: attendance_page(db, "first-hearing", now, "なかむら"),
    "registrations": lambda db, _actor, now: registrations_page(db, "first-hearing", now, "なかむら"),
    "surveys": lambda db, _actor, now: surveys_page(db, "first-hearing", now),
    "results of a survey": lambda db, _actor, now: results_page(db, "first-hearing", SurveyMoment.LATER, now),
}
"""Name -> a call of a read that no page of the table shows."""


def _store(engine: Engine, now: datetime, personas: Personas, size: int) -> None:
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=size)


@pytest.mark.parametrize("reader", READERS)
def test_a_page_takes_as_many_statements_however_much_there_is(
    reader: str, app: Flask, client: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    """One site for all the pages of a reader: to furnish it takes longer than to visit them."""
    addresses = [address for name, address in PAGES if name == reader]
    _store(engine, now, personas, SMALL)
    client.sign_in(personas.named(reader))
    for address in addresses:
        _visit(client, address)  # what is cached by the first visit is not the page's own
    few = {address: _statements(app, client, address) for address in addresses}
    _store(engine, now, personas, MORE)
    many = {address: _statements(app, client, address) for address in addresses}
    grown = {a: _difference(few[a], many[a]) for a in addresses if len(many[a]) > len(few[a])}
    assert not grown, "\n\n".join(f"{address}: {told}" for address, told in grown.items())
    assert {a: len(sent) for a, sent in many.items() if len(sent) > MOST_STATEMENTS_OF_A_PAGE} == {}


def test_a_read_takes_as_many_statements_however_much_there_is(
    engine: Engine, personas: Personas, now: datetime
) -> None:
    counts: dict[str, list[int]] = {name: [] for name in READS}
    for size in (SMALL, MORE):
        _store(engine, now, personas, size)
        for name, read in READS.items():
            with counted_statements(engine) as sent, reading(engine) as db:
                read(db, personas.officer, now)
            counts[name].append(len(sent))
    assert not {name: found for name, found in counts.items() if found[1] > found[0]}


def test_statements_of_readers_and_writers_are_counted(engine: Engine) -> None:
    with counted_statements(engine) as sent:
        with reading(engine) as db:
            db.execute(text("SELECT 1"))
        with transaction(engine) as db:
            db.execute(text("SELECT 2"))
    assert sent == ["SELECT 1", "SELECT 2"]


def _statements(app: Flask, client: Browser, address: str) -> list[str]:
    with counted_statements(app.extensions["studyhub"].engine) as sent:
        _visit(client, address)
    return sent


def _visit(client: Browser, address: str) -> None:
    """To its end, whether it is a page or a file."""
    with client.get(address) as answer:
        answer.get_data()
    assert answer.status_code == 200, f"{address}: {answer.status}"


def _difference(few: list[str], many: list[str]) -> str:
    return f"{len(few)} grew to {len(many)}; repeated:\n" + "\n".join(
        sorted({statement for statement in many if many.count(statement) > few.count(statement)})
    )
