"""The answers of small category 06 (labour and transaction laws), computed."""


def ip_06_003() -> int:
    overtime = range(18, 23)  # the hours beginning at 18, 19, 20, 21 and 22 o'clock
    return sum(2000 * (125 + (25 if hour >= 22 else 0)) // 100 for hour in overtime)
