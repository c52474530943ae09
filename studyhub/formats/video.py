"""MP4 by its boxes (ISO/IEC 14496-12): what a browser needs to play it, and nothing but boxes from end to end."""

from __future__ import annotations

import struct
from typing import BinaryIO

from studyhub.domain.errors import Invalid
from studyhub.formats.upload_kinds import broken, disguised

MOST_BOXES = 100_000
_HEADER = 8
_NEEDED = {b"ftyp", b"moov", b"mdat"}


def check_video(name: str, stream: BinaryIO, size: int) -> None:
    """Raises Invalid."""
    boxes: set[bytes] = set()
    at = count = 0
    while at < size:
        kind, length = _box_at(name, stream, at, size)
        if at == 0 and kind != b"ftyp":
            raise disguised(name)
        boxes.add(kind)
        at, count = at + length, count + 1
        if count > MOST_BOXES:
            raise broken(name)
    if not boxes >= _NEEDED:
        raise Invalid(
            "「%(name)s」は途中で切れているようです。動画を書き出し直してから、もう一度選んでください。",
            name=name,
        )


def _box_at(name: str, stream: BinaryIO, at: int, size: int) -> tuple[bytes, int]:
    """Its kind and its length in bytes, header included."""
    stream.seek(at)
    header = stream.read(_HEADER)
    if len(header) < _HEADER:
        raise broken(name)
    length, kind = struct.unpack(">I4s", header)
    least = _HEADER
    if length == 1:
        least = 2 * _HEADER
        wide = stream.read(_HEADER)
        length = struct.unpack(">Q", wide)[0] if len(wide) == _HEADER else 0
    elif length == 0:
        length = size - at
    if length < least or at + length > size:
        raise broken(name)
    return kind, length
