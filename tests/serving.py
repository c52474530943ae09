"""A real `studyhub serve` in a process group of its own, on a database of a test."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from studyhub.config import PROJECT_ROOT

SECONDS_TO_START = 40


@dataclass(frozen=True, slots=True)
class RunningSite:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=10) as response:
            text: str = response.read().decode()
            return text

    def children(self) -> dict[int, str]:
        """Process id and command of what the server started."""
        pid = self.process.pid
        try:
            pids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            return {int(child): command_of(int(child)) for child in pids}
        except FileNotFoundError:
            return {}

    def job_worker(self) -> int | None:
        return next((pid for pid, command in self.children().items() if "worker --parent" in command), None)

    def web_workers(self) -> set[int]:
        return {pid for pid, command in self.children().items() if command.endswith("serve ")}

    def kill_group(self) -> None:
        """As the kernel would when memory is short: no process gets to say goodbye."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


def command_of(pid: int) -> str:
    """Empty when there is no such process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def environment(instance: Path, database_url: str, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STUDYHUB_")}
    return kept | {
        "STUDYHUB_INSTANCE": str(instance),
        "STUDYHUB_DATABASE_URL": database_url,
        "STUDYHUB_LOG_LEVEL": "WARNING",
        "PORT": str(port),
    }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "studyhub", *arguments]


def start(instance: Path, database_url: str, port: int | None = None) -> RunningSite:
    port = port or free_port()
    instance.mkdir(exist_ok=True)
    log = instance / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command("serve"),
            env=environment(instance, database_url, port),
            cwd=PROJECT_ROOT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    site = RunningSite(process, port, log)
    wait_until(lambda: _ready(site), SECONDS_TO_START)
    return site


@contextmanager
def serving(instance: Path, database_url: str) -> Iterator[RunningSite]:
    site = start(instance, database_url)
    try:
        yield site
    finally:
        if site.process.poll() is None:
            site.kill_group()


def _ready(site: RunningSite) -> bool:
    assert site.process.poll() is None, site.log.read_text()
    try:
        return bool(site.get("/readyz"))
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def free_port() -> int:
    """Below the range from which the system gives ports away: between asking here and listening, no other test's server
    can be given it."""
    while True:
        port = random.randint(18_000, 29_999)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def wait_until(holds: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
