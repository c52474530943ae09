"""Days as the office's calendar counts them: what was done before midnight in Tokyo was done yesterday."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

from studyhub.domain.errors import Invalid

TOKYO = ZoneInfo("Asia/Tokyo")
_TYPED = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


def office_day(moment: datetime) -> date:
    return moment.astimezone(TOKYO).date()


def is_usual(day: date) -> bool:
    """Whether the days around it can be counted and put into UTC, which those at the calendar's ends cannot."""
    return FIRST_DAY <= day <= LAST_DAY


def read_day(typed: str, field: str) -> date:
    """With hyphens or slashes, of half or full width. Raises Invalid, which says what is wrong with it."""
    found = _TYPED.fullmatch(unicodedata.normalize("NFKC", typed).strip())
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        raise Invalid("2027-04-01 の形の、実際にある日付を入れてください。", field=field)
    if not is_usual(day):
        raise Invalid(
            "%(first)s から %(last)s までの日付を入れてください。",
            field=field,
            first=FIRST_DAY,
            last=LAST_DAY,
        )
    return day


def days_since(moment: datetime, now: datetime) -> int:
    """How often midnight has passed since; 0 also for a moment that a wrong clock put into the future."""
    return max(0, (office_day(now) - office_day(moment)).days)
