"""An answered question: what was given, what is right, and the reason for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, assert_never

from studyhub.domain.corrections import (
    CorrectionKind,
    MarkWord,
    RightChoices,
    RightNumber,
    bodies,
    key_of,
    mark_word,
    moved,
    option_maps,
)
from studyhub.domain.grading import (
    AnsweredParts,
    ChosenMany,
    ChosenOne,
    MatchedAs,
    OrderedAs,
    Response,
    SimpleResponse,
    TypedNumber,
    response_from_data,
)
from studyhub.domain.questions import (
    Kind,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    Scenario,
    SimpleBody,
    SingleChoice,
    TrueFalse,
    from_data,
    kind_of,
)
from studyhub.persistence import models
from studyhub.reads.teaching import TeachingPage


@dataclass(frozen=True, slots=True)
class MarkedChoice:
    """``html`` is empty for true (value 0) and false (value 1), whose words are the page's."""

    value: int
    html: str
    reason_html: str
    correct: bool
    given: bool


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """An item of an ordering, in the right order, with the places given and right; or a pair of a matching task."""

    html: str
    given_html: str
    right_html: str
    correct: bool
    reason_html: str = ""


@dataclass(frozen=True, slots=True)
class MarkedNumber:
    given: str
    right: str
    tolerance: str
    unit: str


@dataclass(frozen=True, slots=True)
class MarkedPart:
    kind: Kind
    stem_html: str
    correct: bool
    choices: tuple[MarkedChoice, ...]
    rows: tuple[MarkedRow, ...]
    number: MarkedNumber | None
    explanation_html: str


@dataclass(frozen=True, slots=True)
class ToldKey:
    """Places among the choices as they were shown, or a number with its unit; an order or pairs stand in the rows."""

    places: tuple[int, ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True)
class ChangedKey:
    """``part`` counts from 1 and is 0 where there is only one."""

    part: int
    old: ToldKey
    new: ToldKey


@dataclass(frozen=True, slots=True)
class Remark:
    """That a correction changed what the answer is worth, from the mark it was given to the one that counts."""

    kind: CorrectionKind
    reason: str
    made_at: datetime
    old: MarkWord
    new: MarkWord
    keys: tuple[ChangedKey, ...]
    """Of the parts whose key is another; nothing for a struck question."""


@dataclass(frozen=True, slots=True)
class Regraded:
    """The newest regrade of a response, as rows; ``new_revision`` is None for a struck question."""

    regrade: models.Regrade
    correction: models.Correction
    new_revision: models.QuestionRevision | None


@dataclass(frozen=True, slots=True)
class Feedback:
    response_id: str
    question_id: int
    revision_id: int
    correct: bool
    unsure: bool
    """Said with the answer or afterwards."""
    text_html: str
    stem_html: str
    parts: tuple[MarkedPart, ...]
    explanation_html: str
    teaches: TeachingPage | None
    source_line: str
    remark: Remark | None = None


def regraded(
    regrade: models.Regrade | None,
    correction: models.Correction | None,
    new_revision: models.QuestionRevision | None,
) -> Regraded | None:
    """From the columns of an outer join."""
    return Regraded(regrade, correction, new_revision) if regrade and correction else None


def feedback(
    revision: models.QuestionRevision,
    order: Sequence[Any],
    response: models.Response,
    marked_unsure: bool,
    teaches: TeachingPage | None,
    changed: Regraded | None = None,
) -> Feedback:
    """Shows the key that counts now; ``order`` is that in which the answered ``revision`` was shown."""
    shown, question, given = revision, from_data(revision.data), response_from_data(response.given)
    keys: tuple[ChangedKey, ...] = ()
    if changed is not None and changed.new_revision is not None:
        shown = changed.new_revision
        before = _told_keys(question, order)
        question, order, given = _in_new_terms(question, from_data(shown.data), order, given)
        keys = _changed_keys(before, _told_keys(question, order))
    html = shown.html
    return Feedback(
        response_id=response.id,
        question_id=revision.question_id,
        revision_id=revision.id,
        correct=changed.regrade.correct if changed and changed.regrade.counts else response.correct,
        unsure=response.unsure or marked_unsure,
        text_html=html.get("text", ""),
        stem_html=html["stem"],
        parts=_parts(question, html, order, given),
        explanation_html=html["explanation"],
        teaches=teaches,
        source_line=shown.source_line,
        remark=_remark(response, changed, keys) if changed else None,
    )


def _remark(response: models.Response, changed: Regraded, keys: tuple[ChangedKey, ...]) -> Remark:
    now = changed.regrade
    return Remark(
        CorrectionKind(changed.correction.kind),
        changed.correction.reason,
        changed.correction.made_at,
        mark_word(response.credit, correct=response.correct),
        mark_word(now.credit, correct=now.correct, counts=now.counts),
        keys,
    )


def _told_keys(question: Question, order: Sequence[Any]) -> list[ToldKey]:
    orders = order if isinstance(question.body, Scenario) else [order]
    return [_told_key(body, shown) for body, shown in zip(bodies(question), orders, strict=True)]


def _told_key(body: SimpleBody, shown: Sequence[int]) -> ToldKey:
    match key_of(body):
        case RightChoices(indices):
            return ToldKey(places=tuple(place for place, index in enumerate(shown) if index in indices))
        case RightNumber(value, tolerance):
            unit = body.unit if isinstance(body, Numeric) else ""
            return ToldKey(number=_plain(value) + unit + (f" ±{_plain(tolerance)}" if tolerance else ""))
        case _:
            return ToldKey()


def _changed_keys(old: Sequence[ToldKey], new: Sequence[ToldKey]) -> tuple[ChangedKey, ...]:
    told = enumerate(zip(old, new, strict=True), start=1)
    return tuple(ChangedKey(part if len(new) > 1 else 0, *pair) for part, pair in told if pair[0] != pair[1])


def _in_new_terms(
    old: Question, new: Question, order: Sequence[Any], given: Response
) -> tuple[Question, Sequence[Any], Response]:
    """Options keep the places in which they were shown."""
    maps = option_maps(old, new)
    if maps is None:
        raise ValueError(f"a correction of {old.id} reached a revision with other options")
    if isinstance(old.body, Scenario):
        places: list[Any] = [each.order(shown) for each, shown in zip(maps, order, strict=True)]
    else:
        places = maps[0].order(order)
    return new, places, moved(maps, given)


def _parts(
    question: Question, html: Mapping[str, Any], order: Sequence[Any], response: Response
) -> tuple[MarkedPart, ...]:
    body = question.body
    if isinstance(body, Scenario) and isinstance(response, AnsweredParts):
        pairs = zip(body.parts, html["parts"], order, response.parts, strict=True)
        return tuple(_part(part.body, part_html, places, each) for part, part_html, places, each in pairs)
    if isinstance(body, Scenario) or isinstance(response, AnsweredParts):
        raise ValueError(f"a response of another kind than question {question.id}")
    return (_part(body, {**html, "stem": "", "explanation": ""}, order, response),)


def _part(
    body: SimpleBody, html: Mapping[str, Any], order: Sequence[int], response: SimpleResponse
) -> MarkedPart:
    choices: tuple[MarkedChoice, ...] = ()
    rows: tuple[MarkedRow, ...] = ()
    number = None
    match body, response:
        case ((SingleChoice() | MultipleChoice() | TrueFalse()), (ChosenOne() | ChosenMany())):
            choices = _choices(body, html, order, response)
            correct = all(choice.correct == choice.given for choice in choices)
        case Numeric(value, tolerance, unit), TypedNumber(text, typed):
            number = MarkedNumber(text, _plain(value), _plain(tolerance) if tolerance else "", unit)
            correct = abs(typed - value) <= tolerance
        case Ordering(), OrderedAs(indices):
            rows = _ordered(html, indices)
            correct = all(row.correct for row in rows)
        case Matching(), MatchedAs(indices):
            rows = _matched(body, html, indices)
            correct = all(row.correct for row in rows)
        case _:
            raise ValueError(f"a response of another kind than a {kind_of(body)}")
    return MarkedPart(
        kind=kind_of(body),
        stem_html=html["stem"],
        correct=correct,
        choices=choices,
        rows=rows,
        number=number,
        explanation_html=html["explanation"],
    )


def _choices(
    body: SingleChoice | MultipleChoice | TrueFalse,
    html: Mapping[str, Any],
    order: Sequence[int],
    response: ChosenOne | ChosenMany,
) -> tuple[MarkedChoice, ...]:
    given = {response.index} if isinstance(response, ChosenOne) else set(response.indices)
    match body:
        case TrueFalse(answer):
            correct, texts = [answer, not answer], ["", ""]
        case SingleChoice(choices) | MultipleChoice(choices):
            correct, texts = [choice.correct for choice in choices], html["choices"]
        case _:
            assert_never(body)
    reasons = html["reasons"]
    return tuple(
        MarkedChoice(index, texts[index], reasons[index], correct[index], index in given) for index in order
    )


def _ordered(html: Mapping[str, Any], indices: Sequence[int]) -> tuple[MarkedRow, ...]:
    places = {index: place for place, index in enumerate(indices, start=1)}
    return tuple(
        MarkedRow(text, str(places[index]), str(index + 1), places[index] == index + 1)
        for index, text in enumerate(html["choices"])
    )


def _matched(body: Matching, html: Mapping[str, Any], indices: Sequence[int]) -> tuple[MarkedRow, ...]:
    rights = html["rights"]
    return tuple(
        MarkedRow(
            left, rights[chosen], rights[own], body.pairs[chosen].right == body.pairs[own].right, reason
        )
        for own, (left, chosen, reason) in enumerate(
            zip(html["choices"], indices, html["reasons"], strict=True)
        )
    )


def _plain(value: Decimal) -> str:
    return f"{value:,f}"
