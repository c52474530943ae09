"""Questions of every kind as they are authored, and the form in which a revision is stored."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, assert_never


class QuestionStatus(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    RETIRED = "retired"


class Origin(StrEnum):
    """Where a question lives: in the files of question_pool/, in an import, or in the site itself."""

    POOL = "pool"
    IMPORT = "import"
    STUDIO = "studio"


class ReviewVerdict(StrEnum):
    APPROVED = "approved"
    CHANGES = "changes"


class Level(StrEnum):
    RECALL = "recall"
    UNDERSTAND = "understand"
    APPLY = "apply"


class Kind(StrEnum):
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    TRUE_FALSE = "true_false"
    NUMERIC = "numeric"
    ORDERING = "ordering"
    MATCHING = "matching"
    SCENARIO = "scenario"


class Attribute(StrEnum):
    """What a question asks for or is about, beyond what can be seen from its text: the pool's mix is counted by it."""

    CALCULATION = "calculation"
    PROGRAM = "program"
    """Pseudo-language."""
    SPREADSHEET = "spreadsheet"
    SQL = "sql"
    METROPOLITAN = "metropolitan"
    """Set in a metropolitan office."""
    VER_6_5 = "ver-6.5"
    """What Ver. 6.5 of the syllabus brought or strengthened."""


@dataclass(frozen=True, slots=True)
class Choice:
    text: str
    correct: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SingleChoice:
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class MultipleChoice:
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class TrueFalse:
    """`reason_true` tells why one might say true (and is right or wrong in it), `reason_false` likewise."""

    answer: bool
    reason_true: str = ""
    reason_false: str = ""


@dataclass(frozen=True, slots=True)
class Numeric:
    """Right when the distance to `value` is at most `tolerance` (in the same unit)."""

    value: Decimal
    tolerance: Decimal = Decimal(0)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Ordering:
    """`items` stand in the right order."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    left: str
    right: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Matching:
    pairs: tuple[Pair, ...]


SimpleBody = SingleChoice | MultipleChoice | TrueFalse | Numeric | Ordering | Matching


@dataclass(frozen=True, slots=True)
class Part:
    """One question about the text of a scenario."""

    stem: str
    body: SimpleBody
    explanation: str = ""
    keep_order: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    text: str
    parts: tuple[Part, ...]


Body = SimpleBody | Scenario


@dataclass(frozen=True, slots=True)
class Question:
    """A question as its author wrote it.

    The first of `topics` is the main one. `teaches` is `<study session id>#<anchor>`.
    `expected_facility` is the author's guess of the share (0 to 1) of first-time officers who are right.
    `as_of` is the month (`2026-11`) in which law and technology were checked. `source_line` must be shown
    wherever the question is shown. `level` is None where nobody has judged it (real past questions).
    """

    id: str
    status: QuestionStatus
    level: Level | None
    topics: tuple[str, ...]
    stem: str
    body: Body
    explanation: str = ""
    terms: tuple[str, ...] = ()
    teaches: str | None = None
    expected_facility: float | None = None
    as_of: str | None = None
    sources: tuple[str, ...] = ()
    keep_order: bool = False
    source_line: str | None = None
    attributes: tuple[Attribute, ...] = ()

    @property
    def kind(self) -> Kind:
        return kind_of(self.body)

    @property
    def main_topic(self) -> str:
        return self.topics[0]


def kind_of(body: Body) -> Kind:
    match body:
        case SingleChoice():
            return Kind.SINGLE_CHOICE
        case MultipleChoice():
            return Kind.MULTIPLE_CHOICE
        case TrueFalse():
            return Kind.TRUE_FALSE
        case Numeric():
            return Kind.NUMERIC
        case Ordering():
            return Kind.ORDERING
        case Matching():
            return Kind.MATCHING
        case Scenario():
            return Kind.SCENARIO
        case _:
            assert_never(body)


def content_hash(question: Question) -> str:
    """Identifies a revision: everything but the status, which may change without a new revision."""
    data = to_data(question)
    del data["status"]
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def to_data(question: Question) -> dict[str, Any]:
    """Plain JSON-able values; every field is present so that equal questions have equal data. Only ``attributes``
    are left out where there are none, so that revisions from before there were any keep their hash."""
    attributes = {"attributes": [a.value for a in question.attributes]} if question.attributes else {}
    return {
        "id": question.id,
        "status": question.status.value,
        "level": question.level.value if question.level else None,
        "topics": list(question.topics),
        "stem": question.stem,
        **body_to_data(question.body),
        "explanation": question.explanation,
        "terms": list(question.terms),
        "teaches": question.teaches,
        "expected_facility": question.expected_facility,
        "as_of": question.as_of,
        "sources": list(question.sources),
        "keep_order": question.keep_order,
        "source_line": question.source_line,
        **attributes,
    }


def from_data(data: Mapping[str, Any]) -> Question:
    """The inverse of `to_data`; raises KeyError or ValueError on anything `to_data` did not write."""
    return Question(
        id=data["id"],
        status=QuestionStatus(data["status"]),
        level=Level(data["level"]) if data["level"] else None,
        topics=tuple(data["topics"]),
        stem=data["stem"],
        body=body_from_data(data),
        explanation=data["explanation"],
        terms=tuple(data["terms"]),
        teaches=data["teaches"],
        expected_facility=data["expected_facility"],
        as_of=data["as_of"],
        sources=tuple(data["sources"]),
        keep_order=data["keep_order"],
        source_line=data["source_line"],
        attributes=tuple(Attribute(name) for name in data.get("attributes", ())),
    )


def body_to_data(body: Body) -> dict[str, Any]:
    """The kind and the fields that belong to it, to be merged into the question's own."""
    kind = {"kind": kind_of(body).value}
    match body:
        case SingleChoice(choices) | MultipleChoice(choices):
            return kind | {"choices": [_choice_data(choice) for choice in choices]}
        case TrueFalse(answer, reason_true, reason_false):
            return kind | {"answer": answer, "reason_true": reason_true, "reason_false": reason_false}
        case Numeric(value, tolerance, unit):
            return kind | {"answer": {"value": str(value), "tolerance": str(tolerance), "unit": unit}}
        case Ordering(items):
            return kind | {"items": list(items)}
        case Matching(pairs):
            listed = [{"left": pair.left, "right": pair.right, "reason": pair.reason} for pair in pairs]
            return kind | {"pairs": listed}
        case Scenario(text, parts):
            return kind | {"text": text, "parts": [_part_data(part) for part in parts]}
        case _:
            assert_never(body)


def body_from_data(data: Mapping[str, Any]) -> Body:
    if data["kind"] == Kind.SCENARIO:
        return Scenario(data["text"], tuple(_part_from_data(part) for part in data["parts"]))
    return _simple_from_data(data)


def _simple_from_data(data: Mapping[str, Any]) -> SimpleBody:
    kind = Kind(data["kind"])
    match kind:
        case Kind.SINGLE_CHOICE:
            return SingleChoice(_choices_from_data(data))
        case Kind.MULTIPLE_CHOICE:
            return MultipleChoice(_choices_from_data(data))
        case Kind.TRUE_FALSE:
            return TrueFalse(data["answer"], data["reason_true"], data["reason_false"])
        case Kind.NUMERIC:
            answer = data["answer"]
            return Numeric(Decimal(answer["value"]), Decimal(answer["tolerance"]), answer["unit"])
        case Kind.ORDERING:
            return Ordering(tuple(data["items"]))
        case Kind.MATCHING:
            return Matching(tuple(Pair(p["left"], p["right"], p["reason"]) for p in data["pairs"]))
        case Kind.SCENARIO:
            raise ValueError("a scenario cannot be a part of a scenario")
        case _:
            assert_never(kind)


def _choice_data(choice: Choice) -> dict[str, Any]:
    return {"text": choice.text, "correct": choice.correct, "reason": choice.reason}


def _choices_from_data(data: Mapping[str, Any]) -> tuple[Choice, ...]:
    return tuple(Choice(c["text"], c["correct"], c["reason"]) for c in data["choices"])


def _part_data(part: Part) -> dict[str, Any]:
    own = {"stem": part.stem, "explanation": part.explanation, "keep_order": part.keep_order}
    return own | body_to_data(part.body)


def _part_from_data(data: Mapping[str, Any]) -> Part:
    return Part(data["stem"], _simple_from_data(data), data["explanation"], data["keep_order"])
