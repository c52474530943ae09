"""The answers of small category 29 (service management system), computed."""

from fractions import Fraction


def ip_29_006() -> str:
    minutes = 6 * 60 - (90 + 30 + 30)
    return f"{minutes // 60}時{minutes % 60:02}分"


def ip_29_007() -> str:
    records = {"P": (12, 6), "Q": (2, 10), "R": (4, 12), "S": (6, 9)}
    often = max(records, key=lambda name: records[name][0])
    slow = max(records, key=lambda name: Fraction(records[name][1], records[name][0]))
    return f"回数を減らす対策は{often}，復旧を早める対策は{slow}"


def ip_29_008() -> str:
    limit = 2000 * 80 // 100
    months = next(month for month in range(100) if 1200 + 40 * month >= limit)
    return str(months - 3)


def ip_29_017() -> str:
    needed = 400 * (100 - 40) // 100 * 8
    return str(next(people for people in range(1, 100) if people * 360 * 80 >= needed * 100))
