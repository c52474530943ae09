"""A study session publishes itself at its time, and what lay in the bin long enough is swept."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from sqlalchemy import Engine, select

from studyhub.config import load_config
from studyhub.domain.editing import KEEP_DELETED
from studyhub.jobs.runner import Worker
from studyhub.persistence.models import StudySession
from studyhub.persistence.session import reading, transaction
from studyhub.services import housekeeping
from studyhub.services.study_session_publishing import delete, schedule
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas


def _work(engine: Engine, folder: Path, now: datetime) -> None:
    Worker(engine, load_config({"STUDYHUB_INSTANCE": str(folder)}), clock=lambda: now).run_all(Event())


def _statuses(engine: Engine) -> dict[str, str]:
    with reading(engine) as db:
        return {row.key: row.status for row in db.scalars(select(StudySession))}


def test_a_scheduled_session_is_published_by_the_worker_not_before_its_time(
    engine: Engine, personas: Personas, now: datetime, tmp_path: Path
) -> None:
    with transaction(engine) as db:
        make_study_session(db, now, make_course(db), key="soon", status="draft")
        schedule(db, personas.lecturer, "soon", now + timedelta(hours=1), now)
    _work(engine, tmp_path, now)
    assert _statuses(engine) == {"soon": "draft"}
    _work(engine, tmp_path, now + timedelta(days=2))  # the worker was down for a while
    assert _statuses(engine) == {"soon": "published"}


def test_the_daily_sweep_erases_what_lay_in_the_bin_for_thirty_days(
    engine: Engine, personas: Personas, now: datetime, tmp_path: Path
) -> None:
    with transaction(engine) as db:
        make_study_session(db, now, make_course(db), key="gone")
        delete(db, personas.lecturer, "gone", now)
        later = now + KEEP_DELETED + timedelta(hours=1)
        housekeeping.ask_for_sweep(db, later)
    _work(engine, tmp_path, later)
    with reading(engine) as db:
        assert db.scalars(select(StudySession.current_revision_id)).all() == [None]
