"""The answers of small category 3 (accounting and finance), computed."""

from fractions import Fraction
from itertools import accumulate, count


def ip_03_001() -> str:
    return f"{720_000 // (900 - 600) - 720_000 // (1000 - 600):,}"


def ip_03_002() -> str:
    return str(900 - 520 - 240)


def ip_03_004() -> str:
    variable = Fraction(300, 500)
    return str((150 + 10 + 60) / (1 - variable))


def ip_03_006() -> str:
    result = 900 - (3000 - 3000 // 5 * 3)
    return f"{abs(result):,}千円の売却{'益' if result > 0 else '損'}"


def ip_03_007() -> str:
    companies = {"P社": (60, 600), "Q社": (80, 800), "R社": (96, 800), "S社": (45, 300)}
    return max(companies, key=lambda name: companies[name][0] / companies[name][1])


def ip_03_008() -> str:
    equity, current = 400 * 100 // (480 + 520), 480 * 100 // 240
    return f"自己資本比率{equity}％，流動比率{current}％"


def ip_03_010() -> str:
    lots = [200] * 100 + [230] * 200
    return f"{sum(lots[:180]):,}"


def ip_03_011() -> str:
    groups = {"P": (1500, 300), "Q": (2400, 400), "R": (3600, 300), "S": (800, 100)}
    return min(groups, key=lambda name: groups[name][0] / groups[name][1])


def ip_03_013() -> str:
    changes = [200 - 230, 180 - 220, 150 - 210, 320 - 240]
    return str(30 - min(accumulate(changes, initial=120)))


def ip_03_016() -> str:
    return str((8000 - 5000 - 600) * 10 // 100)


def ip_03_019() -> str:
    plans = {"P": (0, 0), "Q": (3000, 3500), "R": (5000, 6000), "S": (1600, 2800)}
    return max(plans, key=lambda name: plans[name][1] - plans[name][0])


def ip_03_020() -> str:
    net = accumulate(effect - 50 for effect in [200, 300, 400, 300, 300, 300])
    return str(next(year for year, total in enumerate(net, start=1) if total >= 900))


def ip_03_023() -> str:
    return str(600 * 60 // (40 + 100 + 60) + 600 * 60 // (10 + 30 + 60))


def ip_03_024() -> str:
    price = 1000 * 75 // 100
    return str((price - 600) * 100 // price)


def ip_03_025() -> str:
    average_fee = (4500 + 2500) // 2
    return str(next(n for n in count(1) if average_fee * n >= 180_000 + 1500 * n))
