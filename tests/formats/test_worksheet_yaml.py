from __future__ import annotations

from pathlib import Path

import pytest

from studyhub.domain.worksheets import FieldKind
from studyhub.formats import worksheet_yaml

FOLDER = Path(__file__).resolve().parents[2] / "courses" / "worksheets"
GOOD = """\
worksheet: persona
title: ペルソナ
fields:
  - {key: who, label: どんな人か, kind: line, required: true}
  - {key: check, label: 確かめ方, kind: table, columns: [何を, だれに], rows: 2}
"""


def codes(text: str) -> list[tuple[str, int]]:
    report = worksheet_yaml.read(text, "persona.yaml").report
    return [(finding.code, finding.line) for finding in report.findings]


def test_a_worksheet_is_read() -> None:
    (found,) = worksheet_yaml.read(GOOD, "persona.yaml").items
    who, check = found.item.fields
    assert (who.key, who.kind, who.required) == ("who", FieldKind.LINE, True)
    assert (check.columns, check.rows) == (("何を", "だれに"), 2)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("kind: line", "kind: lines", ("not-one-of", 4)),
        ("key: check", "key: who", ("duplicate-id", 1)),
        ("columns: [何を, だれに], ", "", ("missing-field", 5)),
        ("rows: 2", "rows: 99", ("missing-field", 5)),
        ("rows: 2", "columns_en: [What], rows: 2", ("not-as-many", 5)),
        ("kind: line", "kind: choice", ("missing-field", 4)),
        ("required: true", "required: true, limit: 99999", ("out-of-range", 4)),
        ("label: どんな人か, ", "", ("missing-field", 4)),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, fault: tuple[str, int]) -> None:
    assert old in GOOD
    assert codes(GOOD.replace(old, new)) == [fault]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_our_own_worksheets_have_no_fault_and_are_complete_in_both_languages(path: Path) -> None:
    reading = worksheet_yaml.read(path.read_text("utf-8"), path.name)
    assert reading.report.findings == ()
    (found,) = reading.items
    assert found.item.title_en
    assert found.item.intro_en
    for field in found.item.fields:
        assert field.label_en
        assert len(field.options_en) == len(field.options)
        assert len(field.columns_en) == len(field.columns)
