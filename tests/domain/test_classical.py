"""Item statistics against published and hand-worked values."""

from __future__ import annotations

import math

import pytest

from studyhub.domain.psychometrics.classical import (
    ChoiceCount,
    Halves,
    choice_table,
    halves,
    item_rest_correlation,
    share_of,
)

LSAT6 = {
    "00000": 3, "00001": 6, "00010": 2, "00011": 11, "00100": 1, "00101": 1, "00110": 3, "00111": 4,
    "01000": 1, "01001": 8, "01011": 16, "01101": 3, "01110": 2, "01111": 15, "10000": 10, "10001": 29,
    "10010": 14, "10011": 81, "10100": 3, "10101": 28, "10110": 15, "10111": 80, "11000": 16, "11001": 56,
    "11010": 21, "11011": 173, "11100": 11, "11101": 61, "11110": 28, "11111": 298,
}  # fmt: skip
"""Section 6 of the Law School Admission Test, 1,000 people by their pattern of answers to five items (Bock & Lieberman
1970, Psychometrika 35, table 1)."""


def _lsat6() -> list[list[int]]:
    return [[int(mark) for mark in pattern] for pattern, people in LSAT6.items() for _ in range(people)]


@pytest.mark.parametrize(("item", "facility"), list(enumerate((0.924, 0.709, 0.553, 0.763, 0.870))))
def test_the_facilities_of_lsat_6_are_those_published(item: int, facility: float) -> None:
    share = share_of(bool(person[item]) for person in _lsat6())
    assert share is not None
    assert share.share == pytest.approx(facility)
    assert share.low < facility < share.high


@pytest.mark.parametrize(("item", "correlation"), list(enumerate((0.113, 0.153, 0.173, 0.144, 0.122))))
def test_the_discriminations_of_lsat_6_are_those_of_r_ltm(item: int, correlation: float) -> None:
    """`descript(LSAT)` of R's ltm: point-biserial correlation with the total score, the item excluded, to three digits."""
    people = _lsat6()
    rest = [(sum(person) - person[item]) / 4 for person in people]
    found = item_rest_correlation([float(person[item]) for person in people], rest)
    assert found is not None
    assert found.value == pytest.approx(correlation, abs=6e-4)
    assert found.low < correlation < found.high


def test_a_correlation_worked_by_hand() -> None:
    """Deviations (.5 .5 -.5 -.5) and (.3 .1 -.1 -.3): .4 / sqrt(1 x .2) = .894; atanh r +- 1.645 / sqrt(1)."""
    found = item_rest_correlation([1.0, 1.0, 0.0, 0.0], [0.9, 0.7, 0.5, 0.3])
    assert found is not None
    assert found.value == pytest.approx(0.4 / math.sqrt(0.2))
    assert (found.low, found.high) == (pytest.approx(-0.1985, abs=1e-3), pytest.approx(0.9959, abs=1e-3))


@pytest.mark.parametrize(
    ("item", "rest"),
    [
        ([1.0, 0.0, 1.0], [0.1, 0.2, 0.3]),
        ([1.0] * 9, [0.1 * n for n in range(9)]),
        ([1.0, 0.0] * 4, [0.5] * 8),
    ],
    ids=["three people", "everybody right", "all equally strong"],
)
def test_no_correlation_where_there_is_none_to_be_had(item: list[float], rest: list[float]) -> None:
    assert item_rest_correlation(item, rest) is None


def test_perfect_agreement_has_an_interval_too() -> None:
    found = item_rest_correlation([0.0, 0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0, 1.0])
    assert found is not None
    assert found.value == pytest.approx(1.0)
    assert found.low < found.high <= 1.0


def test_nobody_answered() -> None:
    assert share_of([]) is None


def test_four_of_ten_has_the_interval_of_jeffreys() -> None:
    """Beta(4.5, 6.5) between its 5 % and 95 % points: .1851 to .6527 (R: qbeta(c(.05, .95), 4.5, 6.5))."""
    share = share_of([True] * 4 + [False] * 6)
    assert share is not None
    assert (share.low, share.high) == (pytest.approx(0.18512, abs=1e-5), pytest.approx(0.65268, abs=1e-5))


def test_halves_are_of_equal_size_and_leave_the_middle_out() -> None:
    assert halves({1: 0.9, 2: 0.1, 3: 0.5, 4: 0.7, 5: 0.3}) == Halves(frozenset({1, 4}), frozenset({2, 5}))
    assert halves({}) == Halves(frozenset(), frozenset())


def test_a_choice_table_counts_each_half() -> None:
    groups = Halves(frozenset({1, 2}), frozenset({3, 4}))
    table = choice_table({1: [0], 2: [0], 3: [1], 4: [0], 5: [1, 2]}, 3, groups)
    assert table == (ChoiceCount(3, 2, 1), ChoiceCount(2, 0, 1), ChoiceCount(1, 0, 0))
