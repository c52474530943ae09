"""The answers of questions on discrete mathematics, computed."""


def ip_33_004() -> str:
    ratios = {((n << 3) - n) / n for n in range(1, 200)}
    assert ratios == {7.0}
    return str(int(ratios.pop()))


def ip_33_005() -> str:
    only_two = {"transfer and card": 6, "card and phone": 5, "transfer and phone": 8}
    all_three = 4
    return str(sum(only_two.values()) + all_three)


def ip_33_008() -> str:
    return f"{200:02X}"


def ip_33_009() -> str:
    operations = {"閲覧": 1, "登録": 2, "修正": 4, "承認": 8, "削除": 16}
    return "，".join(name for name, weight in operations.items() if 13 & weight)


def ip_33_011() -> int:
    states = {"消灯": 0, "点滅": 1, "点灯": 2}
    number = 0
    for lamp in ("点灯", "点滅", "消灯", "点灯"):
        number = number * 3 + states[lamp]
    return number
