"""The answers of small category 42 (input and output devices), computed."""


def ip_42_004() -> str:
    return str(6 * 10**9 * 8 // (480 * 10**6 // 2))
