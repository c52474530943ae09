"""The answers of questions on algorithms and programs: the pseudo-language run in Python (second half).

Arrays count from 1 in the examination, so an unused first element stands before the others.
"""

from collections.abc import Callable
from itertools import pairwise, product

from tests.content.proofs.pseudo_language import from_one, only


def ip_37_014() -> str:
    def f(n: int) -> int:
        return 0 if n == 0 else f(n // 2) * 10 + n % 2

    return str(f(13))


def ip_37_015() -> str:
    steps: dict[str, Callable[[int], int]] = {
        "1": lambda i: 1,
        "2": lambda i: 2,
        "i": lambda i: i,
        "2 × i": lambda i: 2 * i,
    }

    def count(n: int, step: Callable[[int], int]) -> int:
        flag, c = [True] * (n + 1), 0
        for i in range(2, n + 1):
            if flag[i]:
                c += 1
                for j in range(2 * i, n + 1, step(i)):
                    flag[j] = False
        return c

    primes = [sum(all(k % d for d in range(2, k)) for k in range(2, n + 1)) for n in range(4, 60)]
    return only({text: [count(n, step) for n in range(4, 60)] == primes for text, step in steps.items()})


def ip_37_016() -> str:
    answers = [0, 4, 5, 4, 1, 3]

    def tally(change: Callable[[list[int], int], None]) -> list[int]:
        count = [0] * 6
        for i in range(1, len(answers)):
            change(count, i)
        return count[1:]

    def add_value(count: list[int], i: int) -> None:
        count[i] = count[i] + answers[i]

    def to_position(count: list[int], i: int) -> None:
        count[i] = count[answers[i]] + 1

    def add_one(count: list[int], i: int) -> None:
        count[answers[i]] = count[answers[i]] + 1

    def add_answer(count: list[int], i: int) -> None:
        count[answers[i]] = count[answers[i]] + answers[i]

    changes = {
        "count[i] ← count[i] ＋ answers[i]": add_value,
        "count[i] ← count[answers[i]] ＋ 1": to_position,
        "count[answers[i]] ← count[answers[i]] ＋ 1": add_one,
        "count[answers[i]] ← count[answers[i]] ＋ answers[i]": add_answer,
    }
    wanted = [answers[1:].count(value) for value in range(1, 6)]
    return only({text: tally(change) == wanted for text, change in changes.items()})


def ip_37_017() -> str:
    n, c = 6, 0
    for i in range(1, n):
        for _ in range(i + 1, n + 1):
            c += 1
    return str(c)


def ip_37_018() -> str:
    s, k = 0, 1
    while k <= 10:
        s += k
        k += 3
    return str(s)


def ip_37_020() -> str:
    def f(x: int) -> int:
        return x + 3

    def g(x: int) -> int:
        x = x * 2
        return f(x) * 2

    x = 2
    return str(g(f(x)) + x)


def ip_37_021() -> str:
    def program(data: list[int]) -> bool:
        ok = True
        for left, right in pairwise(data):
            ok = left <= right
        return ok

    arrays = ([1, 2, 3, 4], [1, 2, 4, 3], [1, 3, 2, 4], [4, 3, 2, 1])
    wrong = {"{" + ", ".join(map(str, a)) + "}": program(a) != (a == sorted(a)) for a in arrays}
    return only(wrong)


def ip_37_022() -> str:
    removed: dict[str, Callable[[int], int]] = {
        "visits[3]": lambda i: 3,
        "visits[i － 1]": lambda i: i - 1,
        "visits[i － 2]": lambda i: i - 2,
        "visits[i － 3]": lambda i: i - 3,
    }

    def peak(values: tuple[int, ...], gone: Callable[[int], int]) -> int:
        visits = from_one(values)
        m = s = sum(visits[1:4])
        for i in range(4, len(visits)):
            s += visits[i] - visits[gone(i)]
            m = max(m, s)
        return m

    def holds(gone: Callable[[int], int]) -> bool:
        series = product((10, 25, 40), repeat=6)
        return all(peak(v, gone) == max(sum(v[i : i + 3]) for i in range(4)) for v in series)

    return only({text: holds(gone) for text, gone in removed.items()})


def ip_37_023() -> str:
    lasts: dict[str, Callable[[int], int]] = {
        "4": lambda n: 4,
        "codeの要素数": lambda n: n,
        "(codeの要素数 － 3)": lambda n: n - 3,
        "(codeの要素数 － 4)": lambda n: n - 4,
    }

    def mask(code: str, last: int) -> str:
        return "".join("＊" if i <= last else char for i, char in enumerate(code, start=1))

    codes = ("AB123", "AB12345678")
    return only(
        {
            t: all(mask(c, last(len(c))) == "＊" * (len(c) - 4) + c[-4:] for c in codes)
            for t, last in lasts.items()
        }
    )


def ip_37_024() -> str:
    q, docs = [1, 0, 2], [[1, 0, 2], [3, 1, 0], [0, 2, 1], [2, 0, 1]]
    m, p = -1, 0
    for i, row in enumerate(docs, start=1):
        s = sum(a * b for a, b in zip(q, row, strict=True))
        if s > m:
            m, p = s, i
    return str(p)


def ip_37_025() -> str:
    words = ["今日", "は", "雨", "晴れ", "です"]
    freq = [[0, 8, 1, 2, 0], [1, 0, 5, 3, 0], [0, 2, 0, 1, 4], [0, 1, 2, 0, 6], [0, 0, 0, 0, 0]]
    current = 0
    output = words[current]
    for _ in range(3):
        best = 0
        for j in range(1, 5):
            if freq[current][j] > freq[current][best]:
                best = j
        current = best
        output += words[current]
    return output


def ip_37_026() -> int:
    stock, days, use = 1000, 0, 120
    while stock >= use:
        stock -= use
        days += 1
        use += 20
    return days
