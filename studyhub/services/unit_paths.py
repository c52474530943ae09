"""Finding units by the names on the way down to them, as tables write them, and noting those still to be opened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from studyhub.domain.organisation import Chart, Level, Unit

Path = tuple[tuple[Level, str], ...]


class _Open(NamedTuple):
    code: str
    last_day: date | None


class UnitPaths:
    """A unit's lasting name is its code, or for one to be opened its path."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = tuple(units)
        self._open: dict[date, dict[Path, _Open]] = {}
        self._openings: dict[Path, date] | None = None
        self._new: dict[Path, date] = {}

    def name_for(self, path: Path, day: date) -> str:
        """Notes the unit, and those above it, as new when they are not open on ``day``."""
        found = self._on(day).get(path)
        if found is not None:
            return found.code
        for depth in range(1, len(path) + 1):
            part = path[:depth]
            if part not in self._on(day):
                self._new[part] = min(day, self._new.get(part, day))
        return "/".join(f"{level}:{name}" for level, name in path)

    def opens_later(self, path: Path, day: date) -> date | None:
        """The day on which a unit of this path opens, when it is not open yet on ``day``."""
        if path in self._on(day):
            return None
        if self._openings is None:
            starts = sorted({unit.period.starts_on for unit in self._units}, reverse=True)
            self._openings = {path: start for start in starts for path in self._on(start)}
        opening = self._openings.get(path)
        return opening if opening is not None and opening > day else None

    def closes(self, path: Path, day: date) -> tuple[Path, date] | None:
        """The unit, or the lowest one above it when it is still to be opened, and its last day if it has one."""
        for depth in range(len(path), 0, -1):
            found = self._on(day).get(path[:depth])
            if found is not None:
                return (path[:depth], found.last_day) if found.last_day is not None else None
        return None

    def new(self) -> list[tuple[Path, date]]:
        """Parents before children; a unit opens on the first day that somebody has a post in it."""
        return sorted(self._new.items(), key=lambda item: (len(item[0]), item[0]))

    def _on(self, day: date) -> dict[Path, _Open]:
        if day not in self._open:
            chart = Chart(self._units, (), day)
            open_units = [unit for unit in self._units if chart.unit(unit.id) is unit]
            self._open[day] = {
                tuple((above.level, above.name) for above in chart.path(unit.id)): _Open(
                    unit.code, chart.last_day(unit.id)
                )
                for unit in open_units
            }
        return self._open[day]
