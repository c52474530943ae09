"""The answers of small category 11 (business strategy, goals and evaluation), computed."""

from fractions import Fraction


def ip_11_004() -> str:
    plans = {"P": (10, 3, 8), "Q": (6, 9, 5), "R": (7, 5, 9), "S": (5, 8, 9)}
    eligible = {name: marks for name, marks in plans.items() if min(marks) > 3}
    return max(
        eligible, key=lambda name: 5 * eligible[name][0] + 3 * eligible[name][1] + 2 * eligible[name][2]
    )


def ip_11_005() -> str:
    proposals = Fraction(400 * 120, 100)
    return f"{float(Fraction(900, 15) / proposals * 100):.1f}"


def ip_11_007() -> str:
    plans = {"P": (50, 32), "Q": (60, 40), "R": (72, 50), "S": (90, 72)}
    kept = {name: Fraction(*plan) for name, plan in plans.items() if plan[0] >= 60}
    return max(kept, key=kept.__getitem__)


def ip_11_011() -> str:
    table = {
        "電子申請の割合": (40, 60, 52),
        "処理に掛かる日数": (20, 10, 13),
        "窓口の待ち時間": (30, 20, 25),
        "満足と答えた人の割合": (70, 80, 78),
    }
    progress = {name: Fraction(now - base, goal - base) for name, (base, goal, now) in table.items()}
    return min(progress, key=progress.__getitem__)
