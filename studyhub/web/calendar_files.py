"""Study sessions as an iCalendar file.

The id of an entry never changes, its sequence number rises with each change of day, time, place or title, and what was
withdrawn stays as cancelled: so a calendar that has the entry follows. The same entries give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vDuration
from icalendar.enums import STATUS

from studyhub.domain.days import TOKYO
from studyhub.reads.calendars import CalendarEntry

PRODUCT = "-//StudyHub//study sessions//JA"
REFRESH_EVERY = timedelta(hours=6)


def calendar_file(entry: CalendarEntry, url: str) -> bytes:
    return _written(Calendar.new(prodid=PRODUCT, uid=_uid(entry.key), subcomponents=[_event(entry, url)]))


def feed_file(entries: Iterable[CalendarEntry], name: str, url_of: Callable[[str], str]) -> bytes:
    """``url_of`` gives the address of the page of a study session."""
    events = [_event(entry, url_of(entry.key)) for entry in entries]
    calendar = Calendar.new(prodid=PRODUCT, uid=_uid("feed"), subcomponents=events)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH_EVERY))
    return _written(calendar)


def _written(calendar: Calendar) -> bytes:
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _uid(name: str) -> str:
    """Always the same for the same thing; without one the library would draw one each time."""
    return f"{name}@study-sessions.studyhub"


def _event(entry: CalendarEntry, url: str) -> Event:
    start, end = _span(entry)
    return Event.new(
        uid=_uid(entry.key),
        stamp=entry.changed_at,
        summary=entry.title,
        description=f"{entry.summary}\n{url}".strip(),
        location=entry.place or None,
        url=url,
        sequence=entry.sequence,
        status=STATUS(entry.status.value),
        last_modified=entry.changed_at,
        start=start,
        end=end,
    )


def _span(entry: CalendarEntry) -> tuple[date | datetime, date | datetime]:
    """The whole day where no hour is set."""
    if entry.starts_at is None:
        return entry.held_on, entry.held_on + timedelta(days=1)
    starts_at = entry.starts_at.astimezone(TOKYO)
    return starts_at, starts_at + timedelta(minutes=entry.minutes)
