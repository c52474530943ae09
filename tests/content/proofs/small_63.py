"""Proofs of the keys of small category 63."""

from __future__ import annotations


def ip_63_005() -> int:
    """Shared keys for each pair of 20 offices, less a pair of keys for each office."""
    offices = 20
    return offices * (offices - 1) // 2 - offices * 2


def ip_63_006() -> str:
    """The rule that allows the most passwords, with the rounded powers that the question gives."""
    plans = {"P": 10**12, "Q": 460_000**2, "R": 240_000**2, "S": 1_680_000**2}
    exact = {"P": 10**12, "Q": 26**8, "R": 62**6, "S": 36**8}
    best = max(plans, key=lambda name: plans[name])
    assert best == max(exact, key=lambda name: exact[name])
    return best


def ip_63_007() -> str:
    """The only choice with the check value of 256."""

    def value(number: str) -> int:
        return sum(weight * int(digit) for weight, digit in enumerate(number, start=1)) % 7

    (key,) = [number for number in ("234", "265", "323", "346") if value(number) == value("256")]
    return key


def ip_63_036() -> str:
    """Per cent of the mails judged to be attacks that are attacks."""
    found, mistaken = 80, 120
    return str(found * 100 // (found + mistaken))


def ip_63_050() -> str:
    """Machines in the order of the events, each clock put right (minutes after ten, minutes fast)."""
    logs = {"認証サーバ": (8, 3), "VPN装置": (7, 0), "ファイルサーバ": (2, -10)}
    return "，".join(sorted(logs, key=lambda name: logs[name][0] - logs[name][1]))
