"""The answers of small category 21 (use and promotion of systems), computed."""


def ip_21_002() -> int:
    licences_and_users = [(80, 62), (150, 117), (70, 46)]
    unused = sum(licences - users for licences, users in licences_and_users)
    return (unused - 15) * 1500 * 12 // 10000
