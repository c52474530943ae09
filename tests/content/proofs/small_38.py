"""The answers of questions on programming languages, as far as a program decides them."""


def ip_38_004() -> str:
    def first(adult: int, child: int) -> int:
        a = adult * 600
        if adult >= 20:
            a -= a // 10
        c = child * 300
        if child >= 20:
            c -= c // 10
        return a + c

    def fee(n: int, price: int) -> int:
        x = n * price
        if n >= 20:
            x -= x // 10
        return x

    people = [(adult, child) for adult in range(30) for child in range(30)]
    assert all(first(a, c) == fee(a, 600) + fee(c, 300) for a, c in people)
    return "団体の割引の条件が改定されたとき，直す箇所が一つで済む。"


def ip_38_006() -> str:
    data = [10.0, 20.0, 30.0]
    result = sum(data[1:]) / (len(data) - 1)
    assert result == 25.0 != sum(data) / len(data)
    return "論理エラー"
