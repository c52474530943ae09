"""The answers of small category 49 (hardware), computed."""


def ip_49_003() -> str:
    pixels = (4 * 300) * (6 * 300)
    return f"{pixels * 24 / 8 / 1_000_000:g}"


def ip_49_009() -> int:
    return 1500 // (25 + 50)
