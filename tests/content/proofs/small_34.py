"""The answers of questions on applied mathematics, computed."""

from fractions import Fraction
from itertools import combinations


def ip_34_004() -> str:
    electronic = Fraction(80, 100) * Fraction(5, 100)
    paper = Fraction(20, 100) * Fraction(30, 100)
    return str(paper / (electronic + paper) * 100)


def ip_34_005() -> str:
    people = range(5)
    ways = [
        (chair, pair)
        for chair in people
        for pair in combinations([other for other in people if other != chair], 2)
    ]
    return str(len(ways))


def ip_34_007() -> str:
    return str((68 - 12) / Fraction(8, 10))


def ip_34_009() -> str:
    frequencies = {
        "0以上10未満": 16,
        "10以上20未満": 7,
        "20以上30未満": 6,
        "30以上40未満": 8,
        "40以上50未満": 10,
        "50以上60未満": 3,
    }
    people = [label for label, count in frequencies.items() for _ in range(count)]
    assert len(people) == 50
    assert people[24] == people[25]
    return people[24]


def ip_34_010() -> str:
    above = (100 - 68) // 2
    return str(2000 * above // 100)
