"""Rows as a CSV or XLSX file that a spreadsheet program opens as what it is: text, and never a formula.

In CSV a text that begins like a formula gets an apostrophe in front; XLSX has a type for text, so it stays as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Cell = str | int | float | date | None
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_SHEET_NAME = 31


class TableFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return "text/csv" if self is TableFormat.CSV else spreadsheet


@dataclass(frozen=True, slots=True)
class TableRows:
    """What a transaction has read, to be written as a file when it is over."""

    format_: TableFormat
    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def written(self) -> bytes:
        return write_table(self.format_, self.name, self.headings, self.rows)


def write_table(
    format_: TableFormat, name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> bytes:
    """``name`` is that of the sheet in XLSX."""
    if format_ is TableFormat.CSV:
        return write_csv(headings, rows)
    return write_xlsx([(name, headings, rows)])


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, which Excel needs to read Japanese."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_for_csv(heading) for heading in headings])
    writer.writerows([_for_csv(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """Each sheet is a name, its headings and its rows."""
    book = Workbook(write_only=True)
    for name, headings, rows in sheets:
        sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", name)[:_LONGEST_SHEET_NAME])
        sheet.freeze_panes = "A2"
        bold = [_for_xlsx(sheet, heading) for heading in headings]
        for cell in bold:
            cell.font = Font(bold=True)
        sheet.append(bold)
        for row in rows:
            sheet.append([_for_xlsx(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _for_csv(cell: Cell) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell)
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell


def _for_xlsx(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        plain: Any = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        return WriteOnlyCell(sheet, value=plain)
    cell = WriteOnlyCell(sheet, value=_NOT_IN_XML.sub("", value))
    cell.data_type = "s"
    return cell
