"""A request as far as it has come: taken as it comes, with nobody waiting for it, until a thread may begin with it.

The head and a small body stay in memory, a large body goes into a file without a name. What dawdles is refused, and so
is a body for which the room on the disk is not there.
"""

from __future__ import annotations

import errno
import re
import socket
import tempfile
from threading import Lock
from weakref import WeakSet

from gunicorn.http.unreader import Unreader

GRACE_S = 60
"""For a head and a small form, and for the stops of a telephone in a tunnel."""
LOWEST_RATE = 32 * 1024
"""Bytes a second beyond that: a quarter of an uplink of 1 Mbit/s."""
_IN_MEMORY = 64 * 1024
_SMALL_PIECE = 16 * 1024
_LARGE_PIECE = 1024 * 1024
_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*0*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_MOST_PASSED_OVER = 64 * 1024
_PARTING_S = 2.0


class Refusal(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


def _no_room() -> Refusal:
    return Refusal(503, "Service Unavailable")


class LargeBody:
    """The part of it that has come since a file was needed. Raises Refusal when the disk gives none."""

    def __init__(self, missing: int) -> None:
        self.missing, self.size, self._read = missing, 0, 0
        try:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (as long as the request)
        except OSError as error:
            raise _no_room() from error

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()

    def write(self, piece: bytes) -> None:
        """Raises Refusal when the disk is full."""
        self.size, self.missing = self.size + len(piece), self.missing - len(piece)
        try:
            while piece:
                piece = piece[self._file.write(piece) :]
        except OSError as error:
            raise _no_room() from error

    def read(self, size: int) -> bytes:
        self._file.seek(self._read)
        piece = self._file.read(size)
        self._read += len(piece)
        return piece


class Room:
    """What the large bodies of one process may take on the disk, all together."""

    def __init__(self, largest_body: int, room: int) -> None:
        self.largest_body = largest_body
        self._room, self._lock = room, Lock()
        self._bodies: WeakSet[LargeBody] = WeakSet()

    def begin(self, missing: int) -> LargeBody:
        body = LargeBody(missing)
        with self._lock:
            self._bodies.add(body)
        return body

    def check(self) -> None:
        """Raises Refusal."""
        with self._lock:
            taken = sum(body.size for body in self._bodies)
        if taken + _LARGE_PIECE > self._room:
            raise _no_room()


class Arrival(Unreader):  # type: ignore[misc]
    """Where gunicorn's parser reads one connection, request after request."""

    def __init__(self, sock: socket.socket, room: Room) -> None:
        super().__init__()
        # Not `sock`: the parser would give that one a time limit, with which Python waits before it looks.
        self._socket, self._room = sock, room
        self._body: LargeBody | None = None
        self._begun_at: float | None = None
        self._parting_until: float | None = None
        self._passed_over = 0
        self.waits = False
        """Whether the parser may wait for what has not come, in a server that is being stopped."""

    @property
    def is_under_way(self) -> bool:
        return self._begun_at is not None

    @property
    def is_parting(self) -> bool:
        return self._parting_until is not None

    def is_whole(self, now: float) -> bool:
        """Takes what has come. True also when no more will come, which the parser then says. Raises Refusal."""
        try:
            self._take_beginning() if self._body is None else self._take_body(self._body)
        except BlockingIOError:
            self._mind_the_time(now)
            return False
        except ConnectionError:
            return True
        return True

    def finish(self) -> None:
        """The request is answered; what has come after it is the next one."""
        self._body, self._begun_at = None, None

    def part(self, now: float) -> None:
        """No more is said from here. The other side is given a moment to read the answer: to close on what it sent
        meanwhile would make the kernel tear the answer up."""
        self._parting_until = now + _PARTING_S
        self._socket.shutdown(socket.SHUT_WR)

    def has_parted(self, now: float) -> bool:
        try:
            while self._passed_over < _MOST_PASSED_OVER:
                piece = self._come(_SMALL_PIECE)
                if not piece:
                    return True
                self._passed_over += len(piece)
        except BlockingIOError:
            return self._parting_until is None or now > self._parting_until
        except ConnectionError:
            return True
        return True

    def chunk(self, size_hint: int | None = None) -> bytes:
        """For the parser and the application, in a thread: all is there, so what is not is missing."""
        size = min(max(size_hint or 0, _SMALL_PIECE), _LARGE_PIECE)
        if self._body is not None and (kept := self._body.read(size)):
            return kept
        try:
            return self._socket.recv(size) if self.waits else self._come(size)
        except BlockingIOError:
            raise ConnectionResetError(errno.ECONNRESET, "the request ends before its end") from None

    def _come(self, size: int) -> bytes:
        """Raises BlockingIOError when nothing has."""
        return self._socket.recv(size, socket.MSG_DONTWAIT)

    def _take_beginning(self) -> None:
        received = bytearray(self.take_buffered())
        try:
            while (missing := self._missing(received)) > 0:
                if missing + len(received) > _IN_MEMORY:
                    break
                piece = self._come(_SMALL_PIECE)
                if not piece:
                    return
                received += piece
        finally:
            self.unread(bytes(received))
        if missing > 0:
            self._body = self._room.begin(missing)
            self._take_body(self._body)

    def _missing(self, received: bytearray) -> int:
        """Bytes to the end of the request; 1 while that cannot be told. Of a body that is too large for the site nothing
        is missing: it is refused by its head."""
        end = received.find(_HEAD_END)
        if end < 0:
            return 1 if len(received) < _IN_MEMORY else 0
        found = _LENGTH.search(received, 0, end + 2)
        length = int(found[1]) if found else 0
        if length > self._room.largest_body:
            return 0
        return end + len(_HEAD_END) + length - len(received)

    def _take_body(self, body: LargeBody) -> None:
        while body.missing:
            self._room.check()
            piece = self._come(min(body.missing, _LARGE_PIECE))
            if not piece:
                return
            body.write(piece)

    def _mind_the_time(self, now: float) -> None:
        held = self.buf.getbuffer().nbytes + (self._body.size if self._body else 0)
        if self._begun_at is None:
            self._begun_at = now if held else None
        elif now - self._begun_at > GRACE_S + held / LOWEST_RATE:
            raise Refusal(408, "Request Timeout")
