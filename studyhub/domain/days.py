"""Days as the office's calendar counts them: what was done before midnight in Tokyo was done yesterday."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


def office_day(moment: datetime) -> date:
    return moment.astimezone(TOKYO).date()


def is_usual(day: date) -> bool:
    """Whether the days around it can be counted and put into UTC, which those at the calendar's ends cannot."""
    return FIRST_DAY <= day <= LAST_DAY


def days_since(moment: datetime, now: datetime) -> int:
    """How often midnight has passed since; 0 also for a moment that a wrong clock put into the future."""
    return max(0, (office_day(now) - office_day(moment)).days)
