"""The answers of small category 41 (memory), computed."""

from decimal import ROUND_HALF_UP, Decimal


def ip_41_002() -> str:
    first, second = Decimal("0.9"), Decimal("0.8")
    rest = 1 - first
    time = first * 2 + rest * second * 10 + rest * (1 - second) * 60
    return str(time.quantize(Decimal("0.1")))


def ip_41_005() -> str:
    size = Decimal(4 * 10**6 // 8 * 60 * 60 * 24 * 30 * 5) / 10**12
    return str(size.quantize(Decimal("0.1"), ROUND_HALF_UP))
