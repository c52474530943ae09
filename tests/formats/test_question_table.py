"""Questions in spreadsheets: export and import change nothing, whatever the kind and the signs; faults name the cell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyhub.domain.questions import (
    Attribute,
    Body,
    Choice,
    Level,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Pair,
    Part,
    Question,
    QuestionStatus,
    Scenario,
    SimpleBody,
    SingleChoice,
    TrueFalse,
)
from studyhub.formats import pool_yaml
from studyhub.formats.question_rows import read_questions
from studyhub.formats.question_table import write_questions
from studyhub.formats.report import Reading
from studyhub.formats.table_writing import TableFormat
from tests.domain.question_samples import BODIES, SINGLE, question

# What the site stores: no control signs but line ends and tabs, nothing blank at the end.
_SIGNS = st.characters(
    exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp"), include_characters="\n\t=+-@'\"|,;　_x"
)
_TEXT = st.text(_SIGNS, min_size=1, max_size=30).map(lambda text: text.rstrip().lstrip("\n")).filter(bool)
_MAYBE = st.one_of(st.just(""), _TEXT)
_LINE = _TEXT.map(lambda text: " ".join(text.split())).filter(bool)
_DECIMAL = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=3)

_CHOICES = st.lists(st.builds(Choice, _TEXT, st.booleans(), _MAYBE), max_size=6).map(tuple)
_SIMPLE: st.SearchStrategy[SimpleBody] = st.one_of(
    st.builds(SingleChoice, _CHOICES),
    st.builds(MultipleChoice, _CHOICES),
    st.builds(TrueFalse, st.booleans(), _MAYBE, _MAYBE),
    st.builds(Numeric, _DECIMAL, st.decimals(0, 100, places=2), _MAYBE),
    st.builds(Ordering, st.lists(_TEXT, max_size=6).map(tuple)),
    st.builds(Matching, st.lists(st.builds(Pair, _TEXT, _TEXT, _MAYBE), max_size=5).map(tuple)),
)
_PARTS = st.lists(st.builds(Part, _TEXT, _SIMPLE, _MAYBE, st.booleans()), max_size=3).map(tuple)
_BODY: st.SearchStrategy[Body] = st.one_of(_SIMPLE, st.builds(Scenario, _TEXT, _PARTS))
_QUESTION = st.builds(
    Question,
    id=st.just("st-1-001"),
    status=st.sampled_from(QuestionStatus),
    level=st.sampled_from([None, *Level]),
    topics=st.lists(st.sampled_from(["ip-6.5:61", "tokyo-dx:a", "b:c"]), min_size=1, unique=True).map(tuple),
    stem=_TEXT,
    body=_BODY,
    explanation=_MAYBE,
    terms=st.lists(_LINE, max_size=3, unique=True).map(tuple),
    teaches=st.sampled_from([None, "dx-basics-security#cia"]),
    expected_facility=st.one_of(st.none(), st.integers(0, 1000).map(lambda n: n / 1000)),
    as_of=st.sampled_from([None, "2026-11", "1999-01"]),
    sources=st.lists(_LINE, max_size=3, unique=True).map(tuple),
    keep_order=st.booleans(),
    source_line=st.one_of(st.none(), _LINE),
    attributes=st.lists(st.sampled_from(Attribute), unique=True).map(tuple),
)


def read_back(asked: list[Question], format_: TableFormat, language: int) -> Reading[Question]:
    return read_questions(write_questions(format_, asked, language), f"x.{format_}")


@settings(max_examples=120, deadline=None)
@given(st.lists(_QUESTION, min_size=1, max_size=4), st.sampled_from(TableFormat), st.sampled_from([0, 1]))
def test_export_and_import_change_nothing(asked: list[Question], format_: TableFormat, language: int) -> None:
    asked = [replace(each, id=f"st-1-{number:03d}") for number, each in enumerate(asked)]
    reading = read_back(asked, format_, language)
    assert [found.item for found in reading.items] == asked
    assert reading.report.findings == ()


@settings(max_examples=60, deadline=None)
@given(_QUESTION)
def test_the_sites_own_files_lose_nothing_either(asked: Question) -> None:
    assert [found.item for found in pool_yaml.read(pool_yaml.write([asked]), "x").items] == [asked]


@pytest.mark.parametrize("format_", TableFormat)
def test_a_question_with_more_choices_than_columns_at_first_gets_more_columns(format_: TableFormat) -> None:
    many = tuple(Choice(f"選択肢{n}", n == 11, f"理由{n}") for n in range(1, 13))
    asked = question(SingleChoice(many))
    assert [found.item for found in read_back([asked], format_, 0).items] == [asked]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_every_cell_of_a_csv_file_is_text_to_a_spreadsheet_program(body: Body) -> None:
    nasty = replace(
        question(body), stem="=HYPERLINK(1)", explanation="+1", terms=("@SUM(1)",), sources=("-2",)
    )
    text = write_questions(TableFormat.CSV, [nasty], 0).decode("utf-8-sig")
    for cell in text.replace("\r\n", ",").split(","):
        assert not cell.strip('"').startswith(("=", "+", "@")), cell


GOOD = "ID,種類,分野,問題文,選択肢1,選択肢2,正解\n"


def csv(*rows: str, header: str = GOOD) -> Reading[Question]:
    return read_questions((header + "\n".join(rows)).encode(), "x.csv")


def told(reading: Reading[Question]) -> list[tuple[str, str]]:
    return [(finding.code, str(finding.params.get("cell", ""))) for finding in reading.report.errors]


def test_a_row_without_an_id_is_a_new_question_in_draft() -> None:
    item = csv(",単一選択,ip-6.5:61,どれか。,甲,乙,2").items[0].item
    assert (item.id, item.status) == ("", QuestionStatus.DRAFT)
    assert item.body == SingleChoice((Choice("甲", False), Choice("乙", True)))


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ("Nicht Gut,単一選択,a,問,甲,乙,1", "question-key", "A2"),
        (",えらぶ,a,問,甲,乙,1", "question-word", "B2"),
        (",単一選択,,問,甲,乙,1", "question-missing", "C2"),
        (",単一選択,a,,甲,乙,1", "question-missing", "D2"),
        (",単一選択,a,問,甲,乙,3", "question-right", "G2"),
        (",単一選択,a,問,甲,乙,イ", "question-right", "G2"),
        (",正誤,a,問,,,たぶん", "question-truth", "G2"),
        (",数値,a,問,,,たくさん", "question-number", "G2"),
    ],
)
def test_a_bad_cell_is_named_and_the_other_rows_are_read(row: str, code: str, cell: str) -> None:
    reading = csv(row, ",正誤,a,問,,,○")
    assert told(reading) == [(code, cell)]
    assert [found.line for found in reading.items] == [3]
    japanese, english = (reading.report.errors[0].sentence(language) for language in ("ja", "en"))
    assert cell in japanese
    assert cell in english


def test_a_part_without_its_scenario_is_a_fault_and_a_faulty_part_keeps_its_scenario_out() -> None:
    header = "ID,設問,種類,分野,状況文,問題文,選択肢1,選択肢2,正解\n"
    assert told(csv("a-1,1,単一選択,,,問,甲,乙,1", header=header)) == [("question-part-alone", "B2")]
    reading = csv("a-1,,状況文と設問,a,ある局で。,,,,", "a-1,1,単一選択,,,問,甲,乙,9", header=header)
    assert told(reading) == [("question-right", "I3")]
    assert reading.items == ()


def test_what_a_spreadsheet_program_makes_of_a_month_is_understood() -> None:
    header = "種類,分野,問題文,正解,確かめた年月,10人中の正解者\n"
    items = csv("正誤,a,問,正しい,2026-11-01,5.5", "正誤,a,問,true,2026/3,10", header=header).items
    assert [found.item.as_of for found in items] == ["2026-11", "2026-03"]
    assert [found.item.expected_facility for found in items] == [0.55, 1.0]


def test_a_file_without_the_needed_columns_says_which() -> None:
    assert [code for code, _ in told(csv("x", header="ID\n"))] == ["missing-column"] * 3
    assert [code for code, _ in told(read_questions(b"", "x.csv"))] == ["table-empty"]
    assert [code for code, _ in told(read_questions(b"PK\x03\x04junk", "x.xlsx"))] == ["table-xlsx"]


def test_the_question_of_a_text_that_looks_guarded_is_kept() -> None:
    for text in ("'=1", "''", "'", "' x", "'abc", "=1", "　字下げ"):
        asked = replace(question(SINGLE), stem=text, body=Numeric(Decimal(1)))
        assert read_back([asked], TableFormat.CSV, 0).items[0].item.stem == text
