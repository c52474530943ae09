"""A worker of gunicorn whose threads wait for nobody who has not finished speaking.

gthread gives a thread to each connection that has said a single byte, and the thread waits for the rest without end:
eight halves of a request, from telephones that lost their network or from somebody unkind, stopped the site. Here a
thread begins when the whole request is there (``cli/arrival.py``), and never waits for more of it. A request that does
not say how long it is cannot be waited for and is refused; browsers send none.
"""

from __future__ import annotations

import socket
import struct
import time
from concurrent.futures import Future
from typing import Any

from gunicorn import http, util
from gunicorn.http.body import ChunkedReader
from gunicorn.workers import gthread

from studyhub.cli.arrival import Arrival, Refusal, Room

_WAIT_FOR_MORE_S = 15
"""For the next piece of a request, or for room to send the next piece of an answer."""
_LARGEST_BODIES_AT_ONCE = 8


class PatientWorker(gthread.ThreadWorker):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        largest = self.app.largest_body
        self._room = Room(largest, _LARGEST_BODIES_AT_ONCE * largest)

    def handle(self, conn: gthread.TConn) -> Any:
        if conn.parser is None:
            _bound_waiting(conn.sock)
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
            conn.parser.unreader = Arrival(conn.sock, self._room)
        arrival: Arrival = conn.parser.unreader
        if not arrival.is_parting:
            goes_on = self._answer(conn, arrival)
            if goes_on or not self.alive:
                return goes_on
            arrival.part(time.monotonic())
        if self.alive and not arrival.has_parted(time.monotonic()):
            return gthread._DEFER
        # Closed at once: with a result gunicorn would wait for the other side, and all connections with it.
        raise ConnectionAbortedError

    def handle_request(self, req: Any, conn: gthread.TConn) -> Any:
        if isinstance(req.body.reader, ChunkedReader):
            return _refuse(conn, Refusal(411, "Length Required"))
        return super().handle_request(req, conn)

    def finish_request(self, conn: gthread.TConn, fs: Future[Any]) -> None:
        super().finish_request(conn, fs)
        if conn.parser is not None and conn.parser.unreader.is_under_way:
            conn.timeout = time.monotonic() + _WAIT_FOR_MORE_S

    def _answer(self, conn: gthread.TConn, arrival: Arrival) -> Any:
        # A worker that stops takes no more connections aside: it would wait for them in a loop.
        arrival.waits = not self.alive
        try:
            if self.alive and not arrival.is_whole(time.monotonic()):
                return gthread._DEFER
        except Refusal as refusal:
            arrival.finish()
            if refusal.status >= 500:
                self.log.warning(
                    "No room for the large bodies of requests: %s", refusal.__cause__ or "all is taken"
                )
            return _refuse(conn, refusal)
        conn.data_ready = True
        try:
            return super().handle(conn)
        finally:
            arrival.finish()


def _bound_waiting(sock: socket.socket) -> None:
    """In the kernel, since gthread puts the socket back to waiting without limit."""
    limit = struct.pack("ll", _WAIT_FOR_MORE_S, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


def _refuse(conn: gthread.TConn, refusal: Refusal) -> bool:
    """False, as gunicorn says that a connection ends."""
    util.write_error(conn.sock, refusal.status, refusal.reason, "")
    return False
