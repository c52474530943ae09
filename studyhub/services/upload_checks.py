"""Uploaded files, looked at one by one before any of them is taken in; no database is needed for that.

A file that cannot be taken has its own sentence and harms no other. What passes lies on disk under its hash; bytes
whose study session is never made are orphans that the next keeping of the same content finds.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, assert_never

from studyhub.content.document_reading import (
    DocumentFault,
    Unreadable,
    open_document,
    read_deck,
    without_notes,
)
from studyhub.domain.errors import Invalid
from studyhub.domain.outline import Deck
from studyhub.formats import session_zip
from studyhub.formats.drawing import check_drawing
from studyhub.formats.office_archive import check_office
from studyhub.formats.plain_text import check_table, decoded
from studyhub.formats.upload_kinds import (
    FileType,
    UploadKind,
    broken,
    check_signature,
    check_size,
    disguised,
    ending_of,
    type_of,
)
from studyhub.formats.video import check_video
from studyhub.services import files
from studyhub.services.virus_scan import VirusScanner

MOST_FILES = 50
"""In one upload; an archive may hold more."""
_PICTURE_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}


@dataclass(frozen=True, slots=True)
class Incoming:
    """`stream` can be read again from its beginning."""

    name: str
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class Received:
    """A file that passed. `path` is relative to the session's folder; `address` is the one it will be served under.

    `deck` is what a PDF or a presentation holds, None where it has too many pages to be shown one by one.
    """

    path: str
    kind: UploadKind
    media_type: str
    kept: files.KeptBytes
    address: str
    deck: Deck | None = None
    text: str = ""
    """Of Markdown and of plain text."""

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def stem(self) -> str:
        return PurePosixPath(self.path).stem


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """`page` and `course` are the texts of ``session.md`` and ``course.yaml``, where an archive held them."""

    files: tuple[Received, ...] = ()
    refusals: tuple[Invalid, ...] = ()
    page: str | None = None
    course: str | None = None


@dataclass(frozen=True, slots=True)
class Checker:
    """`most_bytes` is for one file."""

    files_root: Path
    most_bytes: int
    scanner: VirusScanner

    def check(self, incoming: Sequence[Incoming]) -> CheckedUpload:
        """Raises Invalid only for an upload without files, and for too many at once."""
        if not incoming:
            raise Invalid("ファイルを選んでください。", field="files")
        if len(incoming) > MOST_FILES:
            raise Invalid(
                "一度に選べるのは%(limit)s個までです。分けて選ぶか、ZIP にまとめてください。",
                field="files",
                limit=MOST_FILES,
            )
        found = _Collected()
        for each in incoming:
            try:
                received, page, course = self._received(each)
                found.add_page(each.name, page, course)
                found.take(received)
            except Invalid as refusal:
                found.refusals.append(refusal)
        return CheckedUpload(tuple(found.files), tuple(found.refusals), found.page, found.course)

    def _received(self, incoming: Incoming) -> tuple[list[Received], str | None, str | None]:
        """The one file, or all of an archive with the texts of its page and its course."""
        name = files.shown_name(incoming.name)
        file_type = type_of(name)
        self._look(name, file_type, incoming.stream)
        if file_type.kind is not UploadKind.BUNDLE:
            return [self._kept(name, name, file_type, incoming.stream)], None, None
        received, page, course = [], None, None
        for layout, unpacked in session_zip.unpack(name, incoming.stream, self.most_bytes):
            if layout.page and unpacked.path == session_zip.PAGE:
                page = decoded(unpacked.path, unpacked.content.getvalue())
            elif unpacked.path == layout.course:
                course = decoded(unpacked.path, unpacked.content.getvalue())
            else:
                received.append(self._unpacked(unpacked))
        return received, page, course

    def _unpacked(self, unpacked: session_zip.Unpacked) -> Received:
        name = files.shown_name(unpacked.path)
        file_type = type_of(name)
        self._look(name, file_type, unpacked.content)
        return self._kept(unpacked.path, name, file_type, unpacked.content)

    def _look(self, name: str, file_type: FileType, stream: BinaryIO) -> None:
        check_size(name, file_type.kind, stream.seek(0, 2), self.most_bytes)
        check_signature(name, file_type, stream)
        self.scanner.check(name, stream)

    def _kept(self, path: str, name: str, file_type: FileType, stream: BinaryIO) -> Received:
        with _as_file(stream, ending_of(name)) as source:
            deck, text = _read(name, file_type, stream, source)
            with _to_be_kept(name, file_type.kind, source) as shown:
                kept = files.keep_file(self.files_root, shown)
        return Received(path, file_type.kind, file_type.media_type, kept, files.new_address(), deck, text)


@dataclass(slots=True)
class _Collected:
    files: list[Received] = field(default_factory=list)
    refusals: list[Invalid] = field(default_factory=list)
    page: str | None = None
    course: str | None = None

    def add_page(self, name: str, page: str | None, course: str | None) -> None:
        """Raises Invalid for the second archive of a study session."""
        if page is None:
            return
        if self.page is not None:
            raise Invalid("「%(name)s」は二つめの勉強会です。勉強会は1件ずつ作ってください。", name=name)
        self.page, self.course = page, course

    def take(self, received: Iterable[Received]) -> None:
        """Two files of one name keep both their places."""
        for each in received:
            taken = {file.path.casefold() for file in self.files}
            self.files.append(_placed(each, free_path(each.path, taken)))


def _placed(file: Received, path: str) -> Received:
    if path == file.path:
        return file
    return Received(path, file.kind, file.media_type, file.kept, file.address, file.deck, file.text)


def free_path(path: str, taken: Iterable[str]) -> str:
    """With a number before its ending where the path is taken. ``taken`` are paths without case."""
    held = set(taken)
    pure = PurePosixPath(path)
    tries = (str(pure.with_name(f"{pure.stem}-{number}{pure.suffix}")) for number in range(2, len(held) + 3))
    return next((each for each in (path, *tries) if each.casefold() not in held), path)


@contextmanager
def _as_file(stream: BinaryIO, ending: str) -> Iterator[Path]:
    """Under a name with its ending, which some libraries ask for."""
    stream.seek(0)
    with tempfile.NamedTemporaryFile(prefix="studyhub-upload-", suffix=ending) as file:
        shutil.copyfileobj(stream, file, 1 << 20)
        file.flush()
        yield Path(file.name)


@contextmanager
def _to_be_kept(name: str, kind: UploadKind, source: Path) -> Iterator[Path]:
    """Speaker notes are the lecturer's own: what officers can download holds none. Raises Invalid."""
    if kind is not UploadKind.PRESENTATION:
        yield source
        return
    try:
        with without_notes(source) as shown:
            yield shown
    except Unreadable as unreadable:
        raise _refused(name, unreadable.fault) from unreadable


def _read(name: str, file_type: FileType, stream: BinaryIO, path: Path) -> tuple[Deck | None, str]:
    """The real reading; what it tells is kept. Raises Invalid."""
    kind = file_type.kind
    match kind:
        case UploadKind.PDF:
            return _deck(name, "pdf", path), ""
        case UploadKind.PRESENTATION:
            check_office(name, kind, stream)
            return _deck(name, "presentation", path), ""
        case UploadKind.WORKBOOK | UploadKind.DOCUMENT:
            check_office(name, kind, stream)
            _open(name, kind.value, path)
        case UploadKind.PICTURE:
            _check_picture(name, file_type, path)
        case UploadKind.DRAWING:
            check_drawing(name, path.read_bytes())
        case UploadKind.VIDEO:
            check_video(name, stream, stream.seek(0, 2))
        case UploadKind.TABLE:
            check_table(name, path.read_bytes())
        case UploadKind.NOTES | UploadKind.TEXT:
            return None, decoded(name, path.read_bytes())
        case UploadKind.BUNDLE:
            raise disguised(name)
        case _:
            assert_never(kind)
    return None, ""


def _deck(name: str, kind: str, path: Path) -> Deck | None:
    try:
        return read_deck(kind, path)
    except Unreadable as unreadable:
        if unreadable.fault is DocumentFault.TOO_MANY_PAGES:
            return None
        raise _refused(name, unreadable.fault) from unreadable


def _open(name: str, kind: str, path: Path) -> str:
    try:
        return open_document(kind, path)
    except Unreadable as unreadable:
        raise _refused(name, unreadable.fault) from unreadable


def _check_picture(name: str, file_type: FileType, path: Path) -> None:
    if _open(name, "picture", path) != _PICTURE_FORMATS[file_type.media_type]:
        raise disguised(name)


def _refused(name: str, fault: DocumentFault) -> Invalid:
    if fault is DocumentFault.LOCKED:
        return Invalid(
            "「%(name)s」にはパスワードが付いています。パスワードを外して保存し直してください。", name=name
        )
    if fault is DocumentFault.TOO_HEAVY:
        return Invalid(
            "「%(name)s」は開くのに時間かメモリがかかりすぎるため、受け付けられません。画像を小さくするか、分けて"
            "ください。",
            name=name,
        )
    return broken(name)
