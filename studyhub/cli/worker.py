"""``studyhub worker``: background jobs in a process of their own."""

from __future__ import annotations

import logging
import os
import signal
from threading import Event, Thread

import click
import structlog

from studyhub.cli import database
from studyhub.jobs.runner import Worker
from studyhub.services import digests, housekeeping


@click.command()
@click.option("--once", is_flag=True, help="Run what is ready, then end.")
@click.option("--parent", type=int, hidden=True, help="End when this process is no longer the parent.")
def worker(once: bool, parent: int | None) -> None:
    """Run background jobs until stopped; start as many as the machine bears."""
    database.require_schema()
    _log_as_the_web_does(database.config().log_level)
    stop = _stop_on_signals()
    if parent is not None:
        Thread(target=_watch_parent, args=(parent, stop), daemon=True).start()
    runner = Worker(database.engine(), database.config())
    if once:
        click.echo(f"{runner.run_all(stop)} 件の処理を行いました。")
        return
    with database.writing_db() as db:
        housekeeping.ask_for_sweep(db, database.now())
        digests.ask_for_round(db, database.now())
    runner.run(stop)


def _stop_on_signals() -> Event:
    """A job that reports its progress goes back to the queue; another is finished first."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


def _watch_parent(parent: int, stop: Event) -> None:
    """A server that was killed cannot stop its worker: the worker sees that it was orphaned."""
    while not stop.wait(1):
        if os.getppid() != parent:
            stop.set()


def _log_as_the_web_does(level: str) -> None:
    """JSON lines on standard output, so that one reader understands both."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
    )
