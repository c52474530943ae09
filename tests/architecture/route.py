"""A row of the route table, and the words in which its rows say who gets what."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.furnished import SET_OF_THE_OFFICER
from tests.personas import NAMES

ANONYMOUS = "anonymous"
EVERYONE = (ANONYMOUS, *NAMES)
NOBODYS_ID = "00000000-0000-4000-8000-000000000000"
SET = f"/practice/sets/{SET_OF_THE_OFFICER}"

Statuses = dict[str, int]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    rule: str
    statuses: Statuses
    path: str = ""
    """Where to go, for a rule with values in it."""
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.path or self.rule

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def public(status: int) -> Statuses:
    return dict.fromkeys(EVERYONE, status)


def signed_in(status: int) -> Statuses:
    """Anonymous visitors are led to the sign-in page."""
    return {ANONYMOUS: 302} | dict.fromkeys(NAMES, status)


def signed_in_form(status: int) -> Statuses:
    """A form sent by somebody signed out is kept and offered again after signing in: 401 with the sign-in page."""
    return {ANONYMOUS: 401} | dict.fromkeys(NAMES, status)


def own(status: int, *, anonymous: int = 302) -> Statuses:
    """The officer's own thing: nobody else is told that it exists."""
    return {ANONYMOUS: anonymous} | dict.fromkeys(NAMES, 404) | {"officer": status}


def only(status: int, *personas: str) -> Statuses:
    """The named ones; other people who are signed in are refused."""
    return {ANONYMOUS: 302} | dict.fromkeys(NAMES, 403) | dict.fromkeys(personas, status)
