"""How near a question comes to others: shared character trigrams by all trigrams of both (Jaccard)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from studyhub.content.question_checks import plain_text
from studyhub.domain.questions import MultipleChoice, Question, SingleChoice

BAR = 0.45
"""At and above it a question is taken for a copy of the other."""
SHORTEST = 25
"""Trigrams of a stem below which it is only compared together with its choices: short stems are alike by chance."""


@dataclass(frozen=True, slots=True)
class Pair:
    question_id: str
    other_id: str
    share: float


@dataclass(frozen=True, slots=True)
class _Grams:
    id: str
    stem: frozenset[str]
    whole: frozenset[str]


def nearest(questions: Sequence[Question], others: Sequence[Question]) -> Iterator[Pair]:
    """For each question the nearest of the others (itself left out), nearest pairs first."""
    held = [_grams(other) for other in others]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, other in enumerate(held):
        for gram in other.whole:
            holders[gram].append(number)
    pairs = [_nearest(_grams(question), held, holders) for question in questions]
    yield from sorted(pairs, key=lambda pair: (-pair.share, pair.question_id))


def _nearest(asked: _Grams, held: Sequence[_Grams], holders: dict[str, list[int]]) -> Pair:
    shared: dict[int, int] = defaultdict(int)
    for gram in asked.whole:
        for number in holders.get(gram, ()):
            shared[number] += 1
    # Whatever shares most of the whole text is among the few that share most trigrams; those are compared in full.
    likely = sorted(shared, key=lambda number: -shared[number])[:60]
    best = Pair(asked.id, "", 0.0)
    for number in likely:
        other = held[number]
        if other.id != asked.id and (share := _share(asked, other)) > best.share:
            best = Pair(asked.id, other.id, share)
    return best


def _share(one: _Grams, other: _Grams) -> float:
    whole = jaccard(one.whole, other.whole)
    return max(whole, jaccard(one.stem, other.stem)) if len(one.stem) > SHORTEST else whole


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _grams(question: Question) -> _Grams:
    return _Grams(question.id, trigrams([question.stem]), trigrams([question.stem, *_choice_texts(question)]))


def _choice_texts(question: Question) -> list[str]:
    body = question.body
    return [c.text for c in body.choices] if isinstance(body, SingleChoice | MultipleChoice) else []


def trigrams(texts: Iterable[str]) -> frozenset[str]:
    text = plain_text("".join(texts))
    return frozenset(text[start : start + 3] for start in range(len(text) - 2))
