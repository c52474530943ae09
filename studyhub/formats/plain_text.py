"""Uploaded text: Markdown, plain text and tables, in the encodings that the office's programs write."""

from __future__ import annotations

import csv
import io
import re

from studyhub.domain.errors import Invalid
from studyhub.formats.upload_kinds import disguised

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_FORMULA = re.compile(r"\s*(?:=\s*[\w'\"(+\-]|@\w+\(|[+\-][^|!(]*[A-Za-z][^|!(]*[|!(])")
_PAGE = re.compile(r"\s*<(!doctype|html|head|body|script|svg|iframe|\?php)\b", re.IGNORECASE)


def decoded(name: str, content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark, else Windows Japanese. Raises Invalid."""
    encodings = ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp932")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text) or _PAGE.match(text):
            raise disguised(name)
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Invalid(
        "「%(name)s」の文字を読み取れませんでした。文字コードを UTF-8 にして保存し直してください。", name=name
    )


def check_table(name: str, content: bytes) -> None:
    """A cell that a spreadsheet program would run as a formula is refused. Raises Invalid."""
    text = decoded(name, content)
    head = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in head and "," not in head else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(_FORMULA.match(cell) for cell in cells):
                raise Invalid(
                    "「%(name)s」の%(line)s行目に、表計算ソフトが式として動かす値（= や @ などで始まる値）があります。"
                    "値に直してください。",
                    name=name,
                    line=reader.line_num,
                )
    except csv.Error as error:
        raise Invalid(
            '「%(name)s」の%(line)s行目の引用符（"）が正しくありません。表計算ソフトで CSV として保存し直して'
            "ください。",
            name=name,
            line=reader.line_num,
        ) from error
