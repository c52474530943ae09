"""The answers of small category 18 (information system strategy), computed."""

from itertools import combinations


def ip_18_006() -> str:
    return str(len(list(combinations(range(6), 2))) - 6)


def ip_18_008() -> str:
    projects = {"P": (50, 85), "Q": (40, 75), "R": (30, 50), "S": (20, 40)}
    affordable = [
        chosen
        for size in range(len(projects) + 1)
        for chosen in combinations(projects, size)
        if sum(projects[name][0] for name in chosen) <= 100
    ]
    return "，".join(max(affordable, key=lambda chosen: sum(projects[name][1] for name in chosen)))
