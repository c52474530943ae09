"""The bands of many people on the same topics: as in their skill maps, without the intervals that take most of the time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from studyhub.domain.mastery import Band, Evidence, band_and_share, total
from studyhub.domain.skill_map import Node

Wanted = int | None
"""Id of a topic, or None for everything together."""


@dataclass(frozen=True, slots=True)
class TopicCell:
    """What is shown of one person on one topic; never which answers it comes from."""

    band: Band = Band.NONE
    responses: int = 0
    last_at: datetime | None = None
    evidence_tenths: int = 0
    credit_tenths: int = 0


UNTOUCHED = TopicCell()


class Columns:
    """Where the answers of each source count, worked out once and used for everybody.

    A node has the evidence of each source that lands in its subtree, once; its prior is the field it stands in.
    """

    def __init__(
        self, nodes: Sequence[Node], landings: Mapping[int, Collection[int]], wanted: Sequence[Wanted]
    ) -> None:
        """``nodes`` with parents before children; ``landings`` says on which nodes a source lands."""
        parents = {node.id: node.parent_id for node in nodes}
        self.wanted = tuple(wanted)
        fields = [None if each is None else _upwards(each, parents)[-1] for each in wanted]
        places = {each: place for place, each in enumerate(dict.fromkeys([*wanted, *fields]))}
        self._places = [places[each] for each in wanted]
        self._fields = [places[each] for each in fields]
        self._count = len(places)
        self._adds_to = {
            source: _counts_in(landed, parents, places) for source, landed in landings.items() if landed
        }

    def cells(
        self, sources: Mapping[int, Evidence], now: datetime, since: datetime | None = None
    ) -> tuple[TopicCell, ...]:
        """One for each that is wanted. With ``since``, topics last answered before it count for nothing."""
        touched = dict(self.touched(sources, now, since))
        return tuple(touched.get(number, UNTOUCHED) for number in range(len(self.wanted)))

    def touched(
        self, sources: Mapping[int, Evidence], now: datetime, since: datetime | None = None
    ) -> Iterator[tuple[int, TopicCell]]:
        """The number of the column and its cell, for those with an answer."""
        sums = self._sums(sources, since)
        for number, (place, field) in enumerate(zip(self._places, self._fields, strict=True)):
            here, around = sums[place], sums[field]
            if here is not None and around is not None:
                band, _share = band_and_share(here, around, now)
                yield (
                    number,
                    TopicCell(band, here.responses, here.last_at, here.evidence_tenths, here.credit_tenths),
                )

    def _sums(self, sources: Mapping[int, Evidence], since: datetime | None) -> list[Evidence | None]:
        found: list[list[Evidence]] = [[] for _place in range(self._count)]
        for source, evidence in sources.items():
            if since is None or (evidence.last_at is not None and evidence.last_at >= since):
                for place in self._adds_to.get(source, ()):
                    found[place].append(evidence)
        return [total(parts) if parts else None for parts in found]


def _upwards(node_id: int, parents: Mapping[int, int | None]) -> list[int]:
    """The node itself and those above it, the field last."""
    found = [node_id]
    while (above := parents[found[-1]]) is not None:
        found.append(above)
    return found


def _counts_in(
    landed: Collection[int], parents: Mapping[int, int | None], places: Mapping[Wanted, int]
) -> tuple[int, ...]:
    reached: set[Wanted] = {
        above for node_id in landed if node_id in parents for above in _upwards(node_id, parents)
    }
    if reached:
        reached.add(None)
    return tuple(places[each] for each in reached if each in places)
