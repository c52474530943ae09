"""A disk that forgets at a power cut what it was not told to keep: a VFS of SQLite that knows, for each file, what
was synced and what was only written. Killing a process shows nothing of this, since the kernel keeps its writes."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from random import Random

import apsw

_numbers = itertools.count(1)

Write = Callable[[bytearray], None]


class ForgetfulDisk(apsw.VFS):
    def __init__(self) -> None:
        self.name = f"forgetful-{next(_numbers)}"
        self.synced: defaultdict[str, bytearray] = defaultdict(bytearray)
        self.pending: defaultdict[str, list[Write]] = defaultdict(list)
        super().__init__(self.name, "")

    def xOpen(self, name: object, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return _File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        self.synced.pop(filename, None)
        self.pending.pop(filename, None)

    def sync(self, path: str) -> None:
        for write in self.pending.pop(path, []):
            write(self.synced[path])

    def cut_power(self, folder: Path, rng: Random | None = None) -> Path:
        """What is on the disk afterwards, as files in the folder; returns that of the database.

        Of what was not synced nothing is there or, with `rng`, any part of it: a disk writes in its own order.
        """
        folder.mkdir()
        for path in {*self.synced, *self.pending}:
            content = bytearray(self.synced[path])
            for write in self.pending[path]:
                if rng is not None and rng.random() < 0.5:
                    write(content)
            (folder / Path(path).name).write_bytes(content)
        return folder / "site.sqlite3"


class _File(apsw.VFSFile):
    def __init__(self, disk: ForgetfulDisk, name: object, flags: list[int]) -> None:
        super().__init__("", name, flags)  # type: ignore[arg-type]
        self._disk = disk
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self._disk.pending[self._path].append(_writing(bytes(data), offset))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        self._disk.pending[self._path].append(_truncating(size))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._disk.sync(self._path)


def _writing(data: bytes, offset: int) -> Write:
    def write(content: bytearray) -> None:
        content.extend(bytes(max(0, offset - len(content))))
        content[offset : offset + len(data)] = data

    return write


def _truncating(size: int) -> Write:
    def write(content: bytearray) -> None:
        del content[size:]

    return write
