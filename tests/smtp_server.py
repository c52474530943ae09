"""A mail server on a port of its own: takes letters, or refuses them as the first part of the address says.

``nobody@…`` is refused for good, ``later@…`` for now, and for ``cut@…`` the line goes dead after the letter.
"""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from threading import Thread
from typing import cast


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.letters: list[tuple[str, EmailMessage]] = []
        """Who each was for, and what was said; also of those the server fell silent after."""
        self.begins_with = "220 mail.example"

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def received_by(self, address: str) -> list[EmailMessage]:
        return [letter for to, letter in self.letters if to == address]


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = cast(MailServer, self.server)
        self._say(server.begins_with)
        to = ""
        while line := self.rfile.readline():
            word, _, rest = line.decode("ascii").strip().partition(" ")
            match word.upper():
                case "RCPT":
                    to = rest.partition(":")[2].strip("<> ")
                    self._say(
                        {"nobody": "550 no such user", "later": "451 not now"}.get(to.split("@")[0], "250 ok")
                    )
                case "DATA":
                    self._say("354 go on")
                    content = message_from_bytes(self._letter(), policy=SMTP)
                    server.letters.append((to, cast(EmailMessage, content)))
                    if to.startswith("cut@"):
                        return
                    self._say("250 taken")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode("ascii"))


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
