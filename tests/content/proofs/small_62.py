"""Proofs of the keys of small category 62."""

from __future__ import annotations


def ip_62_005() -> str:
    """The cheapest plan whose remaining risk is at most 8."""
    plans = {"P": (5, 2, 60), "Q": (2, 4, 90), "R": (4, 2, 120), "S": (4, 1, 200)}
    accepted = {name: cost for name, (impact, likelihood, cost) in plans.items() if impact * likelihood <= 8}
    return min(accepted, key=lambda name: accepted[name])


def ip_62_006() -> str:
    """The asset with the largest risk value, its worth being the largest of three marks."""
    assets = {"P": ((2, 2, 2), 3, 2), "Q": ((3, 3, 3), 1, 3), "R": ((3, 1, 1), 2, 3), "S": ((1, 1, 1), 3, 3)}
    return max(assets, key=lambda name: max(assets[name][0]) * assets[name][1] * assets[name][2])


def ip_62_007() -> int:
    """Wrong addressees that remain after three quarters of them are stopped."""
    wrong = 4000 * 3 // 1000
    return wrong - wrong * 75 // 100
