"""The servers that are measured, each in processes of its own: StudyHub as ``studyhub serve`` runs it, and the floor.

python -m bench.servers studyhub|floor gthread|sync      (what a measurement starts; configured as StudyHub is)
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.floor import create_floor
from bench.generate import Place
from studyhub.cli.server import Server
from studyhub.config import PROJECT_ROOT, Config, load_config

SECONDS_TO_START = 40


@dataclass(frozen=True, slots=True)
class Shape:
    """How many web processes and threads; ``kind`` is gthread (as StudyHub is served) or gunicorn's sync."""

    workers: int
    threads: int
    kind: str = "gthread"

    def __str__(self) -> str:
        return f"{self.kind} {self.workers} × {self.threads}"


@dataclass(frozen=True, slots=True)
class Running:
    port: int
    pid: int


class _Floor(Server):
    def __init__(self, config: Config) -> None:
        self._given = config
        super().__init__(config)

    def load(self) -> Any:
        return create_floor(self._given.database_url, self._given.threads + 1)


class _Sync:
    """Mixed in before a server: one request at a time in each process."""

    cfg: Any

    def load_config(self) -> None:
        super().load_config()  # type: ignore[misc]
        self.cfg.set("worker_class", "sync")


class _SyncStudyHub(_Sync, Server):
    pass


class _SyncFloor(_Sync, _Floor):
    pass


_SERVERS: dict[tuple[str, str], type[Server]] = {
    ("studyhub", "gthread"): Server,
    ("studyhub", "sync"): _SyncStudyHub,
    ("floor", "gthread"): _Floor,
    ("floor", "sync"): _SyncFloor,
}


@contextmanager
def serving(app: str, place: Place, shape: Shape, *, jobs: bool = False) -> Iterator[Running]:
    """``app`` is studyhub or floor; ``jobs`` runs the worker of background jobs beside it, as a site does."""
    port = _free_port()
    environment = place.environment() | {
        "PORT": str(port),
        "STUDYHUB_WORKERS": str(shape.workers),
        "STUDYHUB_THREADS": str(shape.threads),
        "STUDYHUB_WORKER_EMBEDDED": str(jobs),
    }
    command = [sys.executable, "-m", "bench.servers", app, shape.kind]
    log = place.instance / f"{app}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, cwd=PROJECT_ROOT, stdout=output, stderr=output)
    try:
        _wait(process, port, "/page" if app == "floor" else "/readyz", log)
        yield Running(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"a server did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> None:
    app, kind = sys.argv[1:]
    _SERVERS[app, kind](load_config()).run()


if __name__ == "__main__":
    main()
