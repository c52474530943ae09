"""The answers of small category 13 (technology strategy), computed."""


def ip_13_007() -> str:
    market, adopters = 50_000, 6_500
    return f"{market * (25 + 135) // 1000 - adopters:,}"
