"""Closed-loop clients: each sends its next request when the answer to the last has come. Loopback only."""

from __future__ import annotations

import http.client
import multiprocessing
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

CLIENTS = 8
TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Call:
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None
    """A form to be posted; None for a page to be read."""
    confirms: bytes = b""
    """What the body of the answer must hold."""
    status: int = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """Answered requests a second of all clients together, and the times of each in ms."""

    rate: float
    times_ms: tuple[float, ...]
    cpu_s: float = 0.0
    """Processor time of the server's processes meanwhile, where it was asked for."""

    @property
    def cpu_ms(self) -> float:
        """Of one request."""
        return self.cpu_s / len(self.times_ms) * 1000

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def drive(port: int, scripts: Sequence[Sequence[Call]], seconds: float, *, again: bool) -> Sample:
    """One process a script. With ``again`` a script starts over when it is done, else its client stops there.

    Raises RuntimeError when an answer has another status or does not confirm.
    """
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(scripts), timeout=TIMEOUT_S)
    pipes, processes = [], []
    for script in scripts:
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(
            target=_client, args=(port, script, seconds, again, barrier, sender), daemon=True
        )
        process.start()
        pipes.append(receiver)
        processes.append(process)
    try:
        found = [_receive(pipe) for pipe in pipes]
    finally:
        for process in processes:
            process.terminate()  # of one that still runs nothing is wanted any more
            process.join()
    rate = sum(len(times) / elapsed for times, elapsed in found)
    return Sample(rate, tuple(time_s * 1000 for times, _elapsed in found for time_s in times))


def median_sample(samples: Sequence[Sample]) -> Sample:
    """The median of the rates, and all times together."""
    return Sample(
        statistics.median(sample.rate for sample in samples),
        tuple(each for sample in samples for each in sample.times_ms),
        sum(sample.cpu_s for sample in samples),
    )


def _receive(pipe: Connection) -> tuple[list[float], float]:
    found = pipe.recv()
    if isinstance(found, str):
        raise RuntimeError(found)
    times, elapsed = found
    return times, elapsed


def _client(
    port: int, script: Sequence[Call], seconds: float, again: bool, barrier: object, sender: Connection
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.connect()
        barrier.wait()  # type: ignore[attr-defined]  # a proxy without types
        sender.send(_run(connection, _endless(script) if again else iter(script), seconds))
    except Exception as error:  # noqa: BLE001 (the parent process raises it)
        sender.send(f"{type(error).__name__}: {error}")
    finally:
        connection.close()


def _endless(script: Sequence[Call]) -> Iterator[Call]:
    while True:
        yield from script


def _run(
    connection: http.client.HTTPConnection, calls: Iterator[Call], seconds: float
) -> tuple[list[float], float]:
    times: list[float] = []
    begun = time.perf_counter()
    ends = begun + seconds
    before = begun
    for call in calls:
        _send(connection, call)
        after = time.perf_counter()
        times.append(after - before)
        before = after
        if after >= ends:
            break
    return times, before - begun


def _send(connection: http.client.HTTPConnection, call: Call) -> None:
    connection.request("POST" if call.body is not None else "GET", call.path, call.body, dict(call.headers))
    response = connection.getresponse()
    body = response.read()
    if response.status != call.status or call.confirms not in body:
        raise RuntimeError(f"{call.path}: {response.status} {body[:500].decode('utf-8', 'replace')}")
