"""An officer's days put together into weeks, from Monday to Sunday as the office counts them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from studyhub.domain.mastery import share_interval

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    answers: int
    right: int


@dataclass(frozen=True, slots=True)
class Week:
    starts_on: date
    answers: int = 0
    right: int = 0
    active_days: int = 0

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=6)

    @property
    def share(self) -> float | None:
        """Right answers among all, guesses included; None for a week without answers."""
        return self.right / self.answers if self.answers else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """90 % credible interval of the share."""
        return share_interval(self.right, self.answers) if self.answers else None


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks_between(first: date, last: date) -> int:
    """How many weeks the two days lie in, both counted."""
    return (monday_of(last) - monday_of(first)).days // 7 + 1


def weeks(days: Iterable[Day], today: date, count: int) -> tuple[Week, ...]:
    """The ``count`` weeks up to the one of ``today``, oldest first, also those in which nothing was answered."""
    first = monday_of(today) - (count - 1) * _WEEK
    found = {first + number * _WEEK: Week(first + number * _WEEK) for number in range(count)}
    for day in days:
        week = found.get(monday_of(day.day))
        if week is not None and day.answers:
            found[week.starts_on] = Week(
                week.starts_on, week.answers + day.answers, week.right + day.right, week.active_days + 1
            )
    return tuple(found.values())
