"""The form of a correction, read once into the keys and words of a command.

What is right is chosen with the very fields with which officers answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.datastructures import MultiDict

from studyhub.domain.corrections import (
    Key,
    RightChoices,
    RightMatches,
    RightNumber,
    RightOrder,
    bodies,
    key_of,
)
from studyhub.domain.grading import (
    AnsweredParts,
    ChosenMany,
    ChosenOne,
    MatchedAs,
    OrderedAs,
    SimpleResponse,
    TypedNumber,
    parse_response,
    typed_number,
)
from studyhub.domain.questions import Numeric, Question, Scenario, SimpleBody
from studyhub.services.correction_texts import NewWords, reasons_of


def keys_from(question: Question, fields: MultiDict[str, str]) -> tuple[Key, ...]:
    """Raises Invalid with a sentence for what is missing."""
    response = parse_response(question, fields.to_dict(flat=False))
    given = response.parts if isinstance(response, AnsweredParts) else (response,)
    parts = zip(bodies(question), given, _prefixes(question), strict=True)
    return tuple(_key(body, each, fields.get(f"{prefix}tolerance", "")) for body, each, prefix in parts)


def _key(body: SimpleBody, response: SimpleResponse, tolerance: str) -> Key:
    match response:
        case ChosenOne(index):
            return RightChoices(frozenset({index}))
        case ChosenMany(indices):
            return RightChoices(indices)
        case TypedNumber(_, value):
            own = body.tolerance if isinstance(body, Numeric) else value * 0
            return RightNumber(value, typed_number(tolerance).value if tolerance.strip() else own)
        case OrderedAs(indices):
            return RightOrder(indices)
        case MatchedAs(indices):
            return RightMatches(indices)


def fields_of(question: Question) -> MultiDict[str, str]:
    """The fields as they stand when the key of the question is filled in."""
    fields: MultiDict[str, str] = MultiDict()
    for body, prefix in zip(bodies(question), _prefixes(question), strict=True):
        for name, value in _filled(key_of(body)):
            fields.add(prefix + name, value)
    fields["explanation"] = question.explanation
    for index, reason in enumerate(reasons(question)):
        fields[f"reason-{index}"] = reason
    return fields


def _filled(key: Key) -> Iterator[tuple[str, str]]:
    match key:
        case RightChoices(indices):
            yield from (("choice", str(index)) for index in sorted(indices))
        case RightNumber(value, tolerance):
            yield "number", f"{value:f}"
            yield "tolerance", f"{tolerance:f}"
        case RightOrder(indices):
            yield from ((f"position-{item}", str(place)) for place, item in enumerate(indices, start=1))
        case RightMatches(indices):
            yield from ((f"match-{left}", str(right)) for left, right in enumerate(indices))


def _prefixes(question: Question) -> list[str]:
    body = question.body
    return [f"part-{n}-" for n in range(len(body.parts))] if isinstance(body, Scenario) else [""]


def reasons(question: Question) -> tuple[str, ...]:
    """Of the options; a scenario's are changed where the question is written."""
    return () if isinstance(question.body, Scenario) else reasons_of(question.body)


def words_from(question: Question, fields: MultiDict[str, str]) -> NewWords:
    """Only what differs from what is there."""
    explanation = _text(fields, "explanation", question.explanation)
    told = {index: _text(fields, f"reason-{index}", text) for index, text in enumerate(reasons(question))}
    changed = {index: text for index, text in told.items() if text != reasons(question)[index]}
    return NewWords(explanation if explanation != question.explanation else None, changed or None)


def _text(fields: MultiDict[str, str], name: str, before: str) -> str:
    """Browsers send other line ends and drop none: what looks the same is the same."""
    if name not in fields:
        return before
    sent = fields[name].replace("\r\n", "\n").strip()
    return before if sent == before.strip() else sent
