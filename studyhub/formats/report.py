"""What a reader of files has to say: every fault with its place and a sentence a lecturer understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Literal, TypeVar

from studyhub.formats.messages import MESSAGES

Item = TypeVar("Item")
Language = Literal["ja", "en"]


class Severity(StrEnum):
    """An error keeps the item out; a warning lets it in."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """`line` counts from 1 and is 0 where the whole file or pool is meant; `item` is its key, if it has one."""

    severity: Severity
    file: str
    line: int
    code: str
    item: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: Language = "ja") -> str:
        japanese, english = MESSAGES[self.code]
        return (japanese if language == "ja" else english) % self.params

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        named = f" [{self.item}]" if self.item else ""
        return f"{place}: {self.severity}{named} {self.sentence()} ({self.code})"


@dataclass(frozen=True, slots=True)
class Report:
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)

    @property
    def ok(self) -> bool:
        return not self.errors

    @property
    def faulty_items(self) -> frozenset[str]:
        """Keys of the items that have an error of their own."""
        return frozenset(finding.item for finding in self.errors if finding.item)

    def __add__(self, other: Report) -> Report:
        return Report(self.findings + other.findings)


@dataclass(frozen=True, slots=True)
class Located(Generic[Item]):
    """Something that was read, and where it stands."""

    item: Item
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Reading(Generic[Item]):
    """All items that could be read, and what is to be said about the others."""

    items: tuple[Located[Item], ...]
    report: Report
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field -> letter of its column, where the items stand in a table."""


class Findings:
    """Collects findings while a file is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Finding] = []

    def error(self, code: str, line: int, item: str = "", /, **params: object) -> None:
        self._found.append(Finding(Severity.ERROR, self.file, line, code, item, params))

    def warning(self, code: str, line: int, item: str = "", /, **params: object) -> None:
        self._found.append(Finding(Severity.WARNING, self.file, line, code, item, params))

    def add(self, findings: Iterable[Finding]) -> None:
        self._found.extend(findings)

    @property
    def error_count(self) -> int:
        return sum(finding.severity is Severity.ERROR for finding in self._found)

    def report(self) -> Report:
        return Report(tuple(sorted(self._found, key=lambda finding: (finding.file, finding.line))))
