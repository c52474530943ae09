"""Who acts: an actor is what the rules need to know of a signed-in person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    OFFICER = "officer"
    LECTURER = "lecturer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Locale(StrEnum):
    JA = "ja"
    EN = "en"


class Theme(StrEnum):
    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Actor:
    user_id: int
    login: str
    display_name: str
    roles: frozenset[Role]
    locale: Locale = Locale.JA
    theme: Theme = Theme.AUTO
    must_change_password: bool = False

    def has(self, *roles: Role) -> bool:
        """True when the actor holds at least one of ``roles``."""
        return not self.roles.isdisjoint(roles)


OPERATOR = Actor(user_id=0, login="", display_name="", roles=frozenset({Role.ADMINISTRATOR}))
"""Whoever works at the machine's own command line; the log names nobody for what the operator does."""
