"""A correction: a key that was wrong is changed, or a question is struck, after officers answered it."""

from __future__ import annotations

from enum import StrEnum


class CorrectionKind(StrEnum):
    KEY = "key"
    STRIKE = "strike"
