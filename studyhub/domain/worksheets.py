"""Worksheets: forms that are data, and what is written into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from studyhub.domain.errors import Invalid

MAX_LINE, MAX_TEXT = 300, 4000
MOST_ROWS = 12


class FieldKind(StrEnum):
    """One line, a text, a list with an item a line, one of several choices, or a table of short texts."""

    LINE = "line"
    TEXT = "text"
    LIST = "list"
    CHOICE = "choice"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class SheetField:
    """``options`` are the texts of a choice, ``columns`` the heads of a table with ``rows`` rows to write in.

    What is kept of a choice is the text in Japanese, whatever language it was read in.
    """

    key: str
    label: str
    kind: FieldKind
    label_en: str = ""
    help: str = ""
    help_en: str = ""
    required: bool = False
    limit: int = MAX_TEXT
    """Characters of the field, of an item of a list, or of a cell."""
    options: tuple[str, ...] = ()
    options_en: tuple[str, ...] = ()
    """As many as ``options``, or none; ``columns_en`` likewise."""
    columns: tuple[str, ...] = ()
    columns_en: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Worksheet:
    id: str
    title: str
    title_en: str
    intro: str
    intro_en: str
    fields: tuple[SheetField, ...]


Value = str | list[str] | list[list[str]]
Values = Mapping[str, Value]


def field_to_data(field: SheetField) -> dict[str, Any]:
    return {
        "key": field.key,
        "label": field.label,
        "kind": field.kind.value,
        "label_en": field.label_en,
        "help": field.help,
        "help_en": field.help_en,
        "required": field.required,
        "limit": field.limit,
        "options": list(field.options),
        "options_en": list(field.options_en),
        "columns": list(field.columns),
        "columns_en": list(field.columns_en),
        "rows": field.rows,
    }


def field_from_data(data: Mapping[str, Any]) -> SheetField:
    """The inverse of ``field_to_data``; a sheet that was begun earlier may lack the English."""
    lists = {name: tuple(data.get(name, ())) for name in ("options", "options_en", "columns", "columns_en")}
    return SheetField(**{**data, **lists, "kind": FieldKind(data["kind"])})


def cell_name(field: SheetField, row: int, column: int) -> str:
    """Name of a table's cell in a form; rows and columns from 0."""
    return f"{field.key}.{row}.{column}"


def read_values(form: tuple[SheetField, ...], sent: Callable[[str], str]) -> dict[str, Value]:
    """``sent`` gives what a form holds under a name, or "". Raises Invalid with the field's key."""
    return {field.key: _read(field, sent) for field in form}


def _read(field: SheetField, sent: Callable[[str], str]) -> Value:
    if field.kind is FieldKind.TABLE:
        cells = [
            [_bounded(field, sent(cell_name(field, row, column))) for column in range(len(field.columns))]
            for row in range(field.rows)
        ]
        while cells and not any(cells[-1]):
            cells.pop()
        return cells
    text = sent(field.key).replace("\r\n", "\n").strip()
    if field.kind is FieldKind.LIST:
        return [_bounded(field, line) for line in text.split("\n") if line.strip()]
    if field.kind is FieldKind.CHOICE and text and text not in field.options:
        raise Invalid("「%(label)s」は、示された中から選んでください。", field=field.key, label=field.label)
    return _bounded(field, text)


def _bounded(field: SheetField, text: str) -> str:
    text = text.strip()
    if len(text) > field.limit:
        raise Invalid(
            "「%(label)s」は%(limit)s字以内で書いてください。",
            field=field.key,
            label=field.label,
            limit=field.limit,
        )
    return text


def missing(form: tuple[SheetField, ...], values: Values) -> tuple[SheetField, ...]:
    """Required fields that are still empty: a sheet is handed in without any."""
    return tuple(field for field in form if field.required and not values.get(field.key))
