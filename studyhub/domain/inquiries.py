"""Questions that officers ask the lecturers."""

from __future__ import annotations

from enum import StrEnum


class InquiryState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
