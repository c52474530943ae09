"""`studyhub progress rebuild`: mends, or only says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, update

from studyhub.cli.progress import progress
from studyhub.persistence.models import TopicProgress
from studyhub.persistence.session import reading, transaction
from studyhub.services import progress as progress_service
from tests.furnished import furnish
from tests.personas import Personas


@pytest.fixture
def answered(engine: Engine, personas: Personas, now: datetime, site: Path) -> int:
    """The officer, whose progress is as the log says."""
    user_id = personas.officer.user_id
    with transaction(engine) as db:
        furnish(db, now, user_id=user_id, size=4)
        progress_service.rebuild(db, user_id)
    return user_id


def _break(engine: Engine, user_id: int) -> None:
    with transaction(engine) as db:
        db.execute(update(TopicProgress).where(TopicProgress.user_id == user_id).values(correct=99))


def test_what_agrees_with_the_log_is_said_to_agree(answered: int) -> None:
    done = CliRunner().invoke(progress, ["rebuild", "--check"])
    assert done.exit_code == 0, done.output
    assert "一致しています" in done.output


def test_a_check_finds_what_differs_and_leaves_it(engine: Engine, answered: int) -> None:
    _break(engine, answered)
    done = CliRunner().invoke(progress, ["rebuild", "--check"])
    assert done.exit_code == 1
    assert "1人" in done.output
    with reading(engine) as db:
        broken = select(TopicProgress.correct).where(TopicProgress.user_id == answered)
        assert set(db.scalars(broken)) == {99}


def test_a_rebuild_mends_what_differs(engine: Engine, answered: int) -> None:
    _break(engine, answered)
    assert CliRunner().invoke(progress, ["rebuild"]).exit_code == 0
    assert CliRunner().invoke(progress, ["rebuild", "--check"]).exit_code == 0
