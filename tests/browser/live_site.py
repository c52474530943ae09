"""A real server process on a demonstration instance, for the browser to visit."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from tests.architecture.source import ROOT
from tests.serving import free_port

SECONDS_TO_START = 30


@dataclass(frozen=True, slots=True)
class LiveSite:
    url: str
    instance: Path

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.instance / 'studyhub.sqlite3'}"


def demonstration(shared: Path) -> Path:
    """An instance filled by `studyhub demo`, made by whichever worker comes first and copied by the others."""
    with FileLock(shared / "demonstration.lock"):
        instance = shared / "demonstration"
        if not instance.exists():
            being_made = shared / "demonstration.part"
            subprocess.run(_command("demo", "--if-empty"), env=_environment(being_made), cwd=ROOT, check=True)
            being_made.rename(instance)
    return instance


@contextmanager
def serving(template: Path, folder: Path) -> Iterator[LiveSite]:
    instance = folder / "instance"
    shutil.copytree(template, instance)
    port = free_port()
    environment = _environment(instance) | {"PORT": str(port), "STUDYHUB_LOG_LEVEL": "WARNING"}
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            _command("serve"), env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}/readyz", server, folder / "server.log")
            yield LiveSite(f"http://127.0.0.1:{port}", instance)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=20)


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "studyhub", *arguments]


def _environment(instance: Path) -> dict[str, str]:
    """This process's, without settings of a site that may be meant for something else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STUDYHUB_", "PORT"))}
    return kept | {"STUDYHUB_INSTANCE": str(instance)}


def _wait_until_ready(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not become ready:\n{log.read_text('utf-8', 'replace')[-4000:]}")
