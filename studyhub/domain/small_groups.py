"""Which groups may be shown as numbers: none of fewer than five, and none that can be worked out from two others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SMALLEST_GROUP = 5


def is_too_small(people: int) -> bool:
    """Whether something about so many people as a group would be about persons."""
    return people < SMALLEST_GROUP


def publishable(
    people: Mapping[int, frozenset[int]], children: Mapping[int, Sequence[int]], roots: Sequence[int]
) -> frozenset[int]:
    """Ids of the units whose numbers may be shown to everybody who may see the whole tree.

    ``people`` are those of a unit with all below it; nobody stands in two units of which neither lies below the other.
    Whoever knows a unit and the shown ones below it can take these away from it: what is left must be nobody or a group
    that is large enough, else the smallest of the shown ones is withheld too. Complementary cell suppression; Hundepool
    et al., Statistical Disclosure Control (2012), 4.3.
    """
    shown = {unit for unit, members in people.items() if not is_too_small(len(members))}
    waiting = list(roots)
    while waiting:
        unit = waiting.pop()
        if unit not in shown:
            waiting.extend(children.get(unit, ()))
            continue
        nearest = _nearest_shown(unit, shown, children)
        while _leaves_few(people[unit], [people[each] for each in nearest]):
            shown.discard(min(nearest, key=lambda each: (len(people[each]), each)))
            nearest = _nearest_shown(unit, shown, children)
        waiting.extend(nearest)
    return frozenset(shown)


def _leaves_few(whole: frozenset[int], parts: Sequence[frozenset[int]]) -> bool:
    left = len(whole.difference(*parts))
    return bool(parts) and left > 0 and is_too_small(left)


def _nearest_shown(unit: int, shown: set[int], children: Mapping[int, Sequence[int]]) -> list[int]:
    """The units below that are shown while none between is."""
    found, waiting = [], list(children.get(unit, ()))
    while waiting:
        below = waiting.pop()
        if below in shown:
            found.append(below)
        else:
            waiting.extend(children.get(below, ()))
    return found
