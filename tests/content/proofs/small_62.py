"""Proofs of the keys of small category 62."""

from __future__ import annotations


def ip_62_005() -> str:
    """The cheapest plan whose remaining risk is at most 8."""
    plans = {"P": (5, 2, 60), "Q": (2, 4, 90), "R": (4, 2, 120), "S": (4, 1, 200)}
    accepted = {name: cost for name, (impact, likelihood, cost) in plans.items() if impact * likelihood <= 8}
    return min(accepted, key=lambda name: accepted[name])


def ip_62_006() -> str:
    """The plan with the largest difference between the loss it avoids and its cost."""
    plans = {"A": (1, 200, 300), "B": (4, 120, 100), "C": (2, 150, 150), "D": (0.5, 200, 450)}
    now = 4 * 200
    return max(plans, key=lambda name: now - plans[name][0] * plans[name][1] - plans[name][2])


def ip_62_007() -> int:
    """Wrong addressees that remain after three quarters of them are stopped."""
    wrong = 4000 * 3 // 1000
    return wrong - wrong * 75 // 100
