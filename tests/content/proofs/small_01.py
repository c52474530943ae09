"""The answers of small category 1 (management and organisation), computed."""

from fractions import Fraction
from itertools import accumulate


def ip_01_019() -> str:
    available = 150 * 40 // 100 - 10
    return str(sum(total <= available for total in accumulate([18, 12, 14, 10, 15, 8])))


def ip_01_020() -> str:
    risks = {
        "P": (3000, "0.10", "0.04", 100),
        "Q": (5000, "0.08", "0.04", 150),
        "R": (800, "0.30", "0.10", 60),
        "S": (6000, "0.05", "0.04", 20),
    }
    gains = {
        name: loss * (Fraction(before) - Fraction(after)) - cost
        for name, (loss, before, after, cost) in risks.items()
    }
    return max(gains, key=lambda name: gains[name])
