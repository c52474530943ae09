"""A worker process for the tests: its handler writes when it starts and ends a job. Ends when no job is left."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import func, select

from studyhub.config import load_config
from studyhub.jobs.context import JobContext
from studyhub.jobs.runner import Worker
from studyhub.persistence.engine import make_engine
from studyhub.persistence.models import Job
from studyhub.persistence.session import reading

URL, LOG = sys.argv[1], Path(sys.argv[2])
LEASE = timedelta(seconds=1)


def append(_context: JobContext, payload: Mapping[str, Any]) -> None:
    with LOG.open("a") as file:
        print("start", payload["n"], file=file, flush=True)
        time.sleep(0.3)
        print("end", payload["n"], file=file, flush=True)


def main() -> None:
    engine = make_engine(URL)
    config = load_config({"STUDYHUB_INSTANCE": str(LOG.parent / "slow-worker")})
    worker = Worker(engine, config, find_handler=lambda _kind: append, lease_for=LEASE)
    while _left(engine):
        worker.run_all(Event())
        time.sleep(0.05)


def _left(engine: Any) -> int:
    with reading(engine) as db:
        return db.scalar(select(func.count()).where(Job.state.in_(("queued", "running")))) or 0


main()
