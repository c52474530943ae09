"""A study session as an iCalendar file."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from studyhub.domain.days import TOKYO
from studyhub.reads.study_sessions import CalendarEntry

PRODUCT = "-//StudyHub//study sessions//JA"


def calendar_file(entry: CalendarEntry, url: str, now: datetime) -> bytes:
    """The same id and a higher sequence number after each change, so that a calendar moves its entry."""
    start, end = _span(entry)
    event = Event.new(
        uid=f"{entry.key}@study-sessions.studyhub",
        stamp=now,
        summary=entry.title,
        description=f"{entry.summary}\n{url}".strip(),
        location=entry.place or None,
        url=url,
        sequence=entry.changes,
        last_modified=entry.changed_at,
        start=start,
        end=end,
    )
    calendar = Calendar.new(prodid=PRODUCT, subcomponents=[event])
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _span(entry: CalendarEntry) -> tuple[date | datetime, date | datetime]:
    """The whole day where no hour is set."""
    if entry.starts_at is None:
        return entry.held_on, entry.held_on + timedelta(days=1)
    starts_at = entry.starts_at.astimezone(TOKYO)
    return starts_at, starts_at + timedelta(minutes=entry.minutes)
