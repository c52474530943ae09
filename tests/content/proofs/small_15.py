"""The answers of small category 15 (engineering systems), computed."""


def ip_15_007() -> int:
    stations = {"A": (1, 40), "B": (1 + 1, 60), "C": (1, 48)}
    slowest = max(seconds / machines for machines, seconds in stations.values())
    return int(3600 / slowest)
