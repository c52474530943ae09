"""A request is taken as it comes, and nobody waits for it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from studyhub.cli.arrival import GRACE_S, LOWEST_RATE, Arrival, Refusal, Room

LARGEST = 64 * 1024 * 1024
MBIT = 1_000_000 // 8


@dataclass
class Line:
    """Both ends of a connection."""

    browser: socket.socket
    server: socket.socket

    def arrival(self, room: Room | None = None) -> Arrival:
        return Arrival(self.server, room or Room(LARGEST, LARGEST))

    def say(self, sent: bytes) -> None:
        """More than a socket holds is an error, so that no test waits for itself."""
        self.browser.setblocking(False)
        assert self.browser.send(sent) == len(sent)


def _connect() -> Iterator[Line]:
    browser, server = socket.socketpair()
    with browser, server:
        yield Line(browser, server)


line, other_line = pytest.fixture(_connect), pytest.fixture(_connect)


def form(length: int) -> bytes:
    return b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % length


def test_a_request_that_comes_letter_by_letter_is_whole_with_the_last(line: Line) -> None:
    arrival, sent = line.arrival(), form(5) + b"hello"
    for place in range(len(sent)):
        assert not arrival.is_whole(0)
        line.say(sent[place : place + 1])
    assert arrival.is_whole(0)
    assert arrival.read() == sent


def test_sixty_megabytes_at_one_megabit_a_second_arrive_as_they_were_sent(line: Line) -> None:
    arrival, body = line.arrival(), bytes(range(240)) * 250_000
    head = form(len(body))
    line.say(head)
    for second in range(len(body) // MBIT):
        assert not arrival.is_whole(second)
        line.say(body[second * MBIT : (second + 1) * MBIT])
    assert arrival.is_whole(len(body) // MBIT)
    assert arrival.read(len(head)) == head
    assert arrival.read(len(body)) == body


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\nX: ", form(1000), form(1_000_000)])
def test_a_request_that_drips_is_refused(line: Line, sent: bytes) -> None:
    arrival = line.arrival()
    line.say(sent)
    for second in range(0, GRACE_S, 10):
        assert not arrival.is_whole(second)
        line.say(b"x")
    with pytest.raises(Refusal) as refused:
        arrival.is_whole(GRACE_S + 1)
    assert refused.value.status == 408


def test_a_fast_beginning_buys_time_for_what_it_brought_and_no_more(line: Line) -> None:
    arrival = line.arrival()
    brought = 100 * 1024
    line.say(form(1_000_000) + b"x" * brought)
    assert not arrival.is_whole(0)
    bought = GRACE_S + brought / LOWEST_RATE
    assert not arrival.is_whole(bought)
    with pytest.raises(Refusal):
        arrival.is_whole(bought + 1)


def test_a_connection_that_is_kept_has_its_time_for_each_request(line: Line) -> None:
    arrival = line.arrival()
    for now in (0, 3600):
        line.say(form(5))
        assert not arrival.is_whole(now)
        line.say(b"hello")
        assert arrival.is_whole(now + 1)
        assert arrival.read() == form(5) + b"hello"
        arrival.finish()
        assert not arrival.is_whole(now + 2)
        assert not arrival.is_under_way


def test_a_body_beyond_what_the_site_takes_is_not_waited_for(line: Line) -> None:
    arrival = line.arrival()
    line.say(form(LARGEST + 1))
    assert arrival.is_whole(0)


@pytest.mark.parametrize("length", [b"00000000000000000001000", b"\t 1000 "])
def test_the_length_of_a_body_is_seen_however_it_is_written(line: Line, length: bytes) -> None:
    arrival = line.arrival()
    line.say(b"POST / HTTP/1.1\r\ncontent-LENGTH:" + length + b"\r\n\r\n")
    assert not arrival.is_whole(0)


def test_what_is_missing_is_not_waited_for_in_a_thread(line: Line) -> None:
    arrival = line.arrival()
    line.say(b"\r\n\r\nGET / HTTP/1.1\r\n")
    assert arrival.is_whole(0)
    arrival.read()
    with pytest.raises(ConnectionResetError):
        arrival.read()


def test_large_bodies_share_a_bounded_room_and_give_it_back(line: Line, other_line: Line) -> None:
    room = Room(LARGEST, 2 * 1024 * 1024)
    first, second = line.arrival(room), other_line.arrival(room)
    for each in (line, other_line):
        each.say(form(LARGEST))
    for _ in range(10):
        line.say(b"x" * 100_000)
        assert not first.is_whole(0)
    assert not second.is_whole(0)
    line.say(b"x" * 100_000)
    with pytest.raises(Refusal):
        first.is_whole(0)
    with pytest.raises(Refusal) as refused:
        second.is_whole(0)
    assert refused.value.status == 503
    first.finish()
    assert not second.is_whole(0)


def test_what_a_small_form_needs_is_not_of_that_room(line: Line) -> None:
    arrival = line.arrival(Room(LARGEST, 0))
    line.say(form(60_000) + b"x" * 60_000)
    assert arrival.is_whole(0)
