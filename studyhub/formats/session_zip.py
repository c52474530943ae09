"""A zip archive of a study session's folder, as docs/content.md lays it out, or of several files at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from studyhub.domain.errors import Invalid
from studyhub.formats.archive import Bounds, members_of, opened
from studyhub.formats.upload_kinds import UploadKind, type_of

PAGE, COURSE = "session.md", "course.yaml"
MOST_MEMBERS = 300
UNPACKED_FACTOR = 3
"""A zip of PDFs and images unpacks to little more than itself."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things lie. Without a page the archive is only a way to send several files."""

    page: str
    course: str

    @property
    def folder(self) -> str:
        """Of the study session, with its slash; empty at the root."""
        return self.page.removesuffix(PAGE)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """`path` is relative to the study session's folder, where there is one."""

    path: str
    content: BytesIO


def layout_of(name: str, paths: Sequence[str]) -> Layout:
    """Raises Invalid for an archive of several study sessions."""
    pages = [path for path in paths if PurePosixPath(path).name == PAGE]
    if len(pages) > 1:
        raise Invalid(
            "「%(name)s」には勉強会（session.md）が%(count)s件入っています。1件ずつ圧縮して選んでください。",
            name=name,
            count=len(pages),
        )
    if not pages:
        return Layout("", "")
    above = PurePosixPath(pages[0]).parents
    courses = {str(folder / COURSE) for folder in above} & set(paths)
    return Layout(pages[0], next(iter(courses), ""))


def unpack(name: str, stream: BinaryIO, most_bytes: int) -> Iterator[tuple[Layout, Unpacked]]:
    """One file after the other, the page and the course first. Raises Invalid, before the first where it can."""
    with opened(name, stream) as archive:
        members = members_of(name, archive, Bounds(MOST_MEMBERS, UNPACKED_FACTOR * most_bytes))
        layout = layout_of(name, [member.path for member in members])
        wanted = [member for member in members if _belongs(layout, member.path)]
        for member in wanted:
            _check_kind(name, member.path, layout)
        for member in sorted(wanted, key=lambda each: each.path not in {layout.page, layout.course}):
            content = archive.read(member.info)
            yield layout, Unpacked(member.path.removeprefix(layout.folder), BytesIO(content))


def _belongs(layout: Layout, path: str) -> bool:
    """Beside the session's folder only the course counts."""
    return path.startswith(layout.folder) or path == layout.course


def _check_kind(name: str, path: str, layout: Layout) -> None:
    if path == layout.course:
        return
    if type_of(PurePosixPath(path).name).kind is UploadKind.BUNDLE:
        raise Invalid(
            "「%(name)s」の中に、さらに圧縮ファイル「%(member)s」があります。中身を出してから圧縮し直してください。",
            name=name,
            member=PurePosixPath(path).name,
        )
