"""What the processes of a server take: memory, and time of the processors."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Memory:
    """In MB. ``own`` is what no file backs, the shared part counted once (Pss_Anon); ``resident`` the plain sum of RSS,
    which counts shared memory and the mapped part of an SQLite file once for each process."""

    own: float
    resident: float
    processes: int


def memory(pid: int) -> Memory:
    pids = family(pid)
    own, resident = 0, 0
    for each in pids:
        lines = dict(line.split(":", 1) for line in _read(each, "smaps_rollup").splitlines()[1:])
        own += int(lines.get("Pss_Anon", "0 kB").split()[0])
        resident += int(lines.get("Rss", "0 kB").split()[0])
    return Memory(own / 1024, resident / 1024, len(pids))


def processor_s(pid: int) -> float:
    """Of all processes of the server since they began."""
    ticks = 0
    for each in family(pid):
        fields = _read(each, "stat").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12]) if fields else 0
    return ticks / _TICKS_A_SECOND


def family(pid: int) -> list[int]:
    """The process and all that come from it."""
    found = [pid]
    for parent in found:
        found += [int(child) for child in _read(parent, f"task/{parent}/children").split()]
    return found


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""  # it has ended meanwhile
