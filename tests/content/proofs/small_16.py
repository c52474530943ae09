"""The answers of small category 16 (e-business), computed."""

from fractions import Fraction


def ip_16_007() -> str:
    moved = 2000 * Fraction("0.4")
    saved = moved * 60
    added = moved * 1500 * Fraction("0.03") + 5000
    return f"{int(saved - added):,}"
