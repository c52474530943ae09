"""Uploads looked through by clamd: its protocol, its findings, and its silence."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest

from studyhub.config import Config, ConfigurationError, load_config
from studyhub.domain.errors import Invalid
from studyhub.services.virus_scan import VirusScanner


class FakeClamd:
    def __init__(self, server: socket.socket, answer: bytes) -> None:
        self._server, self._answer = server, answer
        self.received = b""

    def serve(self) -> None:
        connection, _ = self._server.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while length := struct.unpack(">I", stream.read(4))[0]:
                self.received += stream.read(length)
            connection.sendall(self._answer)


@contextmanager
def clamd(answer: bytes, path: Path | None = None) -> Iterator[tuple[FakeClamd, str]]:
    server = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    server.bind(str(path) if path else ("127.0.0.1", 0))
    server.listen(1)
    fake = FakeClamd(server, answer)
    thread = Thread(target=fake.serve)
    thread.start()
    try:
        yield fake, f"unix:{path}" if path else f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        thread.join(5)
        server.close()


def test_a_clean_file_passes_and_is_sent_whole() -> None:
    content = b"x" * 200_000
    with clamd(b"stream: OK\0") as (fake, address):
        VirusScanner(address).check("a.pdf", BytesIO(content))
    assert fake.received == content


def test_a_file_with_a_virus_is_refused_over_a_unix_socket_too(tmp_path: Path) -> None:
    found = clamd(b"stream: Eicar-Test-Signature FOUND\0", tmp_path / "clamd")
    with found as (_, address), pytest.raises(Invalid, match="ウイルスが見つかった"):
        VirusScanner(address).check("a.pdf", BytesIO(b"x"))


@pytest.mark.parametrize(
    "answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK but not quite\0"]
)
def test_an_answer_that_is_no_clean_bill_refuses_the_file(answer: bytes) -> None:
    with clamd(answer) as (_, address), pytest.raises(Invalid, match="確かめられなかった"):
        VirusScanner(address).check("a.pdf", BytesIO(b"x"))


def test_where_clamd_does_not_answer_nothing_passes(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        silent = f"127.0.0.1:{taken.getsockname()[1]}"
        for address in (silent, f"unix:{tmp_path / 'nothing'}"):
            with pytest.raises(Invalid, match="確かめられなかった"):
                VirusScanner(address).check("a.pdf", BytesIO(b"x"))


def test_without_clamd_files_pass() -> None:
    VirusScanner("").check("a.pdf", BytesIO(b"x"))


def test_a_wrong_address_of_clamd_stops_the_start(tmp_path: Path) -> None:
    found: Config = load_config({"STUDYHUB_INSTANCE": str(tmp_path), "STUDYHUB_CLAMD": "unix:/run/clamd.ctl"})
    assert found.clamd == "unix:/run/clamd.ctl"
    with pytest.raises(ConfigurationError, match="clamd"):
        load_config({"STUDYHUB_INSTANCE": str(tmp_path), "STUDYHUB_CLAMD": "somewhere"})
