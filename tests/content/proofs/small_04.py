"""The answers of small category 04 (intellectual property rights), computed."""

from datetime import date


def ip_04_005() -> str:
    today = date(2026, 11, 30)
    ends = {
        "P": date(2005 + 20, 10, 3),  # patent: 20 years from the application
        "Q": date(2021 + 25, 2, 1),  # design: 25 years from the application
        "R": date(2015 + 10, 1, 16),  # trade mark: 10 years from the registration
        "S": date(2012 + 70, 12, 31),  # copyright in a company's name: 70 years after publication
    }
    return "，".join(right for right, end in ends.items() if end >= today)


def ip_04_010() -> str:
    desks = [(30, 12), (10, 20)]  # staff, devices
    return f"{sum(min(staff * 7000, devices * 6000) for staff, devices in desks):,}"
