"""Everything about a person as one zip: a page to read, and the same rows as JSON for machines."""

from __future__ import annotations

import html
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZipFile

PAGE = "index.html"
_LONGEST_CELL = 4000
_FRAME = """<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font-family: sans-serif; line-height: 1.7; margin: 2rem; }}
table {{ border-collapse: collapse; margin-bottom: 2rem; }}
th, td {{ border: 1px solid #999; padding: .25rem .5rem; text-align: left; vertical-align: top; }}
</style></head><body>
<h1>{title}</h1>
<p>{about_ja}</p><p lang="en">{about_en}</p>
<ul>{contents}</ul>
{sections}
</body></html>
"""
_ABOUT_JA = "StudyHub があなたについて持っている記録のすべてです。同じ内容を data/ フォルダーに JSON でも入れています。"
_ABOUT_EN = "Everything StudyHub keeps about you. The folder data/ holds the same as JSON."

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    """Name of its file."""
    title: str
    title_en: str
    rows: tuple[Row, ...]


def write_archive(name: str, made_at: datetime, sections: Sequence[Section]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr(PAGE, _page(name, made_at, sections))
        for section in sections:
            archive.writestr(f"data/{section.key}.json", _json([dict(row) for row in section.rows]))
    return out.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _page(name: str, made_at: datetime, sections: Iterable[Section]) -> str:
    filled = [section for section in sections if section.rows]
    contents = "".join(
        f'<li><a href="#{section.key}">{html.escape(section.title)} / {html.escape(section.title_en)}</a>'
        f" ({len(section.rows)})</li>"
        for section in filled
    )
    return _FRAME.format(
        title=html.escape(f"{name} {made_at:%Y-%m-%d %H:%M} UTC"),
        about_ja=_ABOUT_JA,
        about_en=_ABOUT_EN,
        contents=contents,
        sections="\n".join(map(_section, filled)),
    )


def _section(section: Section) -> str:
    columns = list(section.rows[0])
    head = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{_cell(row.get(column))}</td>" for column in columns) + "</tr>"
        for row in section.rows
    )
    title = f'{html.escape(section.title)} <span lang="en">/ {html.escape(section.title_en)}</span>'
    return f'<h2 id="{section.key}">{title}</h2><table><tr>{head}</tr>\n{body}</table>'


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else _json(value).strip('"')
    return html.escape(text[:_LONGEST_CELL])
