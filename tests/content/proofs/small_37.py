"""The answers of questions on algorithms and programs: the pseudo-language run in Python.

Arrays count from 1 in the examination, so an unused first element stands before the others.
"""

from collections.abc import Callable, Sequence
from itertools import groupby, pairwise, permutations, product


def _from_one(values: Sequence[int]) -> list[int]:
    return [0, *values]


def _only(right: dict[str, bool]) -> str:
    """The one choice that holds."""
    found = [text for text, holds in right.items() if holds]
    assert len(found) == 1, found
    return found[0]


def ip_37_003() -> str:
    m, r = 3720, 0
    while m > 0:
        r = r * 10 + m % 10
        m //= 10
    return str(r)


def ip_37_004() -> str:
    goes_on: dict[str, Callable[[list[str], int, str], bool]] = {
        "(i が listの要素数 以下) and (list[i] が key と等しい)": lambda a, i, k: i < len(a) and a[i] == k,
        "(i が listの要素数 以下) and (list[i] が key と等しくない)": lambda a, i, k: (
            i < len(a) and a[i] != k
        ),
        "(i が listの要素数 より小さい) and (list[i] が key と等しくない)": (
            lambda a, i, k: i < len(a) - 1 and a[i] != k
        ),
        "(i が listの要素数 以下) or (list[i] が key と等しくない)": lambda a, i, k: i < len(a) or a[i] != k,
    }

    def find(names: list[str], key: str, test: Callable[[list[str], int, str], bool]) -> int:
        i = 1
        while i < 20 and test(names, i, key):
            i += 1
        return i if i < len(names) else 0

    def holds(test: Callable[[list[str], int, str], bool]) -> bool:
        try:
            found = [find(["", "p", "q", "r"], key, test) for key in "pqrs"]
        except IndexError:
            return False
        return found == [1, 2, 3, 0]

    return _only({text: holds(test) for text, test in goes_on.items()})


def ip_37_005() -> str:
    data, key = _from_one([3, 8, 12, 17, 24, 31, 40, 52, 66]), 17
    low, high, count = 1, len(data) - 1, 0
    while low <= high:
        mid = (low + high) // 2
        count += 1
        if data[mid] == key:
            return str(count)
        if data[mid] < key:
            low = mid + 1
        else:
            high = mid - 1
    return "0"


def ip_37_006() -> str:
    def ends(goal: int) -> bool:
        total = 0
        for _ in range(1000):
            if total == goal:
                return True
            total += 300
        return False

    return _only({str(goal): not ends(goal) for goal in (0, 300, 900, 1000)})


def ip_37_007() -> str:
    data = _from_one([7, 3, 9, 1, 5])
    for i in (1, 2):
        p = i
        for j in range(i + 1, len(data)):
            if data[j] < data[p]:
                p = j
        data[i], data[p] = data[p], data[i]
    return "，".join(map(str, data[1:]))


def ip_37_008() -> str:
    places: dict[str, Callable[[int, int], int]] = {
        "data[i]": lambda i, j: i,
        "data[i － 1]": lambda i, j: i - 1,
        "data[j]": lambda i, j: j,
        "data[j ＋ 1]": lambda i, j: j + 1,
    }

    def sorts(place: Callable[[int, int], int], values: tuple[int, ...]) -> bool:
        data = _from_one(values)
        for i in range(2, len(data)):
            x, j = data[i], i - 1
            while j >= 1 and data[j] > x:
                data[j + 1] = data[j]
                j -= 1
            data[place(i, j)] = x
        return data[1:] == sorted(values)

    return _only({t: all(sorts(p, v) for v in permutations((1, 2, 3, 4))) for t, p in places.items()})


def ip_37_009() -> str:
    def plain(values: list[int], first: int, last: int) -> bool:
        data, n = _from_one(values), len(values)
        for i in range(first, last + 1):
            w = data[i]
            data[i] = data[n - i + 1]
            data[n - i + 1] = w
        return data[1:] == values[::-1]

    def one_less(values: list[int]) -> bool:
        data, n = _from_one(values), len(values)
        for i in range(1, n + 1):
            if n - i < 1:
                return False
            data[i], data[n - i] = data[n - i], data[i]
        return data[1:] == values[::-1]

    def other_kept(values: list[int]) -> bool:
        data, n = _from_one(values), len(values)
        for i in range(1, n + 1):
            w = data[n - i + 1]
            data[i] = data[n - i + 1]
            data[n - i + 1] = w
        return data[1:] == values[::-1]

    six, five = [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5]
    assert not plain(six, 1, 6)
    return _only(
        {
            "forのiの最初の値を，1から2に変える。": plain(six, 2, 6) and plain(five, 2, 5),
            "forのiの最後の値を，nから n ÷ 2 の商 に変える。": plain(six, 1, 3) and plain(five, 1, 2),
            "data[n － i ＋ 1]を，2か所とも data[n － i] に変える。": one_less(six) and one_less(five),
            "wに代入する値を，data[i] から data[n － i ＋ 1] に変える。": other_kept(six)
            and other_kept(five),
        }
    )


def ip_37_010() -> str:
    def encode(text: str, start: int = 1, invert: int = 0, flush: int = 0, extra: int = 0) -> str:
        n, output = 1, ""
        for i in range(1, len(text) + extra):
            if i >= len(text):
                return "out of range"
            if (text[i] == text[i - 1]) != bool(invert):
                n += 1
            else:
                output += f"{text[i - 1]}{n}"
                n = start
        return output + (f"{text[-1]}{n}" if flush else "")

    def right(**change: int) -> bool:
        texts = ["".join(chars) for length in (1, 2, 5) for chars in product("AB", repeat=length)]
        wanted = ["".join(f"{char}{len(list(run))}" for char, run in groupby(text)) for text in texts]
        return [encode(text, **change) for text in texts] == wanted

    assert encode("AABAAA") == "A2B1"
    return _only(
        {
            "elseの中の“n ← 1”を，“n ← 0”に変える。": right(start=0),
            "ifの条件の“等しい”を，“等しくない”に変える。": right(invert=1),
            "endforの次に，最後の文字とnの値をつなげて出力する行を加える。": right(flush=1),
            "forの最後の値を，“textの要素数 ＋ 1”に変える。": right(extra=1),
        }
    )


def ip_37_011() -> str:
    tests: dict[str, Callable[[int, int], bool]] = {
        "(level[i] が limit より大きい) and (level[i － 1] が limit より大きい)": lambda a, b: (
            b > 50 and a > 50
        ),
        "(level[i] が limit より大きい) or (level[i － 1] が limit 以下)": lambda a, b: b > 50 or a <= 50,
        "(level[i] が limit 以下) and (level[i － 1] が limit より大きい)": lambda a, b: b <= 50 and a > 50,
        "(level[i] が limit より大きい) and (level[i － 1] が limit 以下)": lambda a, b: b > 50 and a <= 50,
    }
    series = list(product((10, 50, 60, 80), repeat=5))

    def rises(levels: tuple[int, ...]) -> int:
        marks = "".join("H" if level > 50 else "L" for level in levels)
        return marks.count("LH")

    return _only(
        {
            t: all(sum(test(a, b) for a, b in pairwise(s)) == rises(s) for s in series)
            for t, test in tests.items()
        }
    )


def ip_37_012() -> str:
    def program(age: int) -> int:
        if age < 6:
            return 0
        if age <= 18:
            return 200
        return 600 if age < 65 else 300

    def rule(age: int) -> int:
        return 0 if age < 6 else 200 if age < 18 else 600 if age < 65 else 300

    return _only({str(age): program(age) != rule(age) for age in (6, 17, 18, 65)})


def ip_37_013() -> str:
    a, b, out = [2, 5, 9], [3, 4, 8], list[int]()
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] < b[j]:
            out.append(a[i])
            i += 1
        else:
            out.append(b[j])
            j += 1
    return "，".join(map(str, out))


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
    return _only({text: [count(n, step) for n in range(4, 60)] == primes for text, step in steps.items()})


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
    return _only({text: tally(change) == wanted for text, change in changes.items()})


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
    return _only(wrong)


def ip_37_022() -> str:
    removed: dict[str, Callable[[int], int]] = {
        "visits[3]": lambda i: 3,
        "visits[i － 1]": lambda i: i - 1,
        "visits[i － 2]": lambda i: i - 2,
        "visits[i － 3]": lambda i: i - 3,
    }

    def peak(values: tuple[int, ...], gone: Callable[[int], int]) -> int:
        visits = _from_one(values)
        m = s = sum(visits[1:4])
        for i in range(4, len(visits)):
            s += visits[i] - visits[gone(i)]
            m = max(m, s)
        return m

    def holds(gone: Callable[[int], int]) -> bool:
        series = product((10, 25, 40), repeat=6)
        return all(peak(v, gone) == max(sum(v[i : i + 3]) for i in range(4)) for v in series)

    return _only({text: holds(gone) for text, gone in removed.items()})


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
    return _only(
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
