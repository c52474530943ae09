"""Surveys: their states and what they may ask."""

from __future__ import annotations

from enum import StrEnum


class SurveyMoment(StrEnum):
    """Right after the study session, or some weeks later about use at work."""

    AFTER = "after"
    LATER = "later"


class SurveyState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class ItemKind(StrEnum):
    """A step from 1 to 5, one of several texts, or free text."""

    SCALE = "scale"
    CHOICE = "choice"
    TEXT = "text"
