"""What the proofs of programs share. Arrays count from 1 in the examination, so an unused first element stands before the
others."""

from collections.abc import Sequence


def from_one(values: Sequence[int]) -> list[int]:
    return [0, *values]


def only(right: dict[str, bool]) -> str:
    """The one choice that holds."""
    found = [text for text, holds in right.items() if holds]
    assert len(found) == 1, found
    return found[0]
