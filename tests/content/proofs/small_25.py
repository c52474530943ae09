"""Answers, computed, of the questions on developing a system."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations, product

Case = tuple[bool, ...]


def _fewest(needed: set[str], cases: dict[Case, set[str]]) -> int:
    """Return the least number of test cases that together pass through everything needed."""
    for count in range(1, len(cases) + 1):
        for chosen in combinations(cases, count):
            if needed <= _union(cases[case] for case in chosen):
                return count
    raise AssertionError("the cases cannot cover what is needed")


def _union(parts: Iterable[set[str]]) -> set[str]:
    return {item for part in parts for item in part}


def ip_25_005() -> str:
    cases = list(product((True, False), repeat=2))
    statements = {case: {name for name, yes in zip("AB", case, strict=True) if yes} for case in cases}
    branches = {case: {f"{number}{yes}" for number, yes in enumerate(case)} for case in cases}
    paths = {case: {str(case)} for case in cases}
    least = [_fewest(_union(covered.values()), covered) for covered in (statements, branches, paths)]
    return f"命令網羅{least[0]}，分岐網羅{least[1]}，経路網羅{least[2]}"


def ip_25_012() -> str:
    return str(24 / Fraction(16, 20) - 24)


def ip_25_013() -> str:
    return str((6 * 4 + 4 * 5 + 4 * 4 + 2 * 10) * Fraction(9, 10))


def ip_25_014() -> str:
    left = Fraction(300, 10) - 2 * 3
    return str(2 + left / 6)


def ip_25_020() -> str:
    return str(12 * (10 - 3) - 60)


def ip_25_025() -> float:
    hours = (24 - 20) + (9 - 3 - 1)
    return hours * 60 * 5000 / 10000


def ip_25_035() -> str:
    return f"{3 * 2 * 4 * 20 / 2 / 60:.1f}"
