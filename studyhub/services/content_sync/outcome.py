"""What a synchronisation has to say, and how it tells of its progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studyhub.content.plan import Plan
from studyhub.domain.errors import Invalid
from studyhub.formats.report import Report

Progress = Callable[[int, int], None]
"""Called with how many texts are rendered, of how many."""


def quiet(_done: int, _total: int) -> None:
    """For callers that show no progress."""


class FaultyContent(Invalid):
    """The files have errors; nothing was stored. `report` says each with its place."""

    def __init__(self, report: Report) -> None:
        super().__init__(
            "内容に誤りが%(count)s件あるため、何も取り込みませんでした。", count=len(report.errors)
        )
        self.report = report


@dataclass(frozen=True, slots=True)
class Outcome:
    """`report` holds warnings only."""

    plan: Plan
    report: Report
    question_revisions: int = 0
    study_session_revisions: int = 0
