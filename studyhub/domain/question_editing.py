"""Writing questions: what a form holds while it is typed, and how it becomes a question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import assert_never

from studyhub.domain.errors import Invalid
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
    Question,
    QuestionStatus,
    Scenario,
    SimpleBody,
    SingleChoice,
    TrueFalse,
)

EDITABLE_KINDS = tuple(kind for kind in Kind if kind is not Kind.SCENARIO)
ROWS_AT_FIRST = 4
MOST_ROWS = 20
LONGEST_STEM = 20_000
LONGEST_TEXT = 5_000
OUT_OF = 10
"""`expected_facility` is asked as the number of officers among so many."""
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_ROW_FIELD = re.compile(r"row-(\d{1,3})-(text|right|reason)")
_STEP = re.compile(r"(remove|up|down)-(\d{1,3})")

Fields = Mapping[str, Sequence[str]]
"""As a form sends them: every value of each name."""


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A choice, an item of an ordering (``text``), or a pair of a matching task (``text`` and ``right``)."""

    text: str = ""
    right: str = ""
    reason: str = ""
    correct: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.text.strip() or self.right.strip() or self.reason.strip())


@dataclass(frozen=True, slots=True)
class TypedQuestion:
    """What the form shows, faults and all. The rows stay when the kind is changed. ``facility`` counts officers out of
    ten; ``terms`` and ``sources`` have one entry a line."""

    kind: Kind = Kind.SINGLE_CHOICE
    stem: str = ""
    rows: tuple[TypedRow, ...] = (TypedRow(),) * ROWS_AT_FIRST
    answer: str = ""
    """Of true or false: ``true``, ``false`` or nothing yet."""
    reason_true: str = ""
    reason_false: str = ""
    value: str = ""
    tolerance: str = ""
    unit: str = ""
    explanation: str = ""
    topics: tuple[str, ...] = ()
    level: str = ""
    attributes: tuple[str, ...] = ()
    terms: str = ""
    teaches: str = ""
    facility: str = ""
    as_of: str = ""
    sources: str = ""
    keep_order: bool = False

    @property
    def is_blank(self) -> bool:
        """Nothing is written yet of what the question asks."""
        return not self.stem.strip() and all(row.is_empty for row in self.rows)


def typed_from(fields: Fields) -> TypedQuestion:
    """Of what a form sent, or of what a draft kept of it. Nothing that is sent is refused here."""

    def first(name: str) -> str:
        return _lines_of_unix(next(iter(fields.get(name, ())), ""))

    kind = first("kind")
    return TypedQuestion(
        kind=Kind(kind) if kind in EDITABLE_KINDS else Kind.SINGLE_CHOICE,
        stem=first("stem"),
        rows=_typed_rows(fields),
        answer=first("answer"),
        reason_true=first("reason_true"),
        reason_false=first("reason_false"),
        value=first("value"),
        tolerance=first("tolerance"),
        unit=first("unit"),
        explanation=first("explanation"),
        topics=_typed_topics(fields, first("main_topic")),
        level=first("level"),
        attributes=tuple(dict.fromkeys(key for v in fields.get("attributes", ()) for key in v.split())),
        terms=first("terms"),
        teaches=first("teaches"),
        facility=first("facility"),
        as_of=first("as_of"),
        sources=first("sources"),
        keep_order=bool(first("keep_order")),
    )


def _typed_topics(fields: Fields, main: str) -> tuple[str, ...]:
    """The one that is called the main topic stands first."""
    keys = dict.fromkeys(key for value in fields.get("topics", ()) for key in value.split())
    return tuple(sorted(keys, key=lambda key: key != main))


def _typed_rows(fields: Fields) -> tuple[TypedRow, ...]:
    cells: dict[int, dict[str, str]] = {}
    for name, values in fields.items():
        if (matched := _ROW_FIELD.fullmatch(name)) and values:
            cells.setdefault(int(matched[1]), {})[matched[2]] = _lines_of_unix(values[0])
    right = {value for each in fields.get("correct", ()) for value in each.split()}
    rows = [TypedRow(correct=str(place) in right, **found) for place, found in sorted(cells.items())]
    return tuple(rows[:MOST_ROWS])


def _lines_of_unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def typed_of(question: Question) -> TypedQuestion:
    """As the form shows what is saved. Raises ValueError for a scenario, which has no form."""
    common = TypedQuestion(
        kind=question.kind,
        stem=question.stem,
        explanation=question.explanation,
        topics=question.topics,
        level=question.level.value if question.level else "",
        attributes=tuple(attribute.value for attribute in question.attributes),
        terms="\n".join(question.terms),
        teaches=question.teaches or "",
        facility=as_people(question.expected_facility),
        as_of=question.as_of or "",
        sources="\n".join(question.sources),
        keep_order=question.keep_order,
    )
    match question.body:
        case SingleChoice(choices) | MultipleChoice(choices):
            rows = tuple(TypedRow(c.text, reason=c.reason, correct=c.correct) for c in choices)
            return replace(common, rows=rows)
        case TrueFalse(answer, reason_true, reason_false):
            said = "true" if answer else "false"
            return replace(common, answer=said, reason_true=reason_true, reason_false=reason_false)
        case Numeric(value, tolerance, unit):
            return replace(common, value=str(value), tolerance=str(tolerance) if tolerance else "", unit=unit)
        case Ordering(items):
            return replace(common, rows=tuple(TypedRow(item) for item in items))
        case Matching(pairs):
            return replace(common, rows=tuple(TypedRow(p.left, p.right, p.reason) for p in pairs))
        case Scenario():
            raise ValueError("a scenario has no form")
        case _:
            assert_never(question.body)


def after_step(typed: TypedQuestion, step: str) -> TypedQuestion:
    """With a row added, removed or moved, as the form's buttons ask; unknown steps change nothing."""
    rows = list(typed.rows)
    if step == "add" and len(rows) < MOST_ROWS:
        return replace(typed, rows=(*rows, TypedRow()))
    matched = _STEP.fullmatch(step)
    if matched is None or int(matched[2]) >= len(rows):
        return typed
    place = int(matched[2])
    if matched[1] == "remove":
        del rows[place]
    else:
        other = place + (1 if matched[1] == "down" else -1)
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
    return replace(typed, rows=tuple(rows))


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """``faults`` say what keeps it from being saved at all; ``question`` then shows as much as could be read."""

    question: Question
    faults: tuple[Invalid, ...]


def read_typed(
    typed: TypedQuestion, key: str, status: QuestionStatus, source_line: str | None = None
) -> ReadQuestion:
    """What is only missing is left to the checks, which stop publishing and not saving."""
    faults: list[Invalid] = []
    if not typed.stem.strip():
        faults.append(Invalid("問題文を書いてください。", field="stem"))
    if not typed.topics:
        faults.append(
            Invalid("分野を一つ以上選んでください。最初のものが主な分野になります。", field="topics")
        )
    faults.extend(_too_long(typed))
    question = Question(
        id=key,
        status=status,
        level=Level(typed.level) if typed.level in set(Level) else None,
        topics=typed.topics,
        stem=_text(typed.stem),
        body=_body(typed, faults),
        explanation=_text(typed.explanation),
        terms=entries(typed.terms),
        teaches=typed.teaches.strip() or None,
        expected_facility=_facility(typed.facility, faults),
        as_of=_month(typed.as_of, faults),
        sources=entries(typed.sources),
        keep_order=typed.keep_order,
        source_line=source_line,
        attributes=tuple(each for each in Attribute if each.value in typed.attributes),
    )
    return ReadQuestion(question, tuple(faults))


def entries(text: str) -> tuple[str, ...]:
    """One a line."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _too_long(typed: TypedQuestion) -> Iterable[Invalid]:
    limits = [("stem", typed.stem, LONGEST_STEM), ("explanation", typed.explanation, LONGEST_STEM)]
    limits += [
        ("rows", text, LONGEST_TEXT) for row in typed.rows for text in (row.text, row.right, row.reason)
    ]
    limits += [("rows", text, LONGEST_TEXT) for text in (typed.reason_true, typed.reason_false)]
    limits += [("unit", typed.unit, 40), ("teaches", typed.teaches, 160)]
    limits += [(name, getattr(typed, name), LONGEST_TEXT) for name in ("terms", "sources")]
    for name, text, limit in limits:
        if len(text) > limit:
            yield Invalid("%(limit)s字以内で入力してください。", field=name, limit=limit)


def _body(typed: TypedQuestion, faults: list[Invalid]) -> SimpleBody:
    rows = tuple(row for row in typed.rows if not row.is_empty)
    choices = tuple(Choice(_text(row.text), row.correct, _text(row.reason)) for row in rows)
    match typed.kind:
        case Kind.SINGLE_CHOICE:
            return SingleChoice(choices)
        case Kind.MULTIPLE_CHOICE:
            return MultipleChoice(choices)
        case Kind.TRUE_FALSE:
            if typed.answer not in {"true", "false"}:
                faults.append(Invalid("「正しい」か「正しくない」かを選んでください。", field="answer"))
            return TrueFalse(typed.answer == "true", _text(typed.reason_true), _text(typed.reason_false))
        case Kind.NUMERIC:
            tolerance = _number(typed.tolerance or "0", "tolerance", faults)
            if tolerance < 0:
                faults.append(Invalid("許す誤差は0以上の数です。", field="tolerance"))
            return Numeric(
                _number(typed.value, "value", faults), max(tolerance, Decimal(0)), typed.unit.strip()
            )
        case Kind.ORDERING:
            return Ordering(tuple(_text(row.text) for row in rows))
        case Kind.MATCHING:
            return Matching(tuple(Pair(_text(row.text), _text(row.right), _text(row.reason)) for row in rows))
        case Kind.SCENARIO:
            raise ValueError("a scenario has no form")
        case _:
            assert_never(typed.kind)


def _text(text: str) -> str:
    """As the site's own files keep a text: without blanks at its end and empty lines at its start."""
    return text.rstrip().lstrip("\n")


def _number(text: str, field: str, faults: list[Invalid]) -> Decimal:
    plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").replace(",", "").strip()
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(plain) > 40 or abs(number.adjusted()) > 30:
        faults.append(Invalid("数を入力してください。", field=field))
        return Decimal(0)
    return number


def as_people(facility: float | None) -> str:
    """A share as the number of officers out of ten, with as many digits as it has."""
    if facility is None:
        return ""
    people = Decimal(str(facility)) * OUT_OF
    return str(people.quantize(Decimal(1)) if people == people.to_integral_value() else people.normalize())


def as_facility(people: str) -> float | None:
    """The inverse of `as_people`. Raises Invalid for anything that is not from 0 to 10."""
    plain = unicodedata.normalize("NFKC", people).strip()
    if not plain:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal(-1)
    if not (number.is_finite() and 0 <= number <= OUT_OF):
        raise Invalid("0から10までの数を入力してください。", field="facility")
    return float(number / OUT_OF)


def _facility(people: str, faults: list[Invalid]) -> float | None:
    try:
        return as_facility(people)
    except Invalid as fault:
        faults.append(fault)
        return None


def _month(text: str, faults: list[Invalid]) -> str | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain and not _MONTH.fullmatch(plain):
        faults.append(Invalid("年月は 2026-11 の形で入力してください。", field="as_of"))
        return None
    return plain or None
