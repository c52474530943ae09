"""Zip archives, looked at before anything in them is unpacked: number, size, ratio and paths of their members."""

from __future__ import annotations

import re
import stat
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from studyhub.domain.errors import Invalid
from studyhub.formats.upload_kinds import MEGABYTE, broken

WIDEST_RATIO = 200
"""Unpacked to packed; text of an office program reaches 30, a bomb a thousand."""
RATIO_COUNTS_FROM = 4 * MEGABYTE
LONGEST_PATH = 200
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_UNREADABLE = (BadZipFile, LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error)
_LEFTOVERS = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Bounds:
    members: int
    unpacked_bytes: int


@dataclass(frozen=True, slots=True)
class Member:
    path: str
    info: ZipInfo


@contextmanager
def opened(name: str, stream: BinaryIO) -> Iterator[ZipFile]:
    """Raises Invalid, also for what goes wrong while the archive is read in the block."""
    stream.seek(0)
    try:
        with ZipFile(stream) as archive:
            yield archive
    except _UNREADABLE as error:
        raise broken(name) from error


def members_of(name: str, archive: ZipFile, bounds: Bounds) -> list[Member]:
    """The files in it, with paths that lead nowhere else. Raises Invalid for an archive no honest program makes."""
    infos = archive.infolist()
    _check_weight(name, infos, bounds)
    found = [Member(_readable_name(info), info) for info in infos if not info.is_dir()]
    for member in found:
        _check_member(name, member)
    paths = [member.path.casefold() for member in found]
    if len(set(paths)) != len(paths):
        raise Invalid("「%(name)s」には同じ名前のファイルが二つ入っています。作り直してください。", name=name)
    return [member for member in found if not _is_leftover(member.path)]


def _check_weight(name: str, infos: Sequence[ZipInfo], bounds: Bounds) -> None:
    if len(infos) > bounds.members:
        raise Invalid(
            "「%(name)s」に入っているファイルが多すぎます（上限 %(limit)s 個）。要らないものを除くか、分けてください。",
            name=name,
            limit=bounds.members,
        )
    swollen = any(
        info.file_size > RATIO_COUNTS_FROM and info.file_size > WIDEST_RATIO * max(info.compress_size, 1)
        for info in infos
    )
    if swollen or sum(info.file_size for info in infos) > bounds.unpacked_bytes:
        raise Invalid(
            "「%(name)s」は開くと大きくなりすぎるため、受け付けられません（上限 %(limit)s MB）。画像を圧縮するか、"
            "分けてください。",
            name=name,
            limit=bounds.unpacked_bytes // MEGABYTE,
        )


def _check_member(name: str, member: Member) -> None:
    path, info = member.path, member.info
    if info.flag_bits & _ENCRYPTED:
        raise Invalid(
            "「%(name)s」にはパスワードが付いています。パスワードなしで作り直してください。", name=name
        )
    mode = info.external_attr >> 16
    is_plain = not stat.S_IFMT(mode) or stat.S_ISREG(mode)
    leads_out = (
        path.startswith("/")
        or "\\" in path
        or _DRIVE.match(path)
        or _CONTROL.search(path)
        or {"..", ".", ""} & set(path.split("/"))
    )
    if not is_plain or leads_out or len(path) > LONGEST_PATH:
        raise Invalid(
            "「%(name)s」の中の「%(member)s」は、フォルダーの外を指すか、扱えない名前です。ふつうのフォルダーを"
            "選んで圧縮し直してください。",
            name=name,
            member=_CONTROL.sub("", path)[:80],
        )


def _readable_name(info: ZipInfo) -> str:
    """macOS writes UTF-8 and Windows in Japanese its own code page, and neither says so."""
    # The name as written counts: ``filename`` has lost what follows a NUL.
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        name = _decoded(name.encode("cp437", "replace"))
    return unicodedata.normalize("NFC", name)


def _decoded(written: bytes) -> str:
    for encoding in ("utf-8", "cp932"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return written.decode("cp437")


def _is_leftover(path: str) -> bool:
    """What file managers leave behind."""
    parts = path.split("/")
    return parts[0] == "__MACOSX" or parts[-1].lower() in _LEFTOVERS or parts[-1].startswith("._")
