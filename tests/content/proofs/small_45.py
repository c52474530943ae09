"""The answers of small category 45 (operating systems), computed."""


def ip_45_003() -> str:
    left = {"A": 3, "B": 5, "C": 2}
    ended: dict[str, int] = {}
    now = 0
    while left:
        for task in list(left):
            now += 1
            left[task] -= 1
            if not left[task]:
                ended[task] = now
                del left[task]
    return str(ended["A"])


def ip_45_008() -> str:
    return str(2**32 // 2**30)
