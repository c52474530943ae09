"""The answers of small category 28 (service management), computed."""

from fractions import Fraction


def ip_28_003() -> str:
    kept = {
        "a": 1 - Fraction(72, 300 * 60) >= Fraction("0.995"),
        "b": Fraction(1340, 1500) >= Fraction("0.90"),
        "c": all(minutes <= 180 for minutes in (50, 100, 190)),
        "d": Fraction(384, 400) >= Fraction("0.95"),
    }
    return "，".join(item for item, met in kept.items() if met)


def ip_28_004() -> str:
    stopped = 80 + 50 + 140
    availability = 1 - Fraction(stopped, 600 * 60)
    if availability >= Fraction("0.995"):
        cut = 0
    elif availability >= Fraction("0.99"):
        cut = 10
    else:
        cut = 25
    return str(60 * (100 - cut) // 100)


def ip_28_008() -> str:
    return str(min(n for n in range(401) if (525 + n) * 100 >= 90 * (600 + 400)))


def ip_28_012() -> str:
    plans = {"P": ("0.980", 200), "Q": ("0.990", 400), "R": ("0.995", 620), "S": ("0.999", 900)}
    totals = {
        name: fee + 3000 * (1 - Fraction(availability)) * 10 for name, (availability, fee) in plans.items()
    }
    return min(totals, key=lambda name: totals[name])
