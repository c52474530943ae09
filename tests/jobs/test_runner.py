"""The worker around a handler: what happens when it succeeds, raises, is stopped or is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, select

from studyhub.config import PROJECT_ROOT, Config, load_config
from studyhub.domain.errors import NotFound
from studyhub.jobs.context import JobContext, Stopping, utc_now
from studyhub.jobs.registry import HANDLERS, Handler, handler_of
from studyhub.jobs.runner import Worker
from studyhub.persistence.models import Job
from studyhub.persistence.session import reading, transaction
from studyhub.services import jobs

SLOW_WORKER = "tests.jobs.slow_worker"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load_config({"STUDYHUB_INSTANCE": str(tmp_path / "instance")})


def worker(engine: Engine, config: Config, handler: Handler, now: datetime) -> Worker:
    return Worker(engine, config, find_handler=lambda _kind: handler, clock=lambda: now)


def ask(engine: Engine, now: datetime, kind: str = "anything") -> int:
    with transaction(engine) as db:
        return jobs.enqueue(db, kind, {"material_id": 7}, now)


def only_job(engine: Engine) -> Job:
    with reading(engine) as db:
        return db.scalars(select(Job)).one()


@pytest.mark.parametrize("kind", sorted(HANDLERS))
def test_every_registered_kind_has_a_handler(kind: str) -> None:
    assert callable(handler_of(kind))


def test_a_handler_gets_its_payload_and_the_job_is_done(
    engine: Engine, config: Config, now: datetime
) -> None:
    seen: list[Mapping[str, Any]] = []
    ask(engine, now)

    def handler(context: JobContext, payload: Mapping[str, Any]) -> None:
        context.report_progress(1, 2)
        seen.append(payload)

    assert worker(engine, config, handler, now).run_all(Event()) == 1
    job = only_job(engine)
    assert (seen, job.state, job.progress, job.progress_total) == ([{"material_id": 7}], "done", 1, 2)


def test_a_handler_that_raises_is_tried_again_later_with_its_traceback_kept(
    engine: Engine, config: Config, now: datetime
) -> None:
    def handler(_context: JobContext, _payload: Mapping[str, Any]) -> None:
        raise OSError("no space left")

    ask(engine, now)
    assert worker(engine, config, handler, now).run_all(Event()) == 1
    job = only_job(engine)
    assert (job.state, job.run_after) == ("queued", now + jobs.FIRST_RETRY)
    assert "test_runner.py" in job.last_error
    assert "no space left" in job.last_error


def test_a_job_that_asks_for_what_is_not_there_is_not_tried_again(
    engine: Engine, config: Config, now: datetime
) -> None:
    def handler(_context: JobContext, _payload: Mapping[str, Any]) -> None:
        raise NotFound("この資料はありません。")

    ask(engine, now)
    worker(engine, config, handler, now).run_all(Event())
    assert only_job(engine).state == "failed"


def test_a_kind_of_no_handler_fails_with_a_sentence(engine: Engine, config: Config, now: datetime) -> None:
    ask(engine, now, kind="from_the_future")
    Worker(engine, config, clock=lambda: now).run_all(Event())
    assert "from_the_future という種類の処理はありません。" in only_job(engine).last_error


def test_a_worker_that_is_asked_to_stop_gives_a_long_job_back(
    engine: Engine, config: Config, now: datetime
) -> None:
    stop = Event()

    def handler(context: JobContext, _payload: Mapping[str, Any]) -> None:
        stop.set()
        context.report_progress(1, 1000)

    ask(engine, now)
    worker(engine, config, handler, now).run(stop)
    job = only_job(engine)
    assert (job.state, job.attempts) == ("queued", 0)


def test_a_long_handler_keeps_its_lease(engine: Engine, config: Config) -> None:
    """Twice as long as the lease, beside a second worker that would take over at once. The lease is extended every half
    second and lasts long enough for a machine that is busy with other tests."""
    ran: list[int] = []

    def handler(context: JobContext, _payload: Mapping[str, Any]) -> None:
        ran.append(context.job.attempt)
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            time.sleep(0.1)
            with transaction(engine) as db:
                assert jobs.lease(db, utc_now()) is None

    ask(engine, utc_now())
    runner = Worker(engine, config, find_handler=lambda _kind: handler, lease_for=timedelta(seconds=1.5))
    runner.run_all(Event())
    assert (ran, only_job(engine).state) == ([1], "done")


@pytest.mark.parametrize("ends", [RuntimeError("too late"), Stopping()])
def test_a_worker_that_lost_its_job_and_fails_goes_on_with_the_next(
    engine: Engine, config: Config, now: datetime, ends: Exception
) -> None:
    """The machine slept through its lease: another worker took the job over before this one failed or was stopped."""
    later = now + timedelta(minutes=5)

    def handler(context: JobContext, _payload: Mapping[str, Any]) -> None:
        if context.job.id == first:
            with transaction(engine) as db:
                assert jobs.lease(db, later) is not None
            raise ends

    first = ask(engine, now)
    second = ask(engine, now)
    assert worker(engine, config, handler, now).run_all(Event()) == 2
    with reading(engine) as db:
        states = {job.id: (job.state, job.attempts) for job in db.scalars(select(Job))}
    assert states == {first: ("running", 2), second: ("done", 1)}


def test_a_sweep_asks_for_the_next_one(engine: Engine, config: Config, now: datetime) -> None:
    with transaction(engine) as db:
        jobs.enqueue(db, "sweep", {}, now, unique_key="sweep")
    Worker(engine, config, clock=lambda: now).run_all(Event())
    with reading(engine) as db:
        states = {job.state: job.run_after for job in db.scalars(select(Job))}
    assert states == {"done": now, "queued": now + timedelta(days=1)}


def test_a_worker_killed_at_work_loses_no_job(engine: Engine, tmp_path: Path) -> None:
    """A real process, ended by the kernel while its handler runs; the next one takes every job over."""
    with transaction(engine) as db:
        asked = [jobs.enqueue(db, "append", {"n": n}, utc_now()) for n in range(6)]
    log = tmp_path / "done.txt"
    victim = _start_slow_worker(engine, log)
    _wait_until(lambda: log.exists() and "start 1" in log.read_text())
    os.kill(victim.pid, signal.SIGKILL)
    assert victim.wait(10) == -signal.SIGKILL
    heir = _start_slow_worker(engine, log)
    assert heir.wait(60) == 0
    lines = log.read_text().splitlines()
    assert [f"end {n}" for n in range(6)] == sorted(line for line in lines if line.startswith("end"))
    assert lines.count("start 1") == 2, "the job that was running is done again from its start"
    with reading(engine) as db:
        assert db.scalars(select(Job.id).where(Job.state == "done").order_by(Job.id)).all() == asked


def _start_slow_worker(engine: Engine, log: Path) -> subprocess.Popen[bytes]:
    url = engine.url.render_as_string(hide_password=False)
    return subprocess.Popen([sys.executable, "-m", SLOW_WORKER, url, str(log)], cwd=PROJECT_ROOT)


def _wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
