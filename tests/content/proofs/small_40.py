"""The answers of small category 40 (processors), computed."""

from fractions import Fraction


def ip_40_002() -> str:
    clocks = sum(Fraction(share, 100) * each for share, each in ((50, 2), (30, 4), (20, 4)))
    return str(Fraction(1_500_000_000) / clocks / 1_000_000)


def ip_40_003() -> float:
    return float(Fraction(600_000_000 * 5, 2_500_000_000))


def ip_40_004() -> str:
    return str(60 // 4 + 40)


def ip_40_008() -> str:
    ends = [start + 5 - 1 for start in range(1, 8 + 1)]
    return str(ends[-1])


def ip_40_009() -> str:
    machines = {"P": (20, 8), "Q": (30, 6), "R": (32, 4), "S": (40, 2)}
    x = max(machines, key=lambda name: machines[name][0])
    y = max(machines, key=lambda name: machines[name][0] * machines[name][1])
    return f"X：{x}，Y：{y}"
