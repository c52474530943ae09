"""The answers of small category 20 (solution business), computed."""


def ip_20_002() -> str:
    machines, yen = 5, 20
    before = machines * yen * 24 * 30
    after = machines * yen * 8 * 20
    return f"{before - after:,}円"
