from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from studyhub.domain.questions import Attribute, Body, Numeric, QuestionStatus, SingleChoice, to_data
from studyhub.formats import pool_yaml
from studyhub.formats.report import Reading
from tests.domain.question_samples import BODIES, SINGLE, question

POOL = Path(__file__).resolve().parents[2] / "question_pool"
POOL_FILES = sorted((POOL / "ip").rglob("*.yaml")) + sorted((POOL / "tokyo-dx").rglob("*.yaml"))

GOOD = """\
- id: ip-61-001
  kind: single_choice
  topics: [ip-6.5:61]
  level: understand
  stem: 止まらないことを表すものはどれか。
  choices:
    - {text: 可用性, correct: true, reason: 使えること。}
    - {text: No, correct: false, reason: 別のこと。}
  status: published
"""


def codes(reading: Reading[object]) -> list[tuple[str, int, str]]:
    return [(finding.code, finding.line, finding.item) for finding in reading.report.findings]


def read(text: str) -> Reading[object]:
    return pool_yaml.read(text, "pool.yaml")  # type: ignore[return-value]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_a_question_of_any_kind_is_read_back_as_written(body: Body) -> None:
    asked = question(body)
    reading = pool_yaml.read(pool_yaml.write([asked]), "x.yaml")
    assert [found.item for found in reading.items] == [asked]
    assert reading.report.findings == ()


@pytest.mark.parametrize("path", POOL_FILES, ids=lambda path: path.stem)
def test_every_file_of_the_real_pool_survives_the_round_trip(path: Path) -> None:
    first = [found.item for found in pool_yaml.read(path.read_text(encoding="utf-8"), path.name).items]
    assert first
    again = pool_yaml.read(pool_yaml.write(first), path.name)
    assert [found.item for found in again.items] == first
    assert again.report.findings == ()


def test_texts_of_any_signs_survive_the_round_trip() -> None:
    rng = Random(20261123)
    signs = "aあ漢:#-{}[]'\"|>&*!%@`\\\n\t 0１①，。yesno~$<\u3000😀\u2028"
    for _ in range(400):
        stem, text, reason = ("".join(rng.choices(signs, k=rng.randint(1, 40))).strip() for _ in range(3))
        choice = replace(SINGLE.choices[0], text=text or "x", reason=reason)
        asked = replace(question(SingleChoice((choice, *SINGLE.choices[1:]))), stem=stem)
        assert [found.item for found in pool_yaml.read(pool_yaml.write([asked]), "x").items] == [asked]


def test_attributes_are_read_written_and_checked() -> None:
    asked = replace(question(SINGLE), attributes=(Attribute.CALCULATION, Attribute.METROPOLITAN))
    assert [found.item for found in pool_yaml.read(pool_yaml.write([asked]), "x").items] == [asked]
    wrong = GOOD + "  attributes: [calculation, sums]\n"
    assert codes(read(wrong)) == [("not-one-of", 10, "ip-61-001")]


def test_a_question_without_attributes_keeps_the_hash_it_had_before_there_were_any() -> None:
    assert "attributes" not in to_data(question(SINGLE))


def test_numbers_and_blanks_survive_the_round_trip() -> None:
    asked = replace(question(Numeric(Decimal("0.10"), Decimal("1E-3"))), expected_facility=0.0, level=None)
    assert pool_yaml.read(pool_yaml.write([asked]), "x").items[0].item == asked


def test_words_that_yaml_takes_for_values_stay_words() -> None:
    body = pool_yaml.read(GOOD, "x").items[0].item.body
    assert isinstance(body, SingleChoice)
    assert body.choices[1].text == "No"


def test_texts_of_several_lines_are_written_readably() -> None:
    written = pool_yaml.write([replace(question(SINGLE), stem="一行目\n二行目")])
    assert "stem: |-\n    一行目\n    二行目\n" in written


def test_all_faults_of_an_item_are_told_with_their_lines_and_the_next_item_is_read() -> None:
    bad = GOOD.replace("single_choice", "singel_choice").replace("published", "finished")
    bad = bad.replace("level: understand", "level: understand\n  expected_facility: 1.5")
    reading = read(bad + GOOD.replace("61-001", "61-002"))
    assert codes(reading) == [
        ("not-one-of", 2, "ip-61-001"),
        ("out-of-range", 5, "ip-61-001"),
        ("not-one-of", 10, "ip-61-001"),
    ]
    assert [found.line for found in reading.items] == [11]


def test_a_misspelt_field_is_a_warning_with_its_line() -> None:
    reading = read(GOOD + "  explanaton: 解説\n")
    assert codes(reading) == [("unknown-field", 10, "ip-61-001")]
    assert len(reading.items) == 1


def test_an_item_that_is_no_yaml_does_not_hide_the_others() -> None:
    broken = '- id: ip-61-009\n  stem: "引用符が閉じていない\n  kind: single_choice\n'
    reading = read(GOOD + broken + GOOD.replace("61-001", "61-002"))
    assert [found.item.id for found in reading.items] == ["ip-61-001", "ip-61-002"]  # type: ignore[attr-defined]
    assert [found.line for found in reading.items] == [1, 13]
    assert [code for code, _, _ in codes(reading)] == ["yaml"]
    assert 10 <= codes(reading)[0][1] <= 13


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("id: x", "not-a-list", 1),
        ("- just text", "not-a-mapping", 1),
        ("- {id: &a x, stem: *a}\n", "yaml-alias", 1),
        ("- id: ip-61-001\n  id: ip-61-002\n", "duplicate-field", 2),
        ("- id: Nicht Gut\n", "bad-key", 1),
        ("\t- id: x", "yaml", 1),
    ],
)
def test_what_is_no_list_of_questions_is_told(text: str, code: str, line: int) -> None:
    assert (code, line) in [found[:2] for found in codes(read(text))]


@pytest.mark.parametrize("text", ["[" * 60_000, "- " * 60_000, "{a: " * 60_000, "- stem: " + "[" * 60_000])
def test_nesting_without_end_is_a_fault_and_not_the_end_of_the_program(text: str) -> None:
    assert "yaml-deep" in {code for code, _, _ in codes(read(text))}


def test_nested_aliases_do_not_take_memory() -> None:
    levels = "".join(f"  l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 30))
    reading = read(f"- l0: &l0 [x]\n{levels}")
    assert [code for code, _, _ in codes(reading)] == ["yaml-alias"]


def test_an_empty_file_has_no_questions_and_no_faults() -> None:
    assert read("") == Reading((), read("").report)
    assert read("# nothing yet\n").report.findings == ()


def test_a_retired_question_keeps_its_status() -> None:
    item = pool_yaml.read(GOOD.replace("published", "retired"), "x").items[0].item
    assert item.status is QuestionStatus.RETIRED
