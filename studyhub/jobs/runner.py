"""Takes jobs from the queue and runs them, one at a time; more at once is more workers."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from studyhub.config import Config
from studyhub.domain.errors import Invalid, NotFound
from studyhub.jobs.context import JobContext, Stopping, reading_db, utc_now, writing_db
from studyhub.jobs.registry import Handler, handler_of
from studyhub.services import jobs

_log = structlog.get_logger()

_HOPELESS = (Invalid, NotFound)
"""Errors that the next attempt would meet again."""


class Worker:
    def __init__(
        self,
        engine: Engine,
        config: Config,
        *,
        find_handler: Callable[[str], Handler] = handler_of,
        clock: Callable[[], datetime] = utc_now,
        lease_for: timedelta = jobs.LEASE,
        idle_s: float = 1.0,
    ) -> None:
        self._engine = engine
        self._config = config
        self._find_handler = find_handler
        self._clock = clock
        self._lease_for = lease_for
        self._idle_s = idle_s

    def run(self, stop: Event) -> None:
        """Until ``stop`` is set. Outlives a database that is away for a while."""
        while not stop.is_set():
            try:
                worked = self.run_next(stop)
            except SQLAlchemyError as error:
                _log.error("job_queue_unreachable", error=str(error.__cause__ or error))
                stop.wait(5 * self._idle_s)
                continue
            if not worked:
                stop.wait(self._idle_s)

    def run_all(self, stop: Event) -> int:
        """Until nothing is ready; returns how many jobs were run."""
        ran = 0
        while not stop.is_set() and self.run_next(stop):
            ran += 1
        return ran

    def run_next(self, stop: Event) -> bool:
        """False when no job is ready. Looks before it leases, so that an idle worker never waits for writers."""
        with reading_db(self._engine) as db:
            if not jobs.any_ready(db, self._clock()):
                return False
        with writing_db(self._engine) as db:
            job = jobs.lease(db, self._clock(), lease_for=self._lease_for)
        if job is None:
            return False
        self._run(job, stop)
        return True

    def _run(self, job: jobs.LeasedJob, stop: Event) -> None:
        log = _log.bind(job=job.id, kind=job.kind, attempt=job.attempt)
        try:
            self._run_held(job, stop, log)
        except jobs.LeaseLost:
            # Also when it failed or was stopped: whoever holds the job now settles it.
            log.warning("job_lease_lost")

    def _run_held(self, job: jobs.LeasedJob, stop: Event, log: structlog.stdlib.BoundLogger) -> None:
        """Raises LeaseLost."""
        context = JobContext(self._engine, self._config, job, self._clock, stop)
        try:
            with self._kept_alive(job):
                self._find_handler(job.kind)(context, job.payload)
            self._complete(job)
        except jobs.LeaseLost:
            raise
        except Stopping:
            self._release(job)
            log.info("job_released")
        except Exception as error:  # noqa: BLE001 (whatever one job raises, the worker goes on with the next)
            self._fail(job, error)
            log.error("job_failed", error=repr(error))
        else:
            log.info("job_done")

    @contextmanager
    def _kept_alive(self, job: jobs.LeasedJob) -> Iterator[None]:
        """Extends the lease while the block runs, from a thread, since a handler may be deep in foreign code."""
        ended = Event()
        thread = Thread(
            target=self._keep_alive, args=(job, ended), name=f"lease-of-job-{job.id}", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _keep_alive(self, job: jobs.LeasedJob, ended: Event) -> None:
        while not ended.wait(self._lease_for.total_seconds() / 3):
            try:
                with writing_db(self._engine) as db:
                    jobs.extend(db, job, self._clock(), lease_for=self._lease_for)
            except jobs.LeaseLost:
                return
            except SQLAlchemyError as error:
                _log.warning("job_lease_not_extended", job=job.id, error=str(error.__cause__ or error))

    def _complete(self, job: jobs.LeasedJob) -> None:
        with writing_db(self._engine) as db:
            jobs.complete(db, job, self._clock())

    def _release(self, job: jobs.LeasedJob) -> None:
        with writing_db(self._engine) as db:
            jobs.release(db, job, self._clock())

    def _fail(self, job: jobs.LeasedJob, error: Exception) -> None:
        with writing_db(self._engine) as db:
            text = "".join(traceback.format_exception(error))
            jobs.fail(db, job, text, self._clock(), retry=not isinstance(error, _HOPELESS))
