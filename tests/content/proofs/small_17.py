"""The answers of small category 17 (IoT and embedded systems), computed."""


def ip_17_010() -> str:
    sendings = 24 * 60 // 10 * 30
    return f"{200 * sendings * 1000 // 1_000_000:,}"
