"""A worker of gunicorn whose threads wait for nobody who has not finished speaking.

gthread gives a thread to each connection that has said a single byte, and the thread waits for the rest without end:
eight halves of a request, from telephones that lost their network or from somebody unkind, stopped the site. Here a
thread begins when the head of the request and the first 64 KB of its body are there; what is waited for after that,
or until a reader takes what is sent, has a limit.
"""

from __future__ import annotations

import re
import socket
import struct
from typing import Any

from gunicorn import http
from gunicorn.workers import gthread

_WAIT_FOR_MORE_S = 15
"""For the next piece of a large body, or for room to send the next piece of an answer."""
_LONGEST_HEAD = 64 * 1024
_AWAITED_BODY = 64 * 1024
_CHUNK = 16 * 1024
_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)


class PatientWorker(gthread.ThreadWorker):  # type: ignore[misc]
    def handle(self, conn: gthread.TConn) -> Any:
        if conn.parser is None:
            _bound_waiting(conn.sock)
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
        # A worker that stops takes no more connections aside: it would wait for them in a loop.
        if self.alive and not _has_spoken(conn):
            return gthread._DEFER
        conn.data_ready = True
        return super().handle(conn)


def _bound_waiting(sock: socket.socket) -> None:
    """In the kernel, since gthread puts the socket back to waiting without limit."""
    limit = struct.pack("ll", _WAIT_FOR_MORE_S, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


def _has_spoken(conn: gthread.TConn) -> bool:
    """Takes what has come without waiting; True also when no more will come, which the parser then says."""
    unreader = conn.parser.unreader
    received = bytearray(unreader.take_buffered())
    try:
        while not _is_complete(received):
            chunk = conn.sock.recv(_CHUNK, socket.MSG_DONTWAIT)
            if not chunk:
                break
            received += chunk
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
    finally:
        unreader.unread(bytes(received))
    return True


def _is_complete(received: bytearray) -> bool:
    end = received.find(_HEAD_END)
    if end < 0:
        return len(received) > _LONGEST_HEAD
    length = _LENGTH.search(received, 0, end + 2)
    body = min(int(length[1]), _AWAITED_BODY) if length else 0
    return len(received) >= end + len(_HEAD_END) + body
