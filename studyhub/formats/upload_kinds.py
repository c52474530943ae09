"""Which files may be uploaded: told by their ending, confirmed by their first bytes; a real reading comes after.

Every refusal is a sentence that says which file, what is wrong with it, and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import is_zipfile

import puremagic

from studyhub.domain.errors import Invalid

MEGABYTE = 1024 * 1024
_HEAD_BYTES = 8192
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OOXML = "application/vnd.openxmlformats-officedocument."


class UploadKind(StrEnum):
    PDF = "pdf"
    PRESENTATION = "presentation"
    NOTES = "notes"
    """Markdown."""
    TEXT = "text"
    BUNDLE = "bundle"
    """A zip archive: the folder of a study session, or several files at once."""
    PICTURE = "picture"
    DRAWING = "drawing"
    """SVG."""
    WORKBOOK = "workbook"
    TABLE = "table"
    DOCUMENT = "document"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class FileType:
    kind: UploadKind
    media_type: str
    signs: frozenset[str] = frozenset()
    """Endings of which puremagic must name one; empty for text, which has no signature."""


_OFFICE_SIGNS = frozenset({".docx", ".pptx", ".xlsx"})
TYPES: Mapping[str, FileType] = {
    ".pdf": FileType(UploadKind.PDF, "application/pdf", frozenset({".pdf"})),
    ".pptx": FileType(UploadKind.PRESENTATION, _OOXML + "presentationml.presentation", _OFFICE_SIGNS),
    ".md": FileType(UploadKind.NOTES, "text/markdown"),
    ".markdown": FileType(UploadKind.NOTES, "text/markdown"),
    ".txt": FileType(UploadKind.TEXT, "text/plain"),
    ".zip": FileType(UploadKind.BUNDLE, "application/zip", frozenset({".zip"})),
    ".png": FileType(UploadKind.PICTURE, "image/png", frozenset({".png"})),
    ".jpg": FileType(UploadKind.PICTURE, "image/jpeg", frozenset({".jpg"})),
    ".jpeg": FileType(UploadKind.PICTURE, "image/jpeg", frozenset({".jpg"})),
    ".gif": FileType(UploadKind.PICTURE, "image/gif", frozenset({".gif"})),
    ".webp": FileType(UploadKind.PICTURE, "image/webp", frozenset({".webp"})),
    ".svg": FileType(UploadKind.DRAWING, "image/svg+xml"),
    ".xlsx": FileType(UploadKind.WORKBOOK, _OOXML + "spreadsheetml.sheet", _OFFICE_SIGNS),
    ".csv": FileType(UploadKind.TABLE, "text/csv"),
    ".docx": FileType(UploadKind.DOCUMENT, _OOXML + "wordprocessingml.document", _OFFICE_SIGNS),
    ".mp4": FileType(UploadKind.VIDEO, "video/mp4", frozenset({".mp4"})),
}

MOST_BYTES: Mapping[UploadKind, int] = {
    UploadKind.NOTES: 200_000,
    UploadKind.TEXT: 2 * MEGABYTE,
    UploadKind.PICTURE: 20 * MEGABYTE,
    UploadKind.DRAWING: 2 * MEGABYTE,
    UploadKind.TABLE: 10 * MEGABYTE,
    UploadKind.WORKBOOK: 30 * MEGABYTE,
    UploadKind.DOCUMENT: 50 * MEGABYTE,
}
"""Below what the site takes at all."""

_WITH_MACROS = frozenset({".pptm", ".ppsm", ".potm", ".docm", ".dotm", ".xlsm", ".xlsb", ".xltm"})
_SAVE_AS: Mapping[str, str] = {
    ".ppt": ".pptx",
    ".pps": ".pptx",
    ".ppsx": ".pptx",
    ".potx": ".pptx",
    ".odp": ".pptx",
    ".key": ".pdf",
    ".doc": ".docx",
    ".odt": ".docx",
    ".rtf": ".docx",
    ".jtd": ".pdf",
    ".xls": ".xlsx",
    ".ods": ".xlsx",
    ".heic": ".jpg",
    ".bmp": ".png",
    ".tif": ".png",
    ".tiff": ".png",
    ".mov": ".mp4",
    ".avi": ".mp4",
    ".wmv": ".mp4",
    ".mkv": ".mp4",
    ".webm": ".mp4",
}
_FOREIGN_HEADS = (
    b"MZ",
    b"\x7fELF",
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    _OLD_OFFICE,
)


def ending_of(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def type_of(name: str) -> FileType:
    """By the ending. Raises Invalid."""
    ending = ending_of(name)
    found = TYPES.get(ending)
    if found is not None:
        return found
    if ending in _WITH_MACROS:
        raise Invalid(
            "「%(name)s」はマクロを含む形式のため、受け付けられません。マクロなしの形式（.pptx、.docx、.xlsx）で"
            "保存し直してください。",
            name=name,
        )
    if ending in _SAVE_AS:
        raise Invalid(
            "「%(name)s」の形式は扱えません。作ったソフトで %(ending)s として保存し直してください。",
            name=name,
            ending=_SAVE_AS[ending],
        )
    raise Invalid(
        "「%(name)s」は受け付けていない種類のファイルです。PDF、PPTX、DOCX、XLSX、CSV、Markdown、画像、MP4、"
        "ZIP のどれかにしてください。",
        name=name,
    )


def check_size(name: str, kind: UploadKind, size: int, most_bytes: int) -> None:
    """Raises Invalid."""
    if not size:
        raise Invalid("「%(name)s」は中身が空です。元のファイルを開いて確かめてください。", name=name)
    most = min(most_bytes, MOST_BYTES.get(kind, most_bytes))
    if size > most:
        raise Invalid(
            "「%(name)s」が大きすぎます（上限 %(limit)s MB）。画像や動画を小さくするか、分けてください。",
            name=name,
            limit=f"{most / MEGABYTE:.3g}",
        )


def check_signature(name: str, found: FileType, stream: BinaryIO) -> None:
    """That the first bytes are of the kind that the ending says, and the last ones of no other. Raises Invalid."""
    stream.seek(0)
    head = stream.read(_HEAD_BYTES)
    if head.startswith(_OLD_OFFICE) and found.signs == _OFFICE_SIGNS:
        raise Invalid(
            "「%(name)s」はパスワードが付いているか、古い形式です。パスワードを外し、%(ending)s で保存し直してください。",
            name=name,
            ending=ending_of(name),
        )
    fits = found.signs & _signs_of(head) if found.signs else not head.startswith(_FOREIGN_HEADS)
    if not fits or _hides_another(found.kind, head, stream):
        raise disguised(name)


def disguised(name: str) -> Invalid:
    return Invalid(
        "「%(name)s」の中身は、名前の終わり（%(ending)s）が示す種類ではありません。作ったソフトで開き、"
        "その種類で保存し直してください。",
        name=name,
        ending=ending_of(name),
    )


def broken(name: str) -> Invalid:
    return Invalid(
        "「%(name)s」を読み取れませんでした。ファイルが壊れているようです。作ったソフトで開けるか確かめ、"
        "保存し直してください。",
        name=name,
    )


def _signs_of(head: bytes) -> frozenset[str]:
    if head.startswith(b"PK\x03\x04"):
        return _OFFICE_SIGNS | {".zip"}
    try:
        return frozenset(match.extension for match in puremagic.magic_string(head))
    except puremagic.PureError:
        return frozenset()


_ARCHIVES = frozenset({UploadKind.BUNDLE, UploadKind.PRESENTATION, UploadKind.WORKBOOK, UploadKind.DOCUMENT})


def _hides_another(kind: UploadKind, head: bytes, stream: BinaryIO) -> bool:
    """A file that is two kinds at once: an archive lies at the end of a picture, a document inside its head."""
    if kind is UploadKind.PDF and not head.startswith(b"%PDF-"):
        return True
    if kind is not UploadKind.PDF and b"%PDF-" in head[:1024]:
        return True
    if kind in _ARCHIVES:
        return False
    stream.seek(0)
    return is_zipfile(stream)
