"""The answers of small category 30 (facility management), computed."""

from fractions import Fraction


def ip_30_002() -> str:
    minutes = Fraction(500, 250 * 4) * 60
    return str(minutes - 12)


def ip_30_003() -> str:
    sites = {"P": (1800, 1200), "Q": (2100, 1500), "R": (960, 600), "S": (2600, 2000)}
    return min(sites, key=lambda name: Fraction(*sites[name]))


def ip_30_008() -> str:
    return str(max(96, 104, 88, 110, 82) * 110 // 100)


def ip_30_010() -> str:
    return str(3 * 12 * (35 + 20) - 1200)
