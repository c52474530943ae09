"""Tables that are written are read back as they were, and hold no formula."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from studyhub.formats.table import read_table
from studyhub.formats.table_writing import TableFormat, write_csv, write_table

HOSTILE = ("=1+1", "+SUM(A1)", "-2", "@cmd", '=HYPERLINK("http://x")')


@pytest.mark.parametrize("format_", list(TableFormat))
def test_a_table_is_read_back_as_it_was_written(format_: TableFormat) -> None:
    rows = [("髙﨑 健", 3, '一行目\n二行目, 引用"符"'), ("", 0.5, "")]
    content = write_table(format_, "人", ("氏名", "数", "文"), rows)
    read = [row.cells[:3] for row in read_table(content)]
    assert read == [("氏名", "数", "文"), ("髙﨑 健", "3", '一行目\n二行目, 引用"符"'), ("", "0.5", "")]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert write_csv(("見出し",), [(text,)]).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")
    book = load_workbook(io.BytesIO(write_table(TableFormat.XLSX, "表", ("見出し",), [(text,)])))
    cell = book.worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_dates_and_numbers_keep_their_type_and_characters_that_xml_has_not_are_left_out() -> None:
    content = write_table(TableFormat.XLSX, "a/b:c", ("日", "文"), [(date(2026, 11, 23), "a\x00b")])
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet.title == "a b c"
    assert (sheet["A2"].value.date(), sheet["B2"].value) == (date(2026, 11, 23), "ab")
