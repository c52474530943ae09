"""The answers of small category 10 (marketing), computed."""

from fractions import Fraction


def ip_10_002() -> str:
    started, entered, confirmed = 4_000, 2_000, 1_800
    after = Fraction(started * 65, 100) * Fraction(confirmed, entered)
    return str(after - confirmed)


def points(value: int, two: int, three: int) -> int:
    return 3 if value >= three else 2 if value >= two else 1


def ip_10_003() -> str:
    customers = {
        "顧客1": (120, 15, 80_000),
        "顧客2": (60, 12, 30_000),
        "顧客3": (25, 6, 15_000),
        "顧客4": (20, 3, 60_000),
    }
    totals = {
        name: 2 * points(-days, -90, -30) + points(times, 5, 10) + points(yen, 20_000, 50_000)
        for name, (days, times, yen) in customers.items()
    }
    return max(totals, key=totals.__getitem__)


def ip_10_006() -> str:
    areas = {
        "価格が安く，量が多い。": (150, 5),
        "価格が高く，量が多い。": (80, 1),
        "価格が安く，量が少ない。": (135, 2),
        "価格が高く，量が少ない。": (60, 1),
    }
    return max(areas, key=lambda area: areas[area][0] / (areas[area][1] + 1))


def ip_10_011() -> float:
    budget = 600_000
    clicks, orders = budget // 40, budget // 2_000
    return orders * 100 / clicks
