import json
from typing import Any

import pytest

from studyhub.domain.questions import Question, QuestionStatus, SingleChoice
from studyhub.formats.past_exam import as_markdown, read_csv, read_jsonl
from studyhub.formats.registry import read_questions, sniff, write_questions
from studyhub.formats.report import Reading

# Made up for this test: no sentence of a real examination is kept here.
ROW: dict[str, Any] = {
    "number": 7,
    "small_category": 61,
    "stem": "止まらないことを表すものはどれか。",
    "choices": ["機密性", "可用性", "完全性", "真正性"],
    "answer": 1,
    "needs_figure": False,
    "source": "令和5年度 ITパスポート試験 問7",
}


def jsonl(*rows: Any) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def only(reading: Reading[Question]) -> Question:
    assert reading.report.findings == ()
    (found,) = reading.items
    return found.item


def test_a_row_becomes_a_question_with_its_source_line() -> None:
    question = only(read_jsonl(jsonl(ROW), "2023r05.jsonl"))
    assert question.id == "ip-2023r05-7"
    assert question.topics == ("ip-6.5:61",)
    assert question.source_line == "出典：令和5年度 ITパスポート試験 公開問題 問7"
    assert question.status is QuestionStatus.PUBLISHED
    assert isinstance(question.body, SingleChoice)
    assert [choice.correct for choice in question.body.choices] == [False, True, False, False]


def test_a_question_that_needs_a_figure_comes_in_as_a_draft() -> None:
    assert only(read_jsonl(jsonl(ROW | {"needs_figure": True}), "a.jsonl")).status is QuestionStatus.DRAFT


def test_the_same_columns_are_read_from_csv() -> None:
    header = "number,small_category,stem,choices,answer,needs_figure,source\n"
    as_json = json.dumps(ROW["choices"], ensure_ascii=False).replace('"', '""')
    as_lines = "\n".join(ROW["choices"])
    for choices in (as_json, as_lines):
        row = f'7,61,{ROW["stem"]},"{choices}",1,false,{ROW["source"]}\n'
        read = read_csv(header + row, "2023r05.csv")
        assert only(read) == only(read_jsonl(jsonl(ROW), "2023r05.jsonl"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answer": 4}, "answer-out-of-range"),
        ({"answer": "ア"}, "not-a-whole-number"),
        ({"answer": True}, "not-a-whole-number"),
        ({"answer": -1}, "not-a-whole-number"),
        ({"small_category": 64}, "no-such-category"),
        ({"choices": ["一つだけ"]}, "bad-choices"),
        ({"choices": [1, 2]}, "bad-choices"),
        ({"choices": None}, "missing-column"),
        ({"stem": ""}, "missing-column"),
        ({"stem": ["x"]}, "not-text"),
        ({"stem": "長" * 20_001}, "too-large"),
        ({"source": None}, "missing-column"),
        ({"needs_figure": "maybe"}, "not-true-or-false"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_others_come_in(change: dict[str, Any], code: str) -> None:
    reading = read_jsonl(jsonl(ROW, ROW | {"number": 8} | change, ROW | {"number": 9}), "a.jsonl")
    assert [(finding.code, finding.line) for finding in reading.report.errors] == [(code, 2)]
    assert [found.item.id for found in reading.items] == ["ip-a-7", "ip-a-9"]


@pytest.mark.parametrize("line", ["{", "[1]", '"x"', "null", "[" * 100_000])
def test_a_line_that_is_no_row_is_told(line: str) -> None:
    reading = read_jsonl(jsonl(ROW) + line + "\n", "a.jsonl")
    assert [finding.line for finding in reading.report.errors] == [2]
    assert len(reading.items) == 1


@pytest.mark.parametrize("choices", [["甲", "甲", "乙", "丙"], ["甲", "", "乙", "丙"]])
def test_choices_spoilt_by_character_recognition_come_in_as_a_draft(choices: list[str]) -> None:
    reading = read_jsonl(jsonl(ROW | {"choices": choices}), "a.jsonl")
    assert reading.items[0].item.status is QuestionStatus.DRAFT
    assert len(reading.report.warnings) == 1
    assert reading.report.ok


def test_the_same_number_twice_is_told() -> None:
    reading = read_jsonl(jsonl(ROW, ROW), "a.jsonl")
    assert [finding.code for finding in reading.report.errors] == ["duplicate-id"]
    assert "1行目" in reading.report.errors[0].sentence()


def test_choices_that_carry_their_own_letter_stay_in_order() -> None:
    table = ["| | 甲 |\n|---|---|\n| ア | 1 |", "| | 甲 |\n|---|---|\n| イ | 2 |"]
    question = only(read_jsonl(jsonl(ROW | {"choices": table}), "a.jsonl"))
    assert question.keep_order


@pytest.mark.parametrize(
    ("plain", "markdown"),
    [
        ("一行目\n二行目", "一行目\n\n二行目"),
        ("式 A*B_C[1] と $D$2", "式 A\\*B\\_C\\[1\\] と \\$D\\$2"),
        ("1 < 2 && 3 > 2", "1 &lt; 2 &amp;&amp; 3 &gt; 2"),
        (
            "1. 番号ではない\n- 箇条書きではない\n# 見出しではない",
            "1\\. 番号ではない\n\n\\- 箇条書きではない\n\n\\# 見出しではない",
        ),
        ("表\n| a | b |\n|---|---|\n| 1 | $B*2 |", "表\n\n| a | b |\n| --- | --- |\n| 1 | \\$B\\*2 |"),
        ("| a | b |\n| 1 | 2 |", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        ("[表] | a | b |\n| 1 | 2 |", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        ("| 一<br>二 |  |\n|---|---|\n|  | <b> |", "| 一<br>二 |  |\n| --- | --- |\n|  | &lt;b&gt; |"),
        ("a | b", "a \\| b"),
    ],
)
def test_plain_text_is_shown_as_it_stands_and_tables_stay_tables(plain: str, markdown: str) -> None:
    assert as_markdown(plain) == markdown


def test_a_file_is_known_by_its_suffix_or_its_beginning() -> None:
    names = {
        ("a.jsonl", ""): "past-exam-jsonl",
        ("a.csv", ""): "past-exam-csv",
        ("a.yaml", ""): "studyhub-yaml",
        ("upload", '{"number": 1}'): "past-exam-jsonl",
        ("upload", "- id: ip-61-001"): "studyhub-yaml",
        ("upload", "\ufeffnumber,small_category,stem"): "past-exam-csv",
    }
    for (file, text), expected in names.items():
        found = sniff(file, text)
        assert found is not None
        assert found.name == expected
    assert sniff("a.docx", "PK") is None


def test_what_cannot_be_read_at_all_is_told() -> None:
    reports = {
        "unknown-format": read_questions("a.docx", b"PK\x03\x04").report,
        "not-utf8": read_questions("a.jsonl", "問".encode("cp932")).report,
        "too-large": read_questions("a.jsonl", b" " * 3_000_000).report,
    }
    for code, report in reports.items():
        assert [finding.code for finding in report.errors] == [code]


def test_imported_questions_can_be_written_in_our_own_format() -> None:
    question = only(read_jsonl(jsonl(ROW), "a.jsonl"))
    again = read_questions("a.yaml", write_questions([question]).encode())
    assert only(again) == question
