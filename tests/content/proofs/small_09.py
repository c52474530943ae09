"""The answers of small category 9 (methods of management strategy), computed."""

from fractions import Fraction


def ip_09_008() -> str:
    before = Fraction(90, 500)
    after = Fraction(90 * 110, 500 * 120)
    points = float((after - before) * 100)
    return f"{abs(points):.1f}ポイント{'上' if points > 0 else '下'}がった。"


def ip_09_014() -> str:
    new, lost = 20_000 * 150, 8_000 * 250
    return str((new - lost) // 10_000)
