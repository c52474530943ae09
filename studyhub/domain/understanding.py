"""What a study session's questions tell of what was understood, and which question to look at first.

About people only as groups of five or more, and without names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from studyhub.domain.psychometrics.classical import (
    ChoiceCount,
    Correlation,
    Halves,
    Share,
    choice_table,
    halves,
    item_rest_correlation,
    share_of,
)
from studyhub.domain.questions import Kind
from studyhub.domain.small_groups import SMALLEST_GROUP, is_too_small

Told = TypeVar("Told")

SPLIT_FROM = 2 * SMALLEST_GROUP
"""People from whom on the stronger and the weaker half are told apart: each of them is a group then."""
FEWEST_OTHERS = 5
"""Answers to other questions from which on something can be said about how strong a person is."""


@dataclass(frozen=True, slots=True)
class Answer:
    """As it is marked now; ``chosen`` are the indices of the choices taken, as they stand in the current revision."""

    person: int
    question_id: int
    at: datetime
    right: bool
    credit: float
    chosen: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Record:
    """Of a person's answers to everything on the site."""

    responses: int
    right: int


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Of people who answered a question both before the study session and after it; each such pair counts once."""

    people: int
    before: Share
    after: Share

    @property
    def pairs(self) -> int:
        return self.before.count


@dataclass(frozen=True, slots=True)
class ChoiceResult:
    counts: ChoiceCount
    is_key: bool


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """``people`` gave a first answer. Nothing else is told of fewer than five; halves only where each is so large."""

    people: int
    facility: Share | None
    expected: float | None
    discrimination: Correlation | None
    choices: tuple[ChoiceResult, ...]
    half: int
    """People in each half, 0 where they are not told apart."""
    before_after: BeforeAfter | None


class LookReason(StrEnum):
    """Why a question is worth a look; the most urgent first."""

    WRONG_KEY = "wrong_key"
    """Of those who are right elsewhere, more take another choice than the key."""
    BACKWARDS = "backwards"
    """Those who are right elsewhere are rather wrong here."""
    TOO_HARD = "too_hard"
    TOO_EASY = "too_easy"
    UNUSED = "unused"
    """A wrong choice that nobody takes."""
    FLAT = "flat"
    """It does not tell the able from others."""
    FEW = "few"


@dataclass(frozen=True, slots=True)
class Look:
    """``choice`` is the index of the choice that the reason is about."""

    reason: LookReason
    choice: int | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on something is said, as data."""

    clear_lead: int = 2
    """By how many people of the stronger half another choice must be ahead of the key."""
    off_by: float = 0.10
    """How far the whole interval must lie from what the author expected."""
    people_to_miss_a_choice: int = 20
    people_to_be_flat: int = 20
    flat_below: float = 0.20
    """The upper end of the interval; Ebel (1965) calls items below .20 poor."""


DEFAULT_THRESHOLDS = Thresholds()


def first_answers(answers: Iterable[Answer]) -> dict[int, Answer]:
    """By person; ``answers`` to one question in the order of the log."""
    first: dict[int, Answer] = {}
    for answer in answers:
        first.setdefault(answer.person, answer)
    return first


def before_and_after(
    questions: Iterable[Sequence[Answer]], begun: Mapping[int, datetime]
) -> BeforeAfter | None:
    """The last answer before a person came or first read, and the first after it. None for fewer than five people.

    ``questions`` are the answers to each, in any order; ``begun`` by person. What was kept on a device and came in late
    counts for when it was given.
    """
    pairs = summable([_pairs(answers, begun) for answers in questions])
    people = {person for person, _ in pairs}
    was, became = share_of(pair[0] for _, pair in pairs), share_of(pair[1] for _, pair in pairs)
    if is_too_small(len(people)) or was is None or became is None:
        return None
    return BeforeAfter(len(people), was, became)


def _pairs(answers: Sequence[Answer], begun: Mapping[int, datetime]) -> list[tuple[int, tuple[bool, bool]]]:
    """Of one question: by person whether the last answer before and the first one after were right."""
    before: dict[int, bool] = {}
    after: dict[int, bool] = {}
    for answer in sorted(answers, key=lambda each: each.at):
        at = begun.get(answer.person)
        if at is not None and answer.at < at:
            before[answer.person] = answer.right
        elif at is not None:
            after.setdefault(answer.person, answer.right)
    return [(person, (before[person], after[person])) for person in sorted(before.keys() & after.keys())]


def summable(questions: Iterable[Sequence[tuple[int, Told]]]) -> list[tuple[int, Told]]:
    """What may be summed over ``questions``, each with its people and what they told, where each is shown alone too.

    Of a question with fewer than five people nothing is shown. The sum less the questions that are shown is what the
    others told: they are in it only when five people or more are behind them together.
    """
    shown: list[tuple[int, Told]] = []
    rest: list[tuple[int, Told]] = []
    for told in questions:
        (rest if is_too_small(len({person for person, _ in told})) else shown).extend(told)
    return shown if is_too_small(len({person for person, _ in rest})) else shown + rest


def strengths(answers: Iterable[Answer], records: Mapping[int, Record]) -> dict[int, float]:
    """By person the share right on everything but this question, whose ``answers`` these are; without people of
    whom too little is known."""
    own: dict[int, list[bool]] = {}
    for answer in answers:
        own.setdefault(answer.person, []).append(answer.right)
    found = {}
    for person, marks in own.items():
        record = records.get(person, Record(0, 0))
        others = record.responses - len(marks)
        if others >= FEWEST_OTHERS:
            found[person] = (record.right - sum(marks)) / others
    return found


def question_result(
    answers: Sequence[Answer],
    records: Mapping[int, Record],
    key: Sequence[bool],
    expected: float | None,
    begun: Mapping[int, datetime] | None = None,
) -> QuestionResult:
    """Of all ``answers`` to one question, in the order of the log; ``key`` says of each choice whether it is right."""
    first = first_answers(answers)
    if is_too_small(len(first)):
        return QuestionResult(len(first), None, expected, None, (), 0, None)
    rest = strengths(answers, records)
    groups = halves(rest) if len(rest) >= SPLIT_FROM else Halves(frozenset(), frozenset())
    known = [person for person in first if person in rest]
    discrimination = None
    if not is_too_small(len(known)):
        earned = [first[person].credit for person in known]
        discrimination = item_rest_correlation(earned, [rest[person] for person in known])
    taken = {person: answer.chosen for person, answer in first.items()}
    counts = choice_table(taken, len(key), groups)
    return QuestionResult(
        people=len(first),
        facility=share_of(answer.right for answer in first.values()),
        expected=expected,
        discrimination=discrimination,
        choices=tuple(ChoiceResult(*pair) for pair in zip(counts, key, strict=True)),
        half=len(groups.stronger),
        before_after=before_and_after([answers], begun) if begun else None,
    )


def looks(
    result: QuestionResult, kind: Kind, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> tuple[Look, ...]:
    """Reasons to look at a question, the most urgent first; nothing when it does what it should."""
    if result.facility is None:
        return (Look(LookReason.FEW),)
    found = [
        *_about_the_key(result, kind, thresholds),
        *_about_difficulty(result.facility, result.expected, thresholds),
        *_about_choices(result, kind, thresholds),
    ]
    return tuple(sorted(found, key=urgency))


def urgency(look: Look) -> int:
    return list(LookReason).index(look.reason)


def _about_the_key(result: QuestionResult, kind: Kind, thresholds: Thresholds) -> list[Look]:
    found = []
    rivals = [(each.counts.stronger, -place) for place, each in enumerate(result.choices) if not each.is_key]
    if result.half and rivals and kind in (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE):
        lead, place = max(rivals)
        of_key = sum(each.counts.stronger for each in result.choices if each.is_key)
        if lead - of_key >= thresholds.clear_lead:
            found.append(Look(LookReason.WRONG_KEY, -place))
    told = result.discrimination
    if told is not None and told.high < 0:
        found.append(Look(LookReason.BACKWARDS))
    elif (
        told is not None and told.pairs >= thresholds.people_to_be_flat and told.high < thresholds.flat_below
    ):
        found.append(Look(LookReason.FLAT))
    return found


def _about_difficulty(facility: Share, expected: float | None, thresholds: Thresholds) -> list[Look]:
    if expected is None:
        return []
    if facility.high < expected - thresholds.off_by:
        return [Look(LookReason.TOO_HARD)]
    return [Look(LookReason.TOO_EASY)] if facility.low > expected + thresholds.off_by else []


def _about_choices(result: QuestionResult, kind: Kind, thresholds: Thresholds) -> list[Look]:
    if (
        kind not in (Kind.SINGLE_CHOICE, Kind.MULTIPLE_CHOICE)
        or result.people < thresholds.people_to_miss_a_choice
    ):
        return []
    unused = [
        place for place, each in enumerate(result.choices) if not each.is_key and not each.counts.everybody
    ]
    return [Look(LookReason.UNUSED, place) for place in unused]
