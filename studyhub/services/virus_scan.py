"""Asks clamd whether a file holds a virus (its INSTREAM command). Where it is configured and silent, nothing passes."""

from __future__ import annotations

import socket
import struct
from contextlib import closing
from typing import BinaryIO

import structlog

from studyhub.domain.errors import Invalid

TIME_LIMIT_S = 60.0
CHUNK_BYTES = 1 << 16
_LONGEST_ANSWER = 4096


class VirusScanner:
    def __init__(self, address: str, *, time_limit_s: float = TIME_LIMIT_S) -> None:
        """``host:port``, ``unix:/path``, or empty for a site without clamd."""
        self._address = address
        self._time_limit_s = time_limit_s

    def check(self, name: str, stream: BinaryIO) -> None:
        """Raises Invalid for a file with a virus, and for one that could not be looked through."""
        if not self._address:
            return
        try:
            answer = self._ask(stream)
        except OSError as error:
            structlog.get_logger().error("clamd_unreachable", error=str(error))
            raise _unchecked(name) from error
        if answer.endswith(" FOUND"):
            structlog.get_logger().warning("virus_found", answer=answer)
            raise Invalid(
                "「%(name)s」からウイルスが見つかったため、受け付けませんでした。このファイルは開かず、情報システムの担当に"
                "知らせてください。",
                name=name,
            )
        if not answer.endswith(": OK"):
            structlog.get_logger().error("clamd_refused", answer=answer)
            raise _unchecked(name)

    def _ask(self, stream: BinaryIO) -> str:
        stream.seek(0)
        with closing(self._connected()) as connection:
            connection.sendall(b"zINSTREAM\0")
            while chunk := stream.read(CHUNK_BYTES):
                connection.sendall(struct.pack(">I", len(chunk)) + chunk)
            connection.sendall(struct.pack(">I", 0))
            return _answer(connection)

    def _connected(self) -> socket.socket:
        if self._address.startswith("unix:"):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(self._time_limit_s)
            try:
                connection.connect(self._address.removeprefix("unix:"))
            except OSError:
                connection.close()
                raise
            return connection
        host, _, port = self._address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), self._time_limit_s)


def _answer(connection: socket.socket) -> str:
    received = b""
    while len(received) < _LONGEST_ANSWER and not received.endswith(b"\0"):
        part = connection.recv(_LONGEST_ANSWER)
        if not part:
            break
        received += part
    return received.rstrip(b"\0\n").decode("utf-8", "replace")


def _unchecked(name: str) -> Invalid:
    return Invalid(
        "「%(name)s」にウイルスがないか確かめられなかったため、受け付けませんでした。しばらくしてからもう一度選ぶか、"
        "管理者に知らせてください。",
        name=name,
    )
