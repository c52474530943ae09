"""What a handler of a job may use, and the one place where background work opens the database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from studyhub.config import Config
from studyhub.persistence.session import reading, snapshot, transaction
from studyhub.services import jobs


class Stopping(Exception):
    """The worker is asked to stop: the job goes back to the queue. A handler lets it pass."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def writing_db(engine: Engine) -> AbstractContextManager[Session]:
    return transaction(engine)


def reading_db(engine: Engine) -> AbstractContextManager[Session]:
    return reading(engine)


@dataclass(frozen=True, slots=True)
class JobContext:
    engine: Engine
    config: Config
    job: jobs.LeasedJob
    clock: Callable[[], datetime]
    stop: Event

    def now(self) -> datetime:
        return self.clock()

    def writing_db(self) -> AbstractContextManager[Session]:
        """Short, as everywhere: a handler that works for long does so between its transactions."""
        return transaction(self.engine)

    def reading_db(self) -> AbstractContextManager[Session]:
        return reading(self.engine)

    def snapshot_db(self) -> AbstractContextManager[Session]:
        """Reading for long, all of it at one moment."""
        return snapshot(self.engine)

    def report_progress(self, done: int, total: int) -> None:
        """To be called now and then outside a transaction: here a long job notices that it must stop.

        Raises Stopping and services.jobs.LeaseLost.
        """
        if self.stop.is_set():
            raise Stopping
        with transaction(self.engine) as db:
            jobs.report_progress(db, self.job, done, total)
