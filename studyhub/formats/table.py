"""A spreadsheet as rows of text: CSV as the office's programs write it, or the first sheet of an XLSX file.

Bounded before anything is unpacked: an XLSX file is a zip archive, and a few kilobytes can say they are gigabytes.
"""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

_ZIP_MAGIC = b"PK\x03\x04"
_OLD_EXCEL_MAGIC = b"\xd0\xcf\x11\xe0"
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    file_bytes: int = 20_000_000
    unpacked_bytes: int = 150_000_000
    members: int = 500
    rows: int = 50_000
    columns: int = 60


@dataclass(frozen=True, slots=True)
class Row:
    """``line`` as the program that made the file counts: the first is 1."""

    line: int
    cells: tuple[str, ...]


class UnreadableTable(Exception):
    """The file as a whole cannot be read; ``code`` is one of formats.messages."""

    def __init__(self, code: str, line: int = 0, **params: object) -> None:
        super().__init__(code)
        self.code, self.line, self.params = code, line, params


def read_table(content: bytes, limits: Limits = Limits()) -> tuple[Row, ...]:
    """Rows that hold anything, with blanks around each cell taken off. Raises UnreadableTable."""
    if len(content) > limits.file_bytes:
        raise UnreadableTable("too-large", limit=limits.file_bytes)
    if content.startswith(_OLD_EXCEL_MAGIC):
        raise UnreadableTable("table-old-or-locked")
    read = _xlsx_rows if content.startswith(_ZIP_MAGIC) else _csv_rows
    rows: list[Row] = []
    for line, values in read(content, limits):
        cells = tuple(_text(value) for value in values[: limits.columns])
        if any(cells):
            rows.append(Row(line, cells))
        if len(rows) > limits.rows:
            raise UnreadableTable("table-too-many-rows", limit=limits.rows)
    return tuple(rows)


def _csv_rows(content: bytes, _limits: Limits) -> Iterator[tuple[int, list[object]]]:
    text = _decoded(content)
    head = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter="\t" if "\t" in head and "," not in head else ",",
        strict=True,
    )
    line = 1
    try:
        for values in reader:
            yield line, list(values)
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableTable("table-csv", line, reason=str(error)) from error


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark (Excel's "Unicode text"), else Windows Japanese."""
    encodings = ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp932")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableTable("table-encoding")


def _xlsx_rows(content: bytes, limits: Limits) -> Iterator[tuple[int, list[object]]]:
    _check_archive(content, limits)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size is not to be trusted
        rows = sheet.iter_rows(max_row=limits.rows + 2, max_col=limits.columns, values_only=True)
        for line, values in enumerate(rows, start=1):
            yield line, list(values)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError) as error:
        # SyntaxError is what the XML parser's own error is.
        raise UnreadableTable("table-xlsx", reason=type(error).__name__) from error


def _check_archive(content: bytes, limits: Limits) -> None:
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if len(members) > limits.members or unpacked > limits.unpacked_bytes:
                raise UnreadableTable("table-bomb", limit=limits.unpacked_bytes)
            if any(_declares_entities(archive, member) for member in members):
                raise UnreadableTable("table-xlsx", reason="DOCTYPE")
    except (BadZipFile, NotImplementedError, RuntimeError, LargeZipFile, zlib.error) as error:
        raise UnreadableTable("table-xlsx", reason=type(error).__name__) from error


def _declares_entities(archive: ZipFile, member: ZipInfo) -> bool:
    """No office program writes a document type; entities that unfold into gigabytes need one."""
    tail = b""
    with archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            if b"<!DOCTYPE" in (tail + chunk).replace(b"\0", b""):
                return True
            tail = chunk[-32:]
    return False


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).strip()
