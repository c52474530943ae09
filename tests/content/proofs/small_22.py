"""Answers, computed, of the questions on planning a system."""

from decimal import Decimal


def ip_22_002() -> str:
    saved_a_year = 480 + 360 - 240
    return str(Decimal(2520) / saved_a_year)


def ip_22_006() -> float:
    return next(year for year in range(1, 100) if 1200 + 200 * year == 300 + 380 * year)
