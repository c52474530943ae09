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
from typing import Any
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
    delimiter = _delimiter(text.split("\n", 1)[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for values in reader:
            yield line, list(values)
            line = reader.line_num + 1
    except csv.Error as error:
        if reader.line_num <= line and "limit" in str(error):
            raise UnreadableTable("table-cell-too-long", line, limit=csv.field_size_limit()) from error
        raise UnreadableTable("table-csv", line) from error


def _delimiter(head: str) -> str:
    """Of the line of headings: where a comma stands, it is the comma."""
    return next((sign for sign in "\t;" if sign in head and "," not in head), ",")


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
    has_formulas = _check_archive(content, limits)
    try:
        if has_formulas:
            _check_results(content, limits)
        for line, values in enumerate(_sheet_rows(content, limits, values_only=True), start=1):
            yield line, list(values)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError) as error:
        # SyntaxError is what the XML parser's own error is.
        raise UnreadableTable("table-xlsx") from error


def _sheet_rows(
    content: bytes, limits: Limits, *, values_only: bool = False, results: bool = True
) -> Iterator[tuple[Any, ...]]:
    """Of the first sheet; values or cells, which hold their formula's result or the formula itself."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=results)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the file says of its own size is not to be trusted
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(
        max_row=limits.rows + 2, max_col=limits.columns, values_only=values_only
    )
    return rows


def _check_results(content: bytes, limits: Limits) -> None:
    """A program that does not calculate stores formulas without results: their cells would look empty.

    A result that is an empty text is one: its cell says that it holds text.
    """
    stored, written = _sheet_rows(content, limits), _sheet_rows(content, limits, results=False)
    for line, (results, cells) in enumerate(zip(stored, written, strict=False), start=1):
        for result, cell in zip(results, cells, strict=False):
            if cell.data_type == "f" and result.value is None and result.data_type == "n":
                raise UnreadableTable("table-formula", line, cell=cell.coordinate)


def _check_archive(content: bytes, limits: Limits) -> bool:
    """Whether it holds formulas. Raises UnreadableTable."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if len(members) > limits.members or unpacked > limits.unpacked_bytes:
                raise UnreadableTable("table-bomb", limit=limits.unpacked_bytes)
            if any(_holds(archive, member, b"<!DOCTYPE") for member in members):
                # No office program writes one; entities that unfold into gigabytes need it.
                raise UnreadableTable("table-xlsx")
            sheets = [member for member in members if "worksheets/" in member.filename]
            return any(_holds(archive, member, b"<f>", b"<f ", b":f>", b":f ") for member in sheets)
    except (BadZipFile, NotImplementedError, RuntimeError, LargeZipFile, zlib.error) as error:
        raise UnreadableTable("table-xlsx") from error


def _holds(archive: ZipFile, member: ZipInfo, *marks: bytes) -> bool:
    """In one byte a sign or two."""
    tail = b""
    with archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            plain = (tail + chunk).replace(b"\0", b"")
            if any(mark in plain for mark in marks):
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
