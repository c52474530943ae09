"""Registering for a study session and checking in to it."""

from __future__ import annotations

from enum import StrEnum


class RegistrationState(StrEnum):
    """Registered has a seat; waiting gets the next one that becomes free."""

    REGISTERED = "registered"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class CheckInWay(StrEnum):
    SCAN = "scan"
    CODE = "code"
    LECTURER = "lecturer"
