"""The web server: gunicorn, shaped from Config, with the worker of background jobs beside it.

The shape is measured (docs/operations.md): two processes with four threads each. Threads, because a browser opens
connections ahead of time and a single-threaded worker waits on such a silent connection until it is killed.
"""

from __future__ import annotations

import os
import shutil
import subprocess  # nosec B404
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from studyhub.cli.patient_worker import PatientWorker
from studyhub.config import Config

SWITCH_INTERVAL_S = 0.0005
"""How long a thread may hold the interpreter while others wait. With Python's 5 ms the thread that holds SQLite's
write lock waits behind threads that render: 608 writes/s and 24 ms (p95) became 1,034 and 12 ms."""
_STOP_JOB_WORKER_S = 10.0
_RESTART_PAUSE_S = 5.0


class JobWorkerKeeper:
    """Starts the worker of background jobs as a child process and starts it again when it ends."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = float("-inf")

    def check(self) -> None:
        """Called every second. One that ends at once is given a pause, so that a fault does not eat the machine."""
        running = self._process is not None and self._process.poll() is None
        if not running and time.monotonic() - self._started_at > _RESTART_PAUSE_S:
            command = [sys.executable, "-m", "studyhub", "worker", "--parent", str(os.getpid())]
            self._process = subprocess.Popen(command)  # noqa: S603 # nosec B603 (our own program)
            self._started_at = time.monotonic()

    def ask_to_stop(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def wait(self) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(_STOP_JOB_WORKER_S)
        except subprocess.TimeoutExpired:
            # Its lease runs out and the next worker takes the job over.
            self._process.kill()
            self._process.wait()


class _Arbiter(Arbiter):  # type: ignore[misc]
    """gunicorn's master, which looks after the job worker too: no thread, no third process."""

    def __init__(self, app: Server, keeper: JobWorkerKeeper | None) -> None:
        super().__init__(app)
        self._keeper = keeper

    def manage_workers(self) -> None:
        super().manage_workers()
        if self._keeper is not None:
            self._keeper.check()

    def reload(self) -> None:
        super().reload()
        if self._keeper is not None:
            self._keeper.ask_to_stop()

    def stop(self, graceful: bool = True) -> None:
        if self._keeper is not None:
            self._keeper.ask_to_stop()
        super().stop(graceful)
        if self._keeper is not None:
            self._keeper.wait()


class Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, config: Config) -> None:
        self._config = config
        self.largest_body = config.max_upload_mb * 1024 * 1024
        """For PatientWorker, which knows its application and no Config."""
        super().__init__()

    def load_config(self) -> None:
        for name, value in _gunicorn_settings(self._config).items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # By name: only wsgi.py imports the composition root.
        return import_module("studyhub.wsgi").app

    def run(self) -> None:
        """Until a signal ends it. Raises SystemExit."""
        _share_metrics(self._config)
        keeper = JobWorkerKeeper() if self._config.worker_embedded else None
        _Arbiter(self, keeper).run()


def _gunicorn_settings(config: Config) -> dict[str, Any]:
    return {
        "bind": [f"{config.host}:{config.port}"],
        "workers": config.workers,
        "worker_class": f"{PatientWorker.__module__}.PatientWorker",
        "threads": config.threads,
        "timeout": 60,
        "graceful_timeout": 30,
        "keepalive": 5,
        "loglevel": "warning",
        # Proxies are trusted by number in the application (trusted_proxies), never by address here.
        "forwarded_allow_ips": "",
        "control_socket_disable": True,
        "post_worker_init": _after_fork,
        "child_exit": _forget_metrics,
    }


def _after_fork(_worker: Any) -> None:
    sys.setswitchinterval(SWITCH_INTERVAL_S)


def _share_metrics(config: Config) -> None:
    """The processes add up their counters in files; set before anything imports prometheus_client."""
    folder = config.instance / f"metrics-{config.port}"
    shutil.rmtree(folder, ignore_errors=True)
    Path(folder).mkdir(mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _forget_metrics(_arbiter: Any, worker: Any) -> None:
    import_module("prometheus_client.multiprocess").mark_process_dead(worker.pid)
