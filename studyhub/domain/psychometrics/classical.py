"""Classical item statistics: how hard a question is, whether it tells the able from others, which choices are taken.

Everything is of one answer a person, the first, so that nobody counts twice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from studyhub.domain.mastery import share_interval

Z_90 = 1.6448536269514722
"""The standard normal's 95 % point: two of them bound 90 %."""
FEWEST_PAIRS = 4
"""The interval of a correlation needs more than three."""


@dataclass(frozen=True, slots=True)
class Share:
    """``right`` of ``count`` (at least one); ``low`` to ``high`` is the 90 % credible interval of the share behind."""

    right: int
    count: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.right / self.count


@dataclass(frozen=True, slots=True)
class Correlation:
    """From -1 to 1, with its 90 % interval, over so many pairs."""

    value: float
    low: float
    high: float
    pairs: int


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    """How many took a choice: in all, and of the stronger and the weaker half where there are such."""

    everybody: int
    stronger: int
    weaker: int


@dataclass(frozen=True, slots=True)
class Halves:
    """Two groups of equal size; with an odd number the middle one is in neither."""

    stronger: frozenset[int]
    weaker: frozenset[int]


def share_of(marks: Iterable[bool]) -> Share | None:
    """Facility: the share of right answers (Lord & Novick 1968, ch. 15), with its interval under Jeffreys' prior.
    None without an answer."""
    listed = list(marks)
    if not listed:
        return None
    low, high = share_interval(sum(listed), len(listed))
    return Share(sum(listed), len(listed), low, high)


def item_rest_correlation(item: Sequence[float], rest: Sequence[float]) -> Correlation | None:
    """Discrimination: Pearson's correlation of the credit for the item with the score on everything else, 0 to 1 each.

    Without the item in the total, which would correlate with itself (Henrysson 1963, Psychometrika 28, 211-218: the
    corrected item-total correlation). The interval is Fisher's: atanh r is nearly normal with variance 1 / (n - 3)
    (Fisher 1921, Metron 1, 3-32). None with fewer than four pairs, or when one of the two does not vary.
    """
    count = len(item)
    if count < FEWEST_PAIRS:
        return None
    mean_item, mean_rest = sum(item) / count, sum(rest) / count
    pairs = [(one - mean_item, other - mean_rest) for one, other in zip(item, rest, strict=True)]
    of_item, of_rest = sum(one * one for one, _ in pairs), sum(other * other for _, other in pairs)
    if of_item < 1e-12 or of_rest < 1e-12:
        return None
    value = sum(one * other for one, other in pairs) / math.sqrt(of_item * of_rest)
    centre, reach = math.atanh(max(-0.999999, min(0.999999, value))), Z_90 / math.sqrt(count - 3)
    return Correlation(value, math.tanh(centre - reach), math.tanh(centre + reach), count)


def halves(strengths: Mapping[int, float]) -> Halves:
    """By strength; people of the same strength are told apart by their number, which says nothing about them."""
    ranked = sorted(strengths, key=lambda person: (strengths[person], person))
    size = len(ranked) // 2
    return Halves(frozenset(ranked[len(ranked) - size :]), frozenset(ranked[:size]))


def choice_table(taken: Mapping[int, Iterable[int]], choices: int, groups: Halves) -> tuple[ChoiceCount, ...]:
    """For each of so many choices how many took it; ``taken`` by person, where several may be taken.

    The comparison by ability group is the distractor analysis of Haladyna (2004, Developing and Validating
    Multiple-Choice Test Items, 3rd ed., ch. 9), with halves instead of fifths because groups here are small.
    """
    everybody, stronger, weaker = ([0] * choices for _ in range(3))
    for person, indices in taken.items():
        for index in indices:
            everybody[index] += 1
            stronger[index] += person in groups.stronger
            weaker[index] += person in groups.weaker
    return tuple(ChoiceCount(*counts) for counts in zip(everybody, stronger, weaker, strict=True))
