"""Synchronises `courses/` and `question_pool/` with the database."""

from studyhub.content.plan import Plan
from studyhub.content.pool_table import PoolRow, PoolTable
from studyhub.formats.report import Finding, Language, Report
from studyhub.services.content_sync.inspection import Inspection, inspect
from studyhub.services.content_sync.outcome import FaultyContent, Outcome, Progress, quiet
from studyhub.services.content_sync.run import preview, sync

__all__ = [
    "FaultyContent",
    "Finding",
    "Inspection",
    "Language",
    "Outcome",
    "Plan",
    "PoolRow",
    "PoolTable",
    "Progress",
    "Report",
    "inspect",
    "preview",
    "quiet",
    "sync",
]
