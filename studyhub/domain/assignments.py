"""What is asked of people by a date."""

from __future__ import annotations

from enum import StrEnum


class AssignmentKind(StrEnum):
    """Reading a study session, reaching a band on a topic, answering a session's check quiz."""

    SESSION = "session"
    TOPIC = "topic"
    CHECK = "check"
