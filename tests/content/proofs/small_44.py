"""The answers of small category 44 (evaluation of systems), computed."""

from fractions import Fraction
from itertools import product


def ip_44_003() -> str:
    works = {True: (Fraction(9, 10), Fraction(8, 10)), False: (Fraction(1, 10), Fraction(2, 10))}
    total = Fraction(0)
    for device, line, other_device, other_line in product([True, False], repeat=4):
        if (device and line) or (other_device and other_line):
            total += works[device][0] * works[line][1] * works[other_device][0] * works[other_line][1]
    return f"{float(total):g}"


def ip_44_004() -> float:
    return float(500 * (1 - Fraction("0.98") * Fraction("0.95")))


def ip_44_005() -> str:
    return str(Fraction(196) / Fraction("0.98") - 196)


def ip_44_006() -> str:
    a_second = 1000 // 40 * 80 // 100 * 2
    return f"{a_second * 3600:,}"


def ip_44_007() -> str:
    sent, shown = 20, 25
    return str(shown - sent)


def ip_44_013() -> str:
    plans = {"P": (1800, 240, 60), "Q": (600, 500, 0), "R": (1200, 350, 160), "S": (300, 540, 120)}
    return min(plans, key=lambda name: plans[name][0] + 5 * plans[name][1] + plans[name][2])
