"""PPTX, DOCX and XLSX as archives, before a library opens them: no bomb, no macro, no entity, the right kind inside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO
from zipfile import ZipFile

from studyhub.domain.errors import Invalid
from studyhub.formats.archive import Bounds, Member, members_of, opened
from studyhub.formats.office_links import check_links
from studyhub.formats.upload_kinds import MEGABYTE, UploadKind, broken, disguised

BOUNDS = Bounds(members=5000, unpacked_bytes=300 * MEGABYTE)
MOST_XML_BYTES = 64 * MEGABYTE
"""Of one part: a library reads each as a whole, as a tree ten times as large."""
_CHUNK = 1 << 16
_TYPES = "[Content_Types].xml"
_MAIN_PART: Mapping[UploadKind, tuple[str, bytes]] = {
    UploadKind.PRESENTATION: ("ppt/presentation.xml", b"presentationml.presentation.main+xml"),
    UploadKind.DOCUMENT: ("word/document.xml", b"wordprocessingml.document.main+xml"),
    UploadKind.WORKBOOK: ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}
_ACTIVE = re.compile(r"vbaproject|/activex/|/macrosheets/|/dialogsheets/", re.IGNORECASE)
_FORBIDDEN_WORDS = (b"<!DOCTYPE", b"<!ENTITY")


def check_office(name: str, kind: UploadKind, stream: BinaryIO) -> None:
    """Raises Invalid."""
    with opened(name, stream) as archive:
        members = members_of(name, archive, BOUNDS)
        _check_parts(name, kind, archive, {member.path for member in members})
        for member in members:
            if member.path.lower().endswith((".xml", ".rels", ".vml")):
                _check_xml(name, archive, member)
            if member.path.lower().endswith(".rels"):
                check_links(name, archive, member)


def _check_parts(name: str, kind: UploadKind, archive: ZipFile, paths: set[str]) -> None:
    main, content_type = _MAIN_PART[kind]
    if not {_TYPES, main} <= paths:
        raise disguised(name)
    types = archive.read(_TYPES) if archive.getinfo(_TYPES).file_size < MEGABYTE else b""
    if any(_ACTIVE.search(path) for path in paths) or b"macroEnabled" in types:
        raise Invalid(
            "「%(name)s」にはマクロなどのプログラムが入っているため、受け付けられません。マクロなしの形式で保存し直して"
            "ください。",
            name=name,
        )
    if content_type not in types:
        raise disguised(name)


def _check_xml(name: str, archive: ZipFile, member: Member) -> None:
    """No office program writes a document type; entities that unfold into gigabytes need one."""
    if member.info.file_size > MOST_XML_BYTES:
        raise Invalid(
            "「%(name)s」は開くと大きくなりすぎるため、受け付けられません（上限 %(limit)s MB）。画像を圧縮するか、"
            "分けてください。",
            name=name,
            limit=MOST_XML_BYTES // MEGABYTE,
        )
    tail = b""
    with archive.open(member.info) as file:
        while chunk := file.read(_CHUNK):
            window = (tail + chunk).replace(b"\0", b"")
            if any(word in window for word in _FORBIDDEN_WORDS):
                raise broken(name)
            if b"<ddeLink" in window or b":ddeLink" in window:
                raise _reaches_out(name)
            tail = chunk[-64:]


def _reaches_out(name: str) -> Invalid:
    return Invalid(
        "「%(name)s」には、ほかのプログラムを呼び出すつながりが入っています。値だけを貼り付けて、保存し直してください。",
        name=name,
    )
