"""The answers of small category 26 (development processes and methods), computed."""


def ip_26_005() -> str:
    remaining = [60, 56, 53, 47, 43, 40]
    days = len(remaining) - 1
    speed = (remaining[0] - remaining[-1]) / days
    return f"{remaining[-1] - speed * (10 - days):g}"
