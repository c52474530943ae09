"""The answers of small category 19 (business processes), computed."""


def ip_19_006() -> str:
    before = 600 * 5 * 60
    after = 600 // 10 * 5 * 60 + 600 * 30
    return str((before - after) // 3600)
