"""The answers of small category 2 (business analysis and data use), computed."""

from fractions import Fraction
from itertools import accumulate, count
from math import ceil


def ip_02_001() -> str:
    sales = [320, 240, 120, 60, 40, 20]
    return str(sum(total * 100 <= sum(sales) * 70 for total in accumulate(sales)))


def ip_02_003() -> str:
    values = [11, 13, 10, 14, 13, 15, 14, 16, 13, 15, 17, 19]
    run = side = 0
    for day, value in enumerate(values, start=1):
        now = (value > 12) - (value < 12)
        run = run + 1 if now == side else 1
        side = now
        if not 6 <= value <= 18 or (side and run >= 7):
            return str(day)
    return ""


def ip_02_004() -> str:
    complaints = [80, 50, 30, 24, 16]
    saved = 80 * 50 // 100 + 50 * 40 // 100
    return str(saved * 100 // sum(complaints))


def guards(temperature: int) -> int:
    return ceil((60 * temperature - 1200) / 40)


def ip_02_006() -> str:
    return str(guards(33) - guards(30))


def ip_02_007() -> float:
    procedures = [(120, 8), (60, 14), (20, 35)]
    return sum(n * minutes for n, minutes in procedures) / sum(n for n, _ in procedures)


def ip_02_008() -> str:
    reorder_point = 40 * 6 + 100
    return str(next(days for days in count() if 500 - 40 * days <= reorder_point))


def ip_02_009() -> str:
    return str(min(range(1, 1201), key=lambda lot: Fraction(1200 * 5000, lot) + Fraction(lot * 300, 2)))


def ip_02_010() -> str:
    outside, inside = (100 * 7 - 20 * 3) / 10, (70 * 7 + 60 * 3) / 10
    name, value = max(("屋外", outside), ("屋内", inside), key=lambda plan: plan[1])
    return f"{name}，{value:g}"


def ip_02_011() -> str:
    table = {"39歳以下": (240, 100, 60), "40～64歳": (300, 220, 80), "65歳以上": (60, 300, 40)}
    totals = [sum(column) for column in zip(*table.values(), strict=True)]
    most = max(table, key=lambda age: table[age][0])
    highest = max(table, key=lambda age: table[age][0] / sum(table[age]))
    statements = {
        "65歳以上では，窓口の件数が郵送の件数の8倍を超えている。": 300 > 8 * 40,
        "全ての年代の合計では，三つの方法のうちオンラインの件数が最も多い。": totals[0] == max(totals),
        "40～64歳では，申請の半数がオンラインで行われている。": sum(table["40～64歳"]) == 300 * 2,
        "オンラインの件数が最も多い年代は，オンラインの割合も最も高い。": most == highest,
    }
    (true_one,) = [text for text, holds in statements.items() if holds]
    return true_one


def ip_02_012() -> str:
    sales = 32 / 80 > 6 / 20
    engineering = 18 / 20 > 64 / 80
    together = (32 + 18) / (80 + 20) > (6 + 64) / (20 + 80)
    texts = {
        (True, True, False): "どちらの部門でもPのほうが高いが，二つの部門の合計ではQのほうが高い。",
        (False, False, False): "どちらの部門でもQのほうが高く，二つの部門の合計でもQのほうが高い。",
        (
            True,
            False,
            False,
        ): "営業部門ではP，技術部門ではQのほうが高く，二つの部門の合計ではQのほうが高い。",
        (True, True, True): "どちらの部門でもPのほうが高く，二つの部門の合計でもPのほうが高い。",
    }
    return texts[sales, engineering, together]


def ip_02_023() -> str:
    plans = [(x, y) for x in range(9) for y in range(9) if 2 * x + y <= 16 and x + 2 * y <= 14]
    return str(max(5 * x + 4 * y for x, y in plans))


def fee(resident: bool, age: int, weekday: bool) -> int:
    if resident and age >= 65:
        return 0 if weekday else 500
    return 800 if resident or weekday else 1000


def ip_02_025() -> str:
    return f"{fee(True, 70, False) + fee(True, 40, True) + fee(False, 70, True):,}"
