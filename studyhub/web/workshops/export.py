"""The sheets of a workshop as one Markdown file."""

from __future__ import annotations

from studyhub.domain.worksheets import FieldKind, SheetField, Value
from studyhub.reads.workshops import HandedIn, SheetsPage

_SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]<>#|"})


def as_markdown(page: SheetsPage) -> str:
    parts = [f"# {_escaped(page.workshop.title)}", f"{_escaped(page.workshop.worksheet)}"]
    parts.extend(_sheet(sheet) for sheet in page.sheets)
    return "\n\n".join(parts) + "\n"


def _sheet(sheet: HandedIn) -> str:
    who = _escaped(sheet.owner) + (f"（{'、'.join(map(_escaped, sheet.members))}）" if sheet.members else "")
    parts = [f"## {who}"]
    for field in sheet.form:
        parts.append(f"### {_escaped(field.label)}")
        parts.append(_value(field, sheet.values.get(field.key, "")))
    remarks = [f"- {_escaped(said.author)}：{_escaped(said.text)}" for said in sheet.comments]
    return "\n\n".join([*parts, *(["### コメント", "\n".join(remarks)] if remarks else [])])


def _value(field: SheetField, value: Value) -> str:
    if not value:
        return "（記入なし）"
    if isinstance(value, str):
        return _escaped(value)
    if field.kind is not FieldKind.TABLE:
        return "\n".join(f"- {_escaped(str(item))}" for item in value)
    head = [" | ".join(map(_escaped, field.columns)), " | ".join("---" for _ in field.columns)]
    rows = [" | ".join(_escaped(cell) for cell in row) for row in value]
    return "\n".join(f"| {line} |" for line in (*head, *rows))


def _escaped(text: str) -> str:
    """As the person wrote it, whatever it means in Markdown; a line stays a line."""
    return text.translate(_SPECIAL).replace("\n", "  \n")
