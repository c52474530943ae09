"""What the site tells a person, and the mail that may carry it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from studyhub.domain.days import TOKYO, office_day

ROUND_AT = time(7, 0)
"""Of Asia/Tokyo: when the daily round begins, before the office opens."""
LONGEST_CATCH_UP = timedelta(days=7)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


class NoticeKind(StrEnum):
    CORRECTION = "correction"
    ASSIGNMENT = "assignment"
    REMINDER = "reminder"
    ANSWER = "answer"
    INQUIRY = "inquiry"
    REPORT_SETTLED = "report_settled"
    REVIEW_WANTED = "review_wanted"
    REVIEWED = "reviewed"
    SEAT = "seat"
    SESSION_CHANGED = "session_changed"
    SURVEY = "survey"
    COMMENT = "comment"


class MailState(StrEnum):
    """Sending is what a worker has taken up; left so by one that died, a letter is not sent again."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Letter:
    """``text`` is plain, with a blank line between its parts."""

    subject: str
    text: str


def is_address(text: str) -> bool:
    """A plain address that can stand in a header: no blank, no comma, no line end, nothing beyond ASCII."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None and ".." not in text


def next_round(now: datetime) -> datetime:
    """The next morning's moment, aware; strictly after ``now``."""
    local = now.astimezone(TOKYO)
    today = datetime.combine(local.date(), ROUND_AT, tzinfo=TOKYO)
    return today if local < today else today + timedelta(days=1)


def digest_day(handled: date, now: datetime, weekday: int) -> date | None:
    """The latest day with the weekday (Monday is 0) since the last one that was handled, None when it has not come;
    a site that was down for a while sends one digest and not several."""
    today = office_day(now)
    since = max(handled, today - LONGEST_CATCH_UP)
    days = (since + timedelta(days=step) for step in range(1, (today - since).days + 1))
    return next((day for day in days if day.weekday() == weekday), None)
