"""The answers of small category 12 (management systems), computed."""


def ip_12_002() -> str:
    return f"{4_000 * 5 * 3 * 30 // 100:,}"
