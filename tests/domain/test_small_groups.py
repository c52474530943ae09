"""Numbers of groups: none that is small, and none that two others give away."""

from __future__ import annotations

from itertools import count, islice

from hypothesis import given
from hypothesis import strategies as st

from studyhub.domain.small_groups import SMALLEST_GROUP, is_too_small, publishable

SECTION, FIRST, SECOND, THIRD = range(1, 5)
TREE = {SECTION: [FIRST, SECOND, THIRD]}


def people(first: int, number: int) -> frozenset[int]:
    return frozenset(range(first, first + number))


def test_a_group_of_four_is_never_shown_and_one_of_five_is() -> None:
    assert is_too_small(4)
    assert not is_too_small(5)
    shown = publishable({FIRST: people(0, 4), SECOND: people(10, 5)}, {}, [FIRST, SECOND])
    assert shown == {SECOND}


def test_a_team_is_shown_beside_its_section_when_the_others_are_nobody_or_enough() -> None:
    a, b = people(0, 6), people(10, 7)
    assert publishable({SECTION: a | b, FIRST: a, SECOND: b, THIRD: people(0, 0)}, TREE, [SECTION]) == {
        SECTION,
        FIRST,
        SECOND,
    }


def test_a_small_team_takes_the_smallest_of_its_neighbours_along() -> None:
    """Else the section less the other teams would be the small team."""
    a, b, small = people(0, 9), people(20, 6), people(40, 3)
    units = {SECTION: a | b | small, FIRST: a, SECOND: b, THIRD: small}
    assert publishable(units, TREE, [SECTION]) == {SECTION, FIRST}


def test_the_few_who_stand_in_the_section_itself_are_not_given_away_either() -> None:
    a, own = people(0, 9), people(50, 2)
    assert publishable({SECTION: a | own, FIRST: a}, {SECTION: [FIRST]}, [SECTION]) == {SECTION}


def test_what_lies_below_a_withheld_unit_still_counts_against_the_one_above() -> None:
    bureau, division, section = 1, 2, 3
    tree = {bureau: [division], division: [section]}
    everybody = people(0, 12)
    units = {bureau: everybody, division: everybody - {0}, section: everybody - {0, 1}}
    assert publishable(units, tree, [bureau]) == {bureau}


@st.composite
def organisations(draw: st.DrawFn) -> tuple[dict[int, frozenset[int]], dict[int, list[int]]]:
    """Three levels; everybody stands in one unit and those above it."""
    numbers, newcomers = count(2), count(1)
    members = st.integers(0, 9).map(lambda size: frozenset(islice(newcomers, size)))
    children: dict[int, list[int]] = {1: []}
    own: dict[int, frozenset[int]] = {1: draw(members)}
    for _section in range(draw(st.integers(0, 4))):
        section = next(numbers)
        children[1].append(section)
        own[section], children[section] = draw(members), []
        for _team in range(draw(st.integers(0, 3))):
            team = next(numbers)
            children[section].append(team)
            own[team] = draw(members)

    def whole(unit: int) -> frozenset[int]:
        return own[unit].union(*(whole(below) for below in children.get(unit, ())))

    return {unit: whole(unit) for unit in own}, children


@given(organisations())
def test_no_difference_of_shown_units_is_a_small_group(
    organisation: tuple[dict[int, frozenset[int]], dict[int, list[int]]],
) -> None:
    units, children = organisation
    shown = publishable(units, children, [1])
    assert all(len(units[unit]) >= SMALLEST_GROUP for unit in shown)
    for unit in shown:
        nearest = shown_below(unit, shown, children)
        if nearest:
            left = len(units[unit]) - sum(len(units[each]) for each in nearest)
            assert left == 0 or left >= SMALLEST_GROUP


def shown_below(unit: int, shown: frozenset[int], children: dict[int, list[int]]) -> list[int]:
    found = []
    for below in children.get(unit, ()):
        found += [below] if below in shown else shown_below(below, shown, children)
    return found
