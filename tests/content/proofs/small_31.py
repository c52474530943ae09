"""The answers of small category 31 (system audit), computed."""

from fractions import Fraction


def ip_31_012() -> str:
    systems = {"A": (3, 3, 1), "B": (4, 3, 2), "C": (2, 4, 5), "D": (5, 2, 1), "E": (1, 3, 6)}
    points = {name: impact * chance + years for name, (impact, chance, years) in systems.items()}
    return "，".join(sorted(sorted(points, key=lambda name: -points[name])[:2]))


def ip_31_018() -> str:
    controls = {"P": (40, 1, 5), "Q": (60, 3, 4), "R": (50, 3, 6), "S": (25, 2, 5)}
    return "，".join(
        name
        for name, (sample, deviations, allowed) in controls.items()
        if Fraction(deviations, sample) > Fraction(allowed, 100)
    )
