"""The server as it is run: real processes on a real port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from studyhub.config import PROJECT_ROOT
from studyhub.persistence import schema
from studyhub.persistence.engine import make_engine
from tests import serving
from tests.serving import RunningSite, command_of, wait_until

pytestmark = pytest.mark.slow


def make_database(instance: Path) -> str:
    instance.mkdir()
    url = f"sqlite:///{instance / 'studyhub.sqlite3'}"
    engine = make_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    return url


def refused(instance: Path, url: str, port: int) -> str:
    """What `studyhub serve` says when it will not start."""
    ended = subprocess.run(
        serving.command("serve"),
        env=serving.environment(instance, url, port),
        cwd=PROJECT_ROOT,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1
    return ended.stderr.decode()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    instance = tmp_path_factory.mktemp("serve") / "instance"
    with serving.serving(instance, make_database(instance)) as running:
        yield running


def test_the_server_says_where_it_is_and_that_it_is_ready(site: RunningSite) -> None:
    assert f"StudyHub: {site.url}/" in site.log.read_text()
    assert '"ok"' in site.get("/healthz")
    assert '"ready"' in site.get("/readyz")


def test_connections_that_say_nothing_stop_nobody(site: RunningSite) -> None:
    """A browser opens connections ahead of need; more of them than the server has threads."""
    with ExitStack() as silent:
        for _ in range(30):
            silent.enter_context(socket.create_connection(("127.0.0.1", site.port)))
        started = time.monotonic()
        for _ in range(10):
            site.get("/healthz")
        assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "half",
    [
        b"G",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ",
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nlogin=",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /heal",
        b"\r\n\r\nGET /heal",
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 400000\r\n\r\n" + b"a" * 200_000,
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000000000\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
    ],
    ids=[
        "a letter",
        "half a head",
        "half a form",
        "a second request",
        "nothing and half a head",
        "a part of a large body",
        "a body beyond all bounds",
        "a body without a length",
    ],
)
def test_requests_that_are_half_said_stop_nobody(site: RunningSite, half: bytes) -> None:
    with ExitStack() as unfinished:
        for _ in range(30):
            unfinished.enter_context(socket.create_connection(("127.0.0.1", site.port))).sendall(half)
        started = time.monotonic()
        for _ in range(10):
            site.get("/healthz")
        assert time.monotonic() - started < 2


def test_browsers_that_do_not_hang_up_after_the_last_answer_stop_nobody(site: RunningSite) -> None:
    with ExitStack() as answered:
        for _ in range(30):
            connection = answered.enter_context(socket.create_connection(("127.0.0.1", site.port)))
            connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        started = time.monotonic()
        for _ in range(10):
            site.get("/healthz")
        assert time.monotonic() - started < 2


def test_a_body_that_does_not_say_its_length_is_refused_and_the_connection_closed(site: RunningSite) -> None:
    chunked = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        connection.sendall(chunked + b"1\r\na\r\n0\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 411")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_large_file_that_comes_with_pauses_is_read_to_its_end(site: RunningSite) -> None:
    """The next request on the same connection is answered, which needs every byte of this one read."""
    start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    body = start + b"a" * 3_000_000 + b"\r\n--x--\r\n"
    head = (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        for piece in (head, body[:1_000_000], body[1_000_000:2_500_000], body[2_500_000:], asked):
            connection.sendall(piece)
            time.sleep(0.1)
        answers = b""
        while b'"ok"' not in answers and (more := connection.recv(65_536)):
            answers += more
    assert answers.startswith(b"HTTP/1.1 400")
    assert b"HTTP/1.1 200" in answers


def test_a_request_that_comes_in_pieces_is_answered(site: RunningSite) -> None:
    head = (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    sent, asked = head + b"x" * 100_000, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        for piece in (sent[:3], sent[3:60], sent[60:90], sent[90:50_000], sent[50_000:], asked + asked):
            connection.sendall(piece)
            time.sleep(0.1)
        answers = b""
        while answers.count(b'"ok"') < 2 and (more := connection.recv(65_536)):
            answers += more
    assert answers.startswith(b"HTTP/1.1 400")
    assert answers.count(b"HTTP/1.1 200") == 2


def test_the_counters_of_all_processes_are_one(site: RunningSite) -> None:
    wanted = 'studyhub_requests_total{endpoint="operations.health",status="200"}'
    before = _counter(site.get("/metrics"), wanted)
    for _ in range(20):
        site.get("/healthz")
    assert [_counter(site.get("/metrics"), wanted) - before for _ in range(6)] == [20] * 6


def _counter(metrics: str, name: str) -> float:
    return next((float(line.split()[1]) for line in metrics.splitlines() if line.startswith(name)), 0.0)


def test_a_job_worker_that_dies_is_started_again(site: RunningSite) -> None:
    wait_until(site.job_worker)
    first = site.job_worker()
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: site.job_worker() not in {None, first})
    assert '"ready"' in site.get("/readyz")


def test_a_web_worker_that_dies_is_replaced(site: RunningSite) -> None:
    before = site.web_workers()
    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: min(before) not in site.web_workers() and len(site.web_workers()) == len(before))
    assert '"ready"' in site.get("/readyz")


def test_a_server_asked_to_stop_ends_with_all_it_started(tmp_path: Path) -> None:
    with serving.serving(tmp_path / "instance", make_database(tmp_path / "instance")) as site:
        wait_until(site.job_worker)
        started = site.children()
        site.process.terminate()
        assert site.process.wait(20) == 0
        assert [pid for pid in started if command_of(pid)] == []


def test_a_server_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    with serving.serving(tmp_path / "instance", make_database(tmp_path / "instance")) as site:
        wait_until(site.job_worker)
        started = site.children()
        site.process.kill()
        site.process.wait(10)
        wait_until(lambda: not any(command_of(pid) for pid in started), 15)


def test_a_database_without_or_with_another_schema_is_refused_with_a_sentence(tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    assert "studyhub init を実行してください" in refused(tmp_path / "a", empty, serving.free_port())
    url = make_database(tmp_path / "b")
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    engine.dispose()
    assert "版（0000）" in refused(tmp_path / "b", url, serving.free_port())


def test_a_database_that_does_not_answer_is_refused_with_a_sentence(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://nobody@127.0.0.1:{serving.free_port()}/nothing"
    assert "データベースに接続できません" in refused(tmp_path, url, serving.free_port())


def test_a_port_in_use_is_refused_with_a_sentence(site: RunningSite, tmp_path: Path) -> None:
    url = make_database(tmp_path / "instance")
    assert "ポートを使えません" in refused(tmp_path / "instance", url, site.port)
