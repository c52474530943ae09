"""The answers of small category 53 (multimedia applications), computed."""


def ip_53_002() -> str:
    dots = 300
    return str((8 * dots) * (6 * dots) // 10_000)


def ip_53_003() -> int:
    return 7_680 * 4_320 // (1_920 * 1_080)
