"""What the pool must hold at least, as ``question_pool/quotas.yaml`` says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from studyhub.formats.report import Findings, Located, Reading
from studyhub.formats.yaml_fields import Fields, root_fields

MIX = (
    "calculation", "table", "figure", "program", "spreadsheet_or_sql", "combination", "metropolitan", "ver-6.5",
)  # fmt: skip
"""What questions are counted by, besides their topics."""


@dataclass(frozen=True, slots=True)
class Quota:
    """``topic`` is a topic's key, or a syllabus; ``smallest`` holds for each of its leaves."""

    topic: str
    at_least: int
    smallest: int = 0


@dataclass(frozen=True, slots=True)
class Quotas:
    topics: tuple[Quota, ...] = ()
    mix: Mapping[str, int] = field(default_factory=dict)


def read(text: str, file: str) -> Reading[Quotas]:
    findings = Findings(file)
    fields = root_fields(text, findings)
    if fields is None:
        return Reading((), findings.report())
    quotas = Quotas(tuple(_quota(entry) for entry in fields.entries("quotas")), _mix(fields))
    fields.note_unread()
    report = findings.report()
    return Reading((Located(quotas, file, 1),) if report.ok else (), report)


def _quota(fields: Fields) -> Quota:
    quota = Quota(fields.text("topic"), fields.integer("at_least"), fields.integer("smallest", 0))
    fields.note_unread()
    return quota


def _mix(fields: Fields) -> dict[str, int]:
    mix = fields.fields("mix")
    if mix is None:
        return {}
    found = {name: mix.integer(name, 0) for name in MIX}
    mix.note_unread()
    return found
