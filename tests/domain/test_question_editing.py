"""The form of a question: nothing typed is lost on the way, and what is wrong is said beside its field."""

from dataclasses import replace

import pytest

from studyhub.domain.question_editing import (
    EDITABLE_KINDS,
    TypedQuestion,
    TypedRow,
    after_step,
    as_facility,
    as_people,
    read_typed,
    typed_from,
    typed_of,
)
from studyhub.domain.questions import Attribute, Body, Kind, Question, QuestionStatus, Scenario
from tests.domain.question_samples import BODIES, SCENARIO, SINGLE, question

SIMPLE = [body for body in BODIES if not isinstance(body, Scenario)]


def read(typed: TypedQuestion) -> Question:
    return read_typed(typed, "ip-61-001", QuestionStatus.PUBLISHED).question


def faults(typed: TypedQuestion) -> list[str]:
    found = read_typed(typed, "", QuestionStatus.DRAFT).faults
    return [fault.field for fault in found]


def sent(typed: TypedQuestion) -> dict[str, list[str]]:
    """As the page's form sends it."""
    fields = {
        name: [str(value)]
        for name in TypedQuestion.__slots__
        if isinstance(value := getattr(typed, name), str) and name != "kind"
    }
    fields |= {"kind": [typed.kind.value], "topics": list(typed.topics), "attributes": list(typed.attributes)}
    fields |= {"main_topic": list(typed.topics[:1]), "keep_order": ["1"] if typed.keep_order else []}
    for place, row in enumerate(typed.rows):
        fields |= {f"row-{place}-{name}": [getattr(row, name)] for name in ("text", "right", "reason")}
    fields["correct"] = [str(place) for place, row in enumerate(typed.rows) if row.correct]
    return fields


@pytest.mark.parametrize("body", SIMPLE, ids=lambda body: type(body).__name__)
def test_a_question_of_each_kind_comes_back_from_its_form_as_it_was(body: Body) -> None:
    asked = replace(question(body, keep_order=True), attributes=(Attribute.CALCULATION,))
    assert read(typed_of(asked)) == asked
    assert read(typed_from(sent(typed_of(asked)))) == asked


def test_every_kind_but_the_scenario_has_a_form() -> None:
    assert {type(body) for body in BODIES} - {type(body) for body in SIMPLE} == {Scenario}
    assert set(EDITABLE_KINDS) == set(Kind) - {Kind.SCENARIO}
    with pytest.raises(ValueError, match="scenario"):
        typed_of(question(SCENARIO))


def test_a_draft_may_lack_almost_everything() -> None:
    typed = TypedQuestion(stem="問い", topics=("ip-6.5:61",))
    assert faults(typed) == []
    asked = read(typed)
    assert (asked.level, asked.expected_facility, asked.as_of, asked.explanation) == (None, None, None, "")


def test_what_keeps_a_question_from_being_saved_is_said_beside_its_field() -> None:
    assert faults(TypedQuestion()) == ["stem", "topics"]
    good = TypedQuestion(stem="問い", topics=("a",))
    assert faults(replace(good, kind=Kind.NUMERIC, value="twelve")) == ["value"]
    assert faults(replace(good, kind=Kind.NUMERIC, value="1", tolerance="-1")) == ["tolerance"]
    assert faults(replace(good, kind=Kind.TRUE_FALSE)) == ["answer"]
    assert faults(replace(good, facility="11")) == ["facility"]
    assert faults(replace(good, as_of="2026-13")) == ["as_of"]
    assert faults(replace(good, stem="長" * 30_000)) == ["stem"]


@pytest.mark.parametrize("text", ["1e999999999", "NaN", "Infinity", "9" * 60, "1e-99999"])
def test_a_number_that_no_database_should_hold_is_refused(text: str) -> None:
    assert faults(TypedQuestion(kind=Kind.NUMERIC, stem="s", topics=("a",), value=text)) == ["value"]


def test_numbers_may_be_typed_in_full_width() -> None:
    typed = TypedQuestion(kind=Kind.NUMERIC, stem="s", topics=("a",), value="１,２００", facility="５．５")
    asked = read(typed)
    assert asked.expected_facility == 0.55
    assert str(asked.body.value) == "1200"  # type: ignore[union-attr]


@pytest.mark.parametrize("facility", [0.0, 0.05, 0.25, 0.55, 0.625, 1.0])
def test_the_number_of_officers_loses_nothing_of_the_share(facility: float) -> None:
    assert as_facility(as_people(facility)) == facility


def test_empty_rows_are_left_out_and_line_ends_become_those_of_unix() -> None:
    rows = (TypedRow("甲\n乙", correct=True), TypedRow(), TypedRow("丙", reason="r"))
    body = read(TypedQuestion(stem="s", topics=("a",), rows=rows)).body
    assert [choice.text for choice in body.choices] == ["甲\n乙", "丙"]  # type: ignore[union-attr]
    assert typed_from({"stem": ["一\r\n二"]}).stem == "一\n二"


def test_rows_are_added_moved_and_removed_with_their_marks() -> None:
    typed = typed_of(question(SINGLE))
    assert [row.text for row in after_step(typed, "up-1").rows][:2] == ["可用性", "機密性"]
    assert after_step(typed, "up-1").rows[0].correct
    assert [row.text for row in after_step(typed, "remove-0").rows] == ["可用性", "完全性", "真正性"]
    assert after_step(typed, "add").rows[-1] == TypedRow()
    for nothing in ("up-0", "down-3", "remove-9", "fly-1", ""):
        assert after_step(typed, nothing) == typed


def test_rows_stay_while_another_kind_is_tried_out() -> None:
    typed = replace(typed_of(question(SINGLE)), kind=Kind.NUMERIC)
    assert typed_from(sent(typed)).rows == typed.rows


def test_the_topic_called_the_main_one_stands_first() -> None:
    assert typed_from({"topics": ["a", "b", "c"], "main_topic": ["b"]}).topics == ("b", "a", "c")
    assert typed_from({"topics": ["a", "b"], "main_topic": ["gone"]}).topics == ("a", "b")


def test_nothing_that_a_form_sends_breaks_the_page() -> None:
    typed = typed_from(
        {
            "kind": ["scenario"],
            "row-999-text": ["x"],
            "row-1-evil": ["x"],
            "correct": ["-1", "x"],
            "level": ["?"],
        }
    )
    assert typed.kind is Kind.SINGLE_CHOICE
    assert [row.text for row in typed.rows] == ["x"]
    assert read(typed).level is None
