"""What a supervisor sees of people: bands, never answers."""

from __future__ import annotations

from enum import StrEnum


class LookKind(StrEnum):
    """How somebody looked at a person's progress: in the matrix, on the person's page, in an export."""

    MATRIX = "matrix"
    PERSON = "person"
    EXPORT = "export"
