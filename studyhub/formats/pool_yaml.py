"""Questions in our own YAML, as they lie in question_pool/; writing and reading back loses nothing."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, assert_never

import yaml

from studyhub.domain.questions import (
    Attribute,
    Choice,
    Kind,
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
    to_data,
)
from studyhub.formats.report import Findings, Located, Reading
from studyhub.formats.yaml_fields import Fields, root_entries


def read(text: str, file: str) -> Reading[Question]:
    """Reads a file that is a list of questions; each question with a fault is left out and reported."""
    findings = Findings(file)
    items: list[Located[Question]] = []
    for fields in root_entries(text, findings):
        before = findings.error_count
        question = _question(fields)
        if findings.error_count == before:
            items.append(Located(question, file, fields.line))
    return Reading(tuple(items), findings.report())


def _question(fields: Fields) -> Question:
    fields.item = fields.key("id")
    question = Question(
        id=fields.item,
        status=fields.one_of("status", QuestionStatus),
        level=fields.one_of("level", Level) if fields.has("level") else None,
        topics=fields.texts("topics"),
        stem=fields.text("stem", ""),
        body=_body(fields),
        explanation=fields.text("explanation", ""),
        terms=fields.texts("terms"),
        teaches=fields.optional_text("teaches"),
        expected_facility=fields.optional_number("expected_facility", 0, 1),
        as_of=fields.optional_month("as_of"),
        sources=fields.texts("sources"),
        keep_order=fields.boolean("keep_order", False),
        source_line=fields.optional_text("source_line"),
        attributes=_attributes(fields),
    )
    if not question.topics:
        fields.error("no-topics", fields.line_of("topics"))
    fields.note_unread()
    return question


def _attributes(fields: Fields) -> tuple[Attribute, ...]:
    names = fields.texts("attributes")
    for name in names:
        if name not in set(Attribute):
            line, allowed = fields.line_of("attributes"), ", ".join(Attribute)
            fields.error("not-one-of", line, field="attributes", value=name, allowed=allowed)
    return tuple(Attribute(name) for name in names if name in set(Attribute))


def _body(fields: Fields) -> SimpleBody | Scenario:
    kind = fields.one_of("kind", Kind)
    if kind is Kind.SCENARIO:
        return Scenario(fields.text("text"), tuple(_part(part) for part in fields.entries("parts")))
    return _simple_body(fields, kind)


def _simple_body(fields: Fields, kind: Kind) -> SimpleBody:
    match kind:
        case Kind.SINGLE_CHOICE:
            return SingleChoice(_choices(fields))
        case Kind.MULTIPLE_CHOICE:
            return MultipleChoice(_choices(fields))
        case Kind.TRUE_FALSE:
            reasons = fields.text("reason_true", ""), fields.text("reason_false", "")
            return TrueFalse(fields.boolean("answer"), *reasons)
        case Kind.NUMERIC:
            return _numeric(fields)
        case Kind.ORDERING:
            return Ordering(fields.texts("items"))
        case Kind.MATCHING:
            return Matching(tuple(_pair(pair) for pair in fields.entries("pairs")))
        case Kind.SCENARIO:
            fields.error("nested-scenario", fields.line_of("kind"))
            return Ordering(())
        case _:
            assert_never(kind)


def _choices(fields: Fields) -> tuple[Choice, ...]:
    return tuple(_choice(choice) for choice in fields.entries("choices"))


def _choice(fields: Fields) -> Choice:
    choice = Choice(fields.text("text"), fields.boolean("correct", False), fields.text("reason", ""))
    fields.note_unread()
    return choice


def _pair(fields: Fields) -> Pair:
    pair = Pair(fields.text("left"), fields.text("right"), fields.text("reason", ""))
    fields.note_unread()
    return pair


def _numeric(fields: Fields) -> Numeric:
    answer = fields.fields("answer")
    if answer is None:
        fields.error("missing-field", field="answer")
        return Numeric(Decimal(0))
    numeric = Numeric(answer.decimal("value"), answer.decimal("tolerance", "0"), answer.text("unit", ""))
    answer.note_unread()
    return numeric


def _part(fields: Fields) -> Part:
    part = Part(
        stem=fields.text("stem"),
        body=_simple_body(fields, fields.one_of("kind", Kind)),
        explanation=fields.text("explanation", ""),
        keep_order=fields.boolean("keep_order", False),
    )
    fields.note_unread()
    return part


def write(questions: Iterable[Question]) -> str:
    """The questions as one file; fields without a value are left out."""
    listed = [_without_blanks(to_data(question)) for question in questions]
    return yaml.dump(listed, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


_ORDER = ("id", "kind", "topics", "attributes", "level", "stem")
_KEPT_BLANK = frozenset({"correct", "answer"})


def _without_blanks(data: dict[str, Any]) -> dict[str, Any]:
    first = {name: data[name] for name in _ORDER if name in data}
    ordered = first | {name: value for name, value in data.items() if name not in first}
    return {
        name: _inner(name, value)
        for name, value in ordered.items()
        if name in _KEPT_BLANK or not (value is None or value is False or value in ("", []))
    }


def _inner(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return _without_blanks(value)
    if isinstance(value, list) and name in {"choices", "pairs", "parts"}:
        return [_without_blanks(entry) for entry in value]
    return value


class _Dumper(yaml.SafeDumper):
    """Block style for texts of several lines, so that they stay readable in a diff."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless  # items of a list stand deeper than the name of the list
        super().increase_indent(flow, False)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
