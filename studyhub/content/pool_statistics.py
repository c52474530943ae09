"""What must hold for the pool as a whole: alike stems, where the keys stand, how long they are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from math import comb

from studyhub.content.loader import LoadedQuestion
from studyhub.content.question_checks import plain_text
from studyhub.domain.presentation import reads_as_a_series
from studyhub.domain.questions import Level, QuestionStatus, SingleChoice
from studyhub.formats.report import Finding, Severity

NEAR_DUPLICATE_SHARE = 0.8
POSITION_LOW, POSITION_HIGH = 0.22, 0.28
LONGEST_HIGH = 0.35
RECALL_HIGH = 0.40
RECALL_FROM = 5
"""A share of recall questions says something about a category from this many questions on."""
LARGE_POOL = 200
"""From here on the limits hold as they stand; below, chance alone would break them."""
CHANCE = 0.005
"""Probability with which a pool with evenly placed keys may still be reported, per bound."""


def check_pool(questions: Sequence[LoadedQuestion]) -> Iterator[Finding]:
    """Real past questions are left out: nobody here may mend them."""
    own = [
        loaded
        for loaded in questions
        if loaded.question.source_line is None and loaded.question.status is not QuestionStatus.RETIRED
    ]
    yield from near_duplicates(own)
    of_four = [loaded for loaded in own if is_of_four(loaded)]
    yield from _key_positions(of_four)
    yield from _key_longest(of_four)
    yield from _recall(own)


def near_duplicates(questions: Sequence[LoadedQuestion]) -> Iterator[Finding]:
    """Stems (with their choices) that share most of their bigrams.

    An inverted index over the rarer bigrams keeps the pairs to compare few. The similarity is
    Jaccard's: shared bigrams by all bigrams of both.
    """
    grams = [bigrams(loaded) for loaded in questions]
    frequency = Counter(gram for held in grams for gram in held)
    holders: dict[str, list[int]] = defaultdict(list)
    for number, held in enumerate(grams):
        rare = sorted(held, key=lambda gram: (frequency[gram], gram))
        # A pair that shares 80 % must share one of the rarest fifth and a little more (prefix filter).
        prefix = rare[: len(rare) - int(NEAR_DUPLICATE_SHARE * len(rare)) + 1]
        candidates = {other for gram in prefix for other in holders[gram]}
        for other in sorted(candidates):
            share = len(held & grams[other]) / len(held | grams[other])
            if share >= NEAR_DUPLICATE_SHARE:
                yield _near_duplicate(questions[number], questions[other], share)
        for gram in prefix:
            holders[gram].append(number)


def bigrams(loaded: LoadedQuestion) -> frozenset[str]:
    body = loaded.question.body
    texts = [loaded.question.stem]
    if isinstance(body, SingleChoice):
        texts.extend(sorted(choice.text for choice in body.choices))
    text = plain_text(" ".join(texts))
    return frozenset(text[start : start + 2] for start in range(len(text) - 1))


def _near_duplicate(loaded: LoadedQuestion, other: LoadedQuestion, share: float) -> Finding:
    params: dict[str, object] = {
        "other": other.question.id,
        "file": other.file,
        "line": other.line,
        "percent": round(share * 100),
    }
    return Finding(Severity.WARNING, loaded.file, loaded.line, "near-duplicate", loaded.question.id, params)


def is_of_four(loaded: LoadedQuestion) -> bool:
    body = loaded.question.body
    return (
        isinstance(body, SingleChoice)
        and len(body.choices) == 4
        and sum(choice.correct for choice in body.choices) == 1
    )


def choice_texts(loaded: LoadedQuestion) -> tuple[tuple[str, bool], ...]:
    body = loaded.question.body
    return tuple((c.text, c.correct) for c in body.choices) if isinstance(body, SingleChoice) else ()


def _key_positions(questions: Sequence[LoadedQuestion]) -> Iterator[Finding]:
    total = len(questions)
    placed = Counter([correct for _, correct in choice_texts(loaded)].index(True) for loaded in questions)
    low, high = allowed_counts(total)
    for position in range(4):
        count = placed[position]
        if total and not low <= count <= high:
            yield _of_pool("key-positions", number=position + 1, low=low, high=high, **_share(count, total))


def allowed_counts(total: int) -> tuple[int, int]:
    """Least and greatest number of keys at one of four places.

    From 200 questions on 22 to 28 %; below, also what evenly placed keys reach by chance (binomial,
    0.5 % at each end), since 28 % of 20 questions are 5.6.
    """
    low, high = round(POSITION_LOW * total + 0.4999), int(POSITION_HIGH * total)
    if total >= LARGE_POOL:
        return low, high
    return min(low, _quantile(total, 0.25, CHANCE)), max(high, _quantile(total, 0.25, 1 - CHANCE))


def _key_longest(questions: Sequence[LoadedQuestion]) -> Iterator[Finding]:
    """Numbers and label combinations have no meaningful length and are left out."""
    worded = [
        loaded
        for loaded in questions
        if not reads_as_a_series(tuple(text for text, _ in choice_texts(loaded)))
    ]
    total = len(worded)
    count = sum(key_is_longest(choice_texts(loaded)) for loaded in worded)
    high = int(LONGEST_HIGH * total)
    if total < LARGE_POOL:
        high = max(high, _quantile(total, 0.25, 1 - CHANCE))
    if count > high:
        yield _of_pool("key-longest", high=high, **_share(count, total))


def key_is_longest(choices: Iterable[tuple[str, bool]]) -> bool:
    """Longer than every other: a tie gives nothing away."""
    lengths = [(len(text), correct) for text, correct in choices]
    key = next(length for length, correct in lengths if correct)
    return all(length < key for length, correct in lengths if not correct)


def _recall(questions: Sequence[LoadedQuestion]) -> Iterator[Finding]:
    by_topic: dict[str, list[Level | None]] = defaultdict(list)
    for loaded in questions:
        by_topic[loaded.question.main_topic].append(loaded.question.level)
    for topic, levels in sorted(by_topic.items()):
        count = levels.count(Level.RECALL)
        if len(levels) >= RECALL_FROM and count > RECALL_HIGH * len(levels):
            yield _of_pool("level-mix", topic=topic, **_share(count, len(levels)))


def _share(count: int, total: int) -> dict[str, object]:
    return {"count": count, "total": total, "percent": round(100 * count / total)}


def _of_pool(code: str, **params: object) -> Finding:
    return Finding(Severity.WARNING, "question_pool", 0, code, "", params)


@cache
def _quantile(total: int, chance: float, probability: float) -> int:
    """Smallest count that a binomial variable does not exceed with at least this probability."""
    reached = 0.0
    for count in range(total + 1):
        reached += comb(total, count) * chance**count * (1 - chance) ** (total - count)
        if reached >= probability:
            return count
    return total
