"""What the site tells a person, and the mail that may carry it."""

from __future__ import annotations

from enum import StrEnum


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
