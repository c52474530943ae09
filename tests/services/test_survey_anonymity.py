"""Somebody with the whole database in hand tries to join who took part with what was answered, and cannot.

The people answer one after the other, each in a transaction of their own, the n-th with the text 「意見n」: if any order or
number in the database followed that of the answers, the guesses below would be right far more often than by chance.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import structlog
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import OperationalError

from studyhub.domain.identity import Actor, Role
from studyhub.persistence.models import AuditEntry, Job, Notice, SurveyAnswer, SurveyParticipation
from studyhub.persistence.session import reading, snapshot, transaction
from studyhub.services.backup import BackupCommand, write_backup
from studyhub.services.surveys import mix_open, take_part
from tests.browsing import Browser
from tests.factories.people import make_user
from tests.factories.study_sessions import make_course, make_study_session
from tests.factories.surveys import make_survey, sheet
from tests.personas import Personas

PEOPLE = 16
MOST_BY_CHANCE = 9
"""Of sixteen guesses: nine or more right ones happen by chance about once in a million times."""


@pytest.fixture
def survey(engine: Engine, personas: Personas, now: datetime) -> tuple[str, list[int]]:
    """Its id, and the people in the order in which they answered."""
    with transaction(engine) as db:
        make_study_session(db, now, make_course(db), key="first-hearing")
        survey_id = make_survey(db, personas.lecturer, "first-hearing", now)
        users = [make_user(db, now) for _ in range(PEOPLE)]
        people = [Actor(user.id, user.login, user.display_name, frozenset({Role.OFFICER})) for user in users]
    for number, person in enumerate(people):
        with transaction(engine) as db:
            take_part(db, person, survey_id, sheet(db, survey_id, number % 5 + 1, f"意見{number}"), now)
    return survey_id, [person.user_id for person in people]


def _guesses_right(people: Sequence[int], texts: Sequence[str], in_order: Sequence[int]) -> int:
    """How often the n-th person in some order wrote the n-th text in some order."""
    wrote = {person: f"意見{number}" for number, person in enumerate(in_order)}
    return sum(wrote[person] == said for person, said in zip(people, texts, strict=True))


def _texts(engine: Engine, order: str) -> list[str]:
    with reading(engine) as db:
        rows = db.execute(text(f"SELECT text FROM survey_answers WHERE text IS NOT NULL ORDER BY {order}"))
        return [row.text for row in rows]


def _people(engine: Engine, order: str) -> list[int]:
    with reading(engine) as db:
        rows = db.execute(text(f"SELECT user_id FROM survey_participations ORDER BY {order}"))
        return [row.user_id for row in rows]


def test_the_two_tables_share_no_column_but_the_way_to_the_survey(engine: Engine) -> None:
    columns = inspect(engine).get_columns
    participation = {column["name"] for column in columns("survey_participations")}
    answer = {column["name"]: str(column["type"]) for column in columns("survey_answers")}
    assert participation == {"survey_id", "user_id"}
    assert set(answer) == {"sheet", "item_id", "number", "text"}
    assert not [name for name, kind in answer.items() if "TIME" in kind.upper() or "DATE" in kind.upper()]


def test_the_order_of_the_rows_joins_nobody_to_a_sheet(engine: Engine, survey: tuple[str, list[int]]) -> None:
    _id, in_order = survey
    place = "ctid" if engine.dialect.name == "postgresql" else "sheet"
    texts = _texts(engine, place)
    people = _people(engine, "ctid" if engine.dialect.name == "postgresql" else "user_id")
    assert sorted(people) == sorted(in_order)
    assert len(texts) == PEOPLE
    for guess in (texts, texts[::-1]):
        assert _guesses_right(people, guess, in_order) < MOST_BY_CHANCE
        assert _guesses_right(in_order, guess, in_order) < MOST_BY_CHANCE


def test_postgresql_wrote_every_row_in_the_same_transaction(
    engine: Engine, survey: tuple[str, list[int]]
) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL keeps who wrote a row")
    with reading(engine) as db:
        tables = ("survey_participations", "survey_answers")
        writers = [set(db.scalars(text(f"SELECT xmin::text FROM {table}"))) for table in tables]
    assert writers[0] == writers[1]
    assert len(writers[0]) == 1


def test_sqlite_keeps_no_number_of_the_row(engine: Engine, survey: tuple[str, list[int]]) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite numbers rows")
    for table in ("survey_participations", "survey_answers"):
        with reading(engine) as db, pytest.raises(OperationalError, match="no such column"):
            db.execute(text(f"SELECT rowid FROM {table}"))


def test_a_sheet_has_another_key_after_each_mixing(engine: Engine, survey: tuple[str, list[int]]) -> None:
    with reading(engine) as db:
        before = set(db.scalars(select(SurveyAnswer.sheet)))
        content = sorted(
            db.execute(select(SurveyAnswer.item_id, SurveyAnswer.number, SurveyAnswer.text)).all(), key=str
        )
    with transaction(engine) as db:
        assert mix_open(db) == 1
    with reading(engine) as db:
        after = set(db.scalars(select(SurveyAnswer.sheet)))
        again = sorted(
            db.execute(select(SurveyAnswer.item_id, SurveyAnswer.number, SurveyAnswer.text)).all(), key=str
        )
        people = db.scalar(select(func.count()).select_from(SurveyParticipation))
    assert not before & after
    assert content == again
    assert people == PEOPLE


def test_a_backup_joins_nobody_to_a_sheet(
    engine: Engine, survey: tuple[str, list[int]], tmp_path: Path, now: datetime
) -> None:
    _id, in_order = survey
    target = tmp_path / "backup.zip"
    with snapshot(engine) as db:
        write_backup(db, BackupCommand(target, tmp_path / "files", "head"), now, lambda _table, _rows: None)
    with ZipFile(target) as archive:
        answers = _lines(archive, "survey_answers")
        people = [row[1] for row in _lines(archive, "survey_participations")]
    texts = [row[3] for row in answers if row[3]]
    assert people == sorted(in_order)
    assert _guesses_right(people, texts, in_order) < MOST_BY_CHANCE


def _lines(archive: ZipFile, table: str) -> list[list[Any]]:
    name = next(name for name in archive.namelist() if table in name)
    return [json.loads(line) for line in archive.read(name).splitlines()]


def test_answering_leaves_nothing_in_the_log_the_audit_the_jobs_or_the_notices(
    client: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        make_study_session(db, now, make_course(db), key="first-hearing")
        survey_id = make_survey(db, personas.lecturer, "first-hearing", now)
        fields = {
            f"item-{key}": value for key, value in sheet(db, survey_id, 5, "だれにも言えないこと").items()
        }
    client.sign_in(personas.officer)
    kinds = (AuditEntry, Job, Notice)
    with reading(engine) as db:
        before = [db.scalar(select(func.count()).select_from(kind)) for kind in kinds]
    with structlog.testing.capture_logs() as logged:
        assert client.send(f"/surveys/{survey_id}", **fields).status_code == 303
    with reading(engine) as db:
        assert [db.scalar(select(func.count()).select_from(kind)) for kind in kinds] == before
    metrics = client.read("/metrics")
    written = json.dumps(logged, default=str) + metrics
    assert survey_id not in written
    assert "だれにも" not in written
    assert all("user" not in key for entry in logged for key in entry)
    assert personas.officer.login not in json.dumps(logged, default=str)
