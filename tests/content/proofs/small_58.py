"""The answers of small category 58 (network methods), computed."""

from fractions import Fraction
from math import ceil


def ip_58_004() -> str:
    """The slowest line of which all meetings at once take at most 80 %."""
    traffic = 300 * 40 // 100 * 3
    return f"{ceil(Fraction(traffic * 100, 80)):,}"


def ip_58_005() -> int:
    """Gigabytes sent in two hours at 60 % of 200 Mbit/s."""
    bits = 200 * 10**6 * 60 // 100 * 2 * 3600
    return bits // 8 // 10**9


def ip_58_021() -> str:
    """Watts for the fewest access points and three cameras."""
    access_points = ceil(Fraction(120 * 2, 50))
    return str(access_points * 25 + 3 * 13)
