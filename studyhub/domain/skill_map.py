"""A syllabus as a map of what an officer can do: evidence on each node, also when it was gathered under another syllabus.

A source is a topic that answers were given on. It lands on nodes of the syllabus one looks through (the lens): on
itself, or on what it is mapped to. A node has the evidence of each source that lands in its subtree, once, however
many of its topics the source is mapped to; so the totals are the same through every lens that maps all sources.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from studyhub.domain.mastery import Band, Evidence, Mastery, estimate, total


@dataclass(frozen=True, slots=True)
class Node:
    id: int
    key: str
    parent_id: int | None
    level: str
    depth: int
    name: str
    name_en: str
    share: float | None
    """Share of the examination in percent, where one is known."""


@dataclass(frozen=True, slots=True)
class Cell:
    node: Node
    mastery: Mastery
    topics: int
    """Leaves at or below the node."""
    exam_share: float | None
    """In percent: the node's own, or its part of the nearest one above that has one, by number of leaves."""


@dataclass(frozen=True, slots=True)
class SkillMap:
    """``cells`` in the order of the tree, parents before children; ``whole`` is everything together."""

    cells: tuple[Cell, ...]
    whole: Mastery
    unmapped: frozenset[int]
    """Sources with answers that land nowhere in this syllabus."""

    @property
    def leaves(self) -> tuple[Cell, ...]:
        parents = {cell.node.parent_id for cell in self.cells}
        return tuple(cell for cell in self.cells if cell.node.id not in parents)

    def under(self, key: str) -> tuple[Cell, ...]:
        """The cells below the node, without itself."""
        within = {cell.node.id for cell in self.cells if cell.node.key == key}
        found = []
        for cell in self.cells:
            if cell.node.parent_id in within:
                within.add(cell.node.id)
                found.append(cell)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Highlights:
    """The things worth knowing: how far one is, what is weakest, and what is fading or has not been met."""

    bands: Mapping[Band, int]
    """Leaves in each band."""
    weakest: Cell | None
    unseen: Cell | None
    fading: tuple[Cell, ...]
    """Longest ago first."""


def map_skills(
    nodes: Sequence[Node],
    sources: Mapping[int, Evidence],
    landings: Mapping[int, Collection[int]],
    now: datetime,
) -> SkillMap:
    """``nodes`` with parents before children; ``landings`` says on which nodes a source lands."""
    landed = _landed(nodes, sources, landings)
    evidence = {node_id: total(sources[source] for source in found) for node_id, found in landed.items()}
    roots = _roots(nodes)
    leaves = _leaf_counts(nodes)
    shares = _exam_shares(nodes, leaves)
    cells = tuple(
        Cell(
            node,
            estimate(evidence[node.id], evidence[roots[node.id]], now),
            leaves[node.id],
            shares[node.id],
        )
        for node in nodes
    )
    everywhere = frozenset[int]().union(*landed.values())
    whole = total(sources[source] for source in everywhere)
    return SkillMap(cells, estimate(whole, whole, now), frozenset(sources) - everywhere)


def highlights(skills: SkillMap) -> Highlights:
    leaves = skills.leaves
    bands = {band: sum(cell.mastery.band is band for cell in leaves) for band in Band}
    weak = [cell for cell in leaves if cell.mastery.band is Band.WEAK]
    unseen = [cell for cell in leaves if cell.mastery.band is Band.NONE]
    fading = sorted((cell for cell in leaves if cell.mastery.fading), key=_last_at)
    return Highlights(
        bands,
        _heaviest(weak, lambda cell: 1 - cell.mastery.share),
        _heaviest(unseen, lambda cell: 1.0),
        tuple(fading),
    )


def _heaviest(cells: Iterable[Cell], gain: Callable[[Cell], float]) -> Cell | None:
    """Where there is most to gain in the examination; the first in the tree among equals."""
    return max(cells, key=lambda cell: (cell.exam_share or 1.0) * gain(cell), default=None)


def _last_at(cell: Cell) -> datetime:
    assert cell.mastery.last_at is not None  # what fades was once answered
    return cell.mastery.last_at


def _landed(
    nodes: Sequence[Node], sources: Mapping[int, Evidence], landings: Mapping[int, Collection[int]]
) -> dict[int, set[int]]:
    landed: dict[int, set[int]] = {node.id: set() for node in nodes}
    for source in sources:
        for node_id in landings.get(source, ()):
            if node_id in landed:
                landed[node_id].add(source)
    for node in reversed(nodes):
        if node.parent_id in landed:
            landed[node.parent_id] |= landed[node.id]
    return landed


def _roots(nodes: Sequence[Node]) -> dict[int, int]:
    roots: dict[int, int] = {}
    for node in nodes:
        roots[node.id] = node.id if node.parent_id is None else roots[node.parent_id]
    return roots


def _leaf_counts(nodes: Sequence[Node]) -> dict[int, int]:
    parents = {node.parent_id for node in nodes}
    counts = {node.id: int(node.id not in parents) for node in nodes}
    for node in reversed(nodes):
        if node.parent_id is not None:
            counts[node.parent_id] += counts[node.id]
    return counts


def _exam_shares(nodes: Sequence[Node], leaves: Mapping[int, int]) -> dict[int, float | None]:
    shares: dict[int, float | None] = {}
    for node in nodes:
        above = None if node.parent_id is None else shares[node.parent_id]
        if node.share is not None:
            shares[node.id] = node.share
        elif above is None or node.parent_id is None:
            shares[node.id] = None
        else:
            shares[node.id] = above * leaves[node.id] / leaves[node.parent_id]
    return shares
