"""The answers of the questions written for the draft syllabus of FY2027, computed."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction


def ip2027_dx_mindset_008() -> str:
    """Trying first costs 200 but avoids spending 2,000 on a failure."""
    success, effect, cost, trial = Fraction(60, 100), 5000, 2000, 200
    at_once = success * effect - cost
    tried_first = success * (effect - cost) - trial
    return str(tried_first - at_once)


def ip2027_data_management_003() -> str:
    rows, empty = 400, [12, 30, 18]
    cells = rows * len(empty)
    return str(100 * (cells - sum(empty)) // cells)


def ip2027_data_management_004() -> int:
    first = set(range(480 - 20))
    shared = 110
    second = set(range(len(first) - shared, len(first) - shared + 360 - 10))
    assert len(first & second) == shared
    return len(first | second)


def ip2027_data_management_005() -> str:
    rows = [("30代", "東部")] * 3 + [("40代", "東部")] * 2 + [("40代", "西部")] * 3
    return str(min(Counter(rows).values()))


def ip2027_data_management_014() -> str:
    today = date(2026, 11, 20)
    records = {
        "P": (date(2020, 10, 15), 5, False),
        "Q": (date(2021, 4, 10), 5, False),
        "R": (date(2023, 3, 20), 3, False),
        "S": (date(2022, 6, 1), 3, True),
    }

    def over(closed: date, years: int) -> bool:
        fiscal_year = closed.year if closed.month >= 4 else closed.year - 1
        return today >= date(fiscal_year + 1 + years, 4, 1)

    return "，".join(
        name for name, (closed, years, asked_for) in records.items() if over(closed, years) and not asked_for
    )


def ip2027_ai_ethics_003() -> str:
    return str(100 * Fraction(27, 150) / Fraction(60, 200))
