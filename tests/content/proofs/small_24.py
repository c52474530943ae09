"""Answers, computed, of the questions on procurement."""


def ip_24_005() -> str:
    bids = {"P社": (200, 5000), "Q社": (270, 5400), "R社": (198, 4500), "S社": (168, 4000)}
    within_limit = {name: points / price for name, (points, price) in bids.items() if price <= 5000}
    return max(within_limit, key=within_limit.__getitem__)


def ip_24_015() -> str:
    offers = {"W社": (2400, 420, 0), "X社": (1500, 640, 0), "Y社": (3000, 280, 300), "Z社": (2000, 460, 100)}
    totals = {name: first + 5 * yearly + last for name, (first, yearly, last) in offers.items()}
    return min(totals, key=totals.__getitem__)
