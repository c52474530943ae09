"""The answers on measuring the effect of a redesigned process, computed."""

from fractions import Fraction


def tdx_bpr_006() -> str:
    online = 2400 * 75 // 100
    saved = Fraction(online * (18 - 6), 60)
    return str(saved - 5 * 12)


def tdx_bpr_007() -> str:
    before = Fraction(4000 * 30, 60) + 200
    after = Fraction(4000 * 12, 60) + Fraction(2_400_000, 3000)
    return str(before - after)


def tdx_bpr_008() -> int:
    def minutes(online_percent: int) -> int:
        online = 8000 * online_percent // 100
        return online * 15 + (8000 - online) * (60 + 20 + 10)

    return (minutes(30) - minutes(55)) // 60
