"""The answers of questions on algorithms and programs: the pseudo-language run in Python.

Arrays count from 1 in the examination, so an unused first element stands before the others.
"""

from collections.abc import Callable
from itertools import groupby, pairwise, permutations, product

from tests.content.proofs.pseudo_language import from_one, only


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

    return only({text: holds(test) for text, test in goes_on.items()})


def ip_37_005() -> str:
    data, key = from_one([3, 8, 12, 17, 24, 31, 40, 52, 66]), 17
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

    return only({str(goal): not ends(goal) for goal in (0, 300, 900, 1000)})


def ip_37_007() -> str:
    data = from_one([7, 3, 9, 1, 5])
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
        data = from_one(values)
        for i in range(2, len(data)):
            x, j = data[i], i - 1
            while j >= 1 and data[j] > x:
                data[j + 1] = data[j]
                j -= 1
            data[place(i, j)] = x
        return data[1:] == sorted(values)

    return only({t: all(sorts(p, v) for v in permutations((1, 2, 3, 4))) for t, p in places.items()})


def ip_37_009() -> str:
    def plain(values: list[int], first: int, last: int) -> bool:
        data, n = from_one(values), len(values)
        for i in range(first, last + 1):
            w = data[i]
            data[i] = data[n - i + 1]
            data[n - i + 1] = w
        return data[1:] == values[::-1]

    def one_less(values: list[int]) -> bool:
        data, n = from_one(values), len(values)
        for i in range(1, n + 1):
            if n - i < 1:
                return False
            data[i], data[n - i] = data[n - i], data[i]
        return data[1:] == values[::-1]

    def other_kept(values: list[int]) -> bool:
        data, n = from_one(values), len(values)
        for i in range(1, n + 1):
            w = data[n - i + 1]
            data[i] = data[n - i + 1]
            data[n - i + 1] = w
        return data[1:] == values[::-1]

    six, five = [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5]
    assert not plain(six, 1, 6)
    return only(
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
    return only(
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

    return only(
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

    return only({str(age): program(age) != rule(age) for age in (6, 17, 18, 65)})


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
