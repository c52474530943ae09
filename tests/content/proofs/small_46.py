"""The answers of small category 46 (file systems), computed."""


def ip_46_005() -> str:
    differential = sum(10 * day for day in range(1, 7))
    incremental = sum(10 for _ in range(6))
    return str(differential - incremental)
