"""The answers of small category 27 (project management), computed."""

from itertools import product
from math import comb

Tasks = dict[str, tuple[int, str]]  # name: days, letters of the tasks that must be finished first


def finishes(tasks: Tasks) -> dict[str, int]:
    done: dict[str, int] = {}
    for name, (days, before) in tasks.items():  # listed so that predecessors come first
        done[name] = days + max((done[other] for other in before), default=0)
    return done


def duration(tasks: Tasks) -> int:
    return max(finishes(tasks).values())


def longer(tasks: Tasks, name: str, by: int) -> Tasks:
    return {**tasks, name: (tasks[name][0] + by, tasks[name][1])}


def ip_27_001() -> str:
    tasks = {
        "A": (3, ""),
        "B": (5, ""),
        "C": (6, "A"),
        "D": (2, "B"),
        "E": (7, "B"),
        "F": (4, "CD"),
        "G": (2, "E"),
    }
    return str(duration(tasks))


def ip_27_002() -> str:
    per_person_month = 30 / (6 * 4)
    people = next(n for n in range(6, 100) if per_person_month * n * 6 >= 70)
    return str(people - 6)


def ip_27_018() -> str:
    return str(duration({"A": (5, ""), "B": (3, ""), "C": (3, "A"), "D": (6, "AB"), "E": (2, "C")}))


def ip_27_019() -> str:
    tasks = {"A": (4, ""), "B": (6, ""), "C": (5, "A"), "D": (3, "A"), "E": (4, "BD"), "F": (2, "CE")}
    whole = duration(tasks)
    return str(max(delay for delay in range(20) if duration(longer(tasks, "C", delay)) == whole))


def ip_27_020() -> str:
    tasks = {"A": (5, ""), "B": (7, "A"), "C": (6, "A"), "D": (4, "BC")}
    price = {"A": 8, "B": 4, "C": 3, "D": 10}
    target = duration(tasks) - 2
    costs = []
    for cuts in product(range(3), repeat=4):
        shorter: Tasks = tasks
        for name, cut in zip(tasks, cuts, strict=True):
            shorter = longer(shorter, name, -cut)
        if duration(shorter) <= target:
            costs.append(sum(price[name] * cut for name, cut in zip(tasks, cuts, strict=True)))
    return str(min(costs))


def ip_27_023() -> str:
    tasks = {"A": (1, 3, 3), "B": (1, 2, 2), "C": (3, 3, 2), "D": (4, 3, 3), "E": (4, 2, 1), "F": (7, 1, 4)}
    fits = []
    for name, delay in (("E", 2), ("E", 1), ("C", 1), ("D", 2)):
        start, days, people = tasks[name]
        plan = {**tasks, name: (start + delay, days, people)}
        after = max(plan[other][0] + plan[other][1] for other in "CD")
        plan["F"] = (max(7, after), 1, 4)
        end = max(first + length - 1 for first, length, _ in plan.values())
        loads = [sum(p for s, n, p in plan.values() if s <= day < s + n) for day in range(1, end + 1)]
        if end <= 7 and max(loads) <= 5:
            fits.append(f"作業{name}の開始を{delay}日遅らせる。")
    assert len(fits) == 1
    return fits[0]


def ip_27_026() -> str:
    tasks = {"A": (4, ""), "B": (5, "A"), "C": (9, "A"), "D": (6, "B"), "E": (4, "C"), "F": (3, "DE")}
    return str(duration(tasks) - duration(longer(tasks, "C", -5)))


def ip_27_027() -> float:
    return (4 + 4 * 7 + 16) / 6


def ip_27_029() -> str:
    budget = [(400, 1, 2), (600, 2, 4), (500, 4, 5), (100, 5, 5)]
    planned = (
        cost / (last - first + 1)
        for cost, first, last in budget
        for month in range(first, last + 1)
        if month <= 3
    )
    return f"{sum(planned):g}"


def ip_27_031() -> str:
    efficiency = 900 / 1200
    return f"{2400 / efficiency:,.0f}"


def ip_27_032() -> str:
    work = 20 * 1.5 + 12 * 2 + 6 * 1
    return f"{work / (3 * 0.5) / 20:g}"


def ip_27_037() -> str:
    events = [(300, 20), (500, 10), (200, 30), (-100, 40)]
    return f"{sum(effect * percent for effect, percent in events) / 100:g}"


def ip_27_044() -> str:
    return str(comb(12, 2) - (3 * comb(4, 2) + comb(3, 2)))


def ip_27_045() -> str:
    progress = [(10, 100), (20, 60), (15, 20), (5, 0)]
    return f"{sum(work * rate for work, rate in progress) / sum(work for work, _ in progress):g}"


def ip_27_050() -> str:
    programs = {"P": (8, 32), "Q": (12, 30), "R": (5, 24), "S": (6, 19)}
    (outside,) = [name for name, (size, faults) in programs.items() if not 3 <= faults / size <= 5]
    return outside


def ip_27_052() -> str:
    first_run = 240 / (4 * 6)
    second_run = 240 * 20 / 100 / (4 * 6)
    return f"{first_run + 3 + second_run:g}"
