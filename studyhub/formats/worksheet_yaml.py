"""Worksheets of workshops, as they lie in ``courses/worksheets/``."""

from __future__ import annotations

from studyhub.domain.worksheets import MAX_LINE, MAX_TEXT, MOST_ROWS, FieldKind, SheetField, Worksheet
from studyhub.formats.report import Findings, Located, Reading
from studyhub.formats.yaml_fields import Fields, root_fields

_DEFAULT_ROWS = 5
_SHORT = frozenset({FieldKind.LINE, FieldKind.LIST, FieldKind.TABLE, FieldKind.CHOICE})


def read(text: str, file: str) -> Reading[Worksheet]:
    findings = Findings(file)
    fields = root_fields(text, findings)
    if fields is None:
        return Reading((), findings.report())
    fields.item = fields.key("worksheet")
    worksheet = Worksheet(
        id=fields.item,
        title=fields.text("title"),
        title_en=fields.text("title_en", ""),
        intro=fields.text("intro", ""),
        intro_en=fields.text("intro_en", ""),
        fields=tuple(_field(entry) for entry in fields.entries("fields")),
    )
    _check(fields, worksheet)
    fields.note_unread()
    items = () if findings.error_count else (Located(worksheet, file, fields.line),)
    return Reading(items, findings.report())


def _field(fields: Fields) -> SheetField:
    kind = fields.one_of("kind", FieldKind, FieldKind.TEXT)
    longest = MAX_LINE if kind in _SHORT else MAX_TEXT
    field = SheetField(
        key=fields.key("key"),
        label=fields.text("label"),
        kind=kind,
        label_en=fields.text("label_en", ""),
        help=fields.text("help", ""),
        help_en=fields.text("help_en", ""),
        required=fields.boolean("required", False),
        limit=fields.integer("limit", longest),
        options=fields.texts("options"),
        options_en=fields.texts("options_en"),
        columns=fields.texts("columns"),
        columns_en=fields.texts("columns_en"),
        rows=fields.integer("rows", _DEFAULT_ROWS if kind is FieldKind.TABLE else 0),
    )
    if kind is FieldKind.CHOICE and len(field.options) < 2:
        fields.error("missing-field", field="options")
    if kind is FieldKind.TABLE and not (field.columns and 1 <= field.rows <= MOST_ROWS):
        fields.error("missing-field", field="columns")
    for name, texts, english in (
        ("options", field.options, field.options_en),
        ("columns", field.columns, field.columns_en),
    ):
        if english and len(english) != len(texts):
            fields.error("not-as-many", fields.line_of(f"{name}_en"), field=f"{name}_en", other=name)
    if not 1 <= field.limit <= longest:
        fields.error(
            "out-of-range", fields.line_of("limit"), field="limit", low=1, high=longest, value=field.limit
        )
    fields.note_unread()
    return field


def _check(fields: Fields, worksheet: Worksheet) -> None:
    if not worksheet.fields:
        fields.error("missing-field", field="fields")
    keys = [field.key for field in worksheet.fields]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        params = {"value": key, "first_file": fields.item, "first_line": fields.line}
        fields.error("duplicate-id", fields.line, **params)
