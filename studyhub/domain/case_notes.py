"""Case notes: trouble met at work, and what went well."""

from __future__ import annotations

from enum import StrEnum


class NoteKind(StrEnum):
    """課題 or 好事例."""

    TROUBLE = "trouble"
    PRACTICE = "practice"
