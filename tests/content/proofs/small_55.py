"""The answers of small category 55 (database design), computed."""


def ip_55_009() -> str:
    typed = ["31268", "37248", "37628", "57268"]
    [unseen] = [code for code in typed if sum(map(int, code[:4])) % 10 == int(code[4])]
    return unseen
