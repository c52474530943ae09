"""A small worksheet in the examination's Japanese notation: just enough to compute the questions on it."""

import re
from collections.abc import Callable, Iterable
from math import floor
from typing import Any

Sheet = dict[str, Any]
Criterion = Callable[[Any], bool]

_CELL = r"(\$?)([A-Z])(\$?)(\d+)"
_SIGNS = {"≦": "<=", "≧": ">=", "＞": ">", "＜": "<", "＝": "==", "=": "=="}


def sheet(rows: Iterable[Iterable[Any]], first_row: int = 2, columns: str = "ABCDEF") -> Sheet:
    """Cells by name; None is an empty cell."""
    return {
        f"{column}{number}": value
        for number, row in enumerate(rows, first_row)
        for column, value in zip(columns, row, strict=False)
        if value is not None
    }


def copied(formula: str, down: int = 0, right: int = 0) -> str:
    def moved(found: re.Match[str]) -> str:
        fixed_column, column, fixed_row, row = found.groups()
        column = column if fixed_column else chr(ord(column) + right)
        return f"{fixed_column}{column}{fixed_row}{row if fixed_row else int(row) + down}"

    return re.sub(_CELL, moved, formula)


def value(formula: str, cells: Sheet) -> Any:
    """What a cell with this formula shows; None for a formula that finds nothing or divides by nothing."""
    text = formula.strip("`").replace("$", "")
    text = re.sub(r"([A-Z])(\d+):([A-Z])(\d+)", r"__range('\1', \2, '\3', \4)", text)
    text = re.sub(r"(?<![\w'])([A-Z]\d+)(?![\w'])", r"__cell('\1')", text)
    text = re.sub(
        r", ([≦≧＞＜＝])(__cell\('\w+'\)|\d+)", lambda m: f", lambda x: x {_SIGNS[m[1]]} {m[2]}", text
    )
    text = re.sub(r"[≦≧＞＜＝]|(?<![=<>])=(?!=)", lambda m: _SIGNS[m[0]], text)

    def the_range(left: str, top: int, right: str, bottom: int) -> list[list[Any]]:
        return [
            [cells.get(f"{chr(column)}{row}") for column in range(ord(left), ord(right) + 1)]
            for row in range(top, bottom + 1)
        ]

    names = {
        "__builtins__": {},
        **_FUNCTIONS,
        "__range": the_range,
        "__cell": lambda name: cells.get(name, 0),
    }
    try:
        return eval(text, names)
    except (StopIteration, ZeroDivisionError):
        return None


def the_one(choices: Iterable[str], holds: Callable[[str], bool]) -> str:
    """The choice that holds, where no other one does."""
    (found,) = [choice for choice in choices if holds(choice)]
    return found


def _flat(area: list[list[Any]]) -> list[Any]:
    return [item for row in area for item in row]


def _numbers(area: list[list[Any]]) -> list[Any]:
    return [item for item in _flat(area) if isinstance(item, int | float)]


def _rank(wanted: Any, area: list[list[Any]], descending: int) -> int:
    assert descending == 1
    return 1 + sum(1 for number in _numbers(area) if number > wanted)


def _sum_if(searched: list[list[Any]], criterion: Criterion, summed: list[list[Any]]) -> Any:
    pairs = zip(_flat(searched), _flat(summed), strict=True)
    return sum(number for item, number in pairs if isinstance(number, int | float) and criterion(item))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "合計": lambda area: sum(_numbers(area)),
    "平均": lambda area: sum(_numbers(area)) / len(_numbers(area)),
    "個数": lambda area: sum(item is not None for item in _flat(area)),
    "条件付個数": lambda area, criterion: sum(bool(criterion(number)) for number in _numbers(area)),
    "条件付合計": _sum_if,
    "整数部": floor,
    "剰余": lambda number, divisor: number % divisor,
    "論理積": lambda *conditions: all(conditions),
    "論理和": lambda *conditions: any(conditions),
    "IF": lambda condition, first, second: first if condition else second,
    "順位": _rank,
    "垂直照合": lambda wanted, area, column, _: next(row[column - 1] for row in area if row[0] == wanted),
    "照合一致": lambda wanted, area, _: 1 + next(i for i, item in enumerate(_flat(area)) if item == wanted),
    "表引き": lambda area, row, column: area[row - 1][column - 1],
}
