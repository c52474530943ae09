"""The answers of questions on the theory of information, computed."""

from fractions import Fraction


def ip_35_005() -> str:
    x1, x2 = 1, 2
    h1 = max(Fraction(0), Fraction(1, 2) * x1 - x2)
    h2 = max(Fraction(0), x1 + Fraction(1, 2) * x2)
    return str(3 * h1 + 2 * h2)


def ip_35_009() -> str:
    return str(len("東京DX推進課2026".encode()))


def ip_35_010() -> int:
    ssd_nanoseconds = 1_000_000 // 10
    return ssd_nanoseconds // 80
