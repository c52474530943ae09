"""The answers of small category 52 (multimedia technology), computed."""


def ip_52_003() -> str:
    rate, bits, seconds = 16_000, 16, 50 * 60
    return str(rate * bits // 8 * seconds // 1_000_000)


def ip_52_004() -> str:
    megabits, megabits_a_second = 2_700 * 8, 1.2
    return str(round(megabits / megabits_a_second / 60))
