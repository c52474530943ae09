"""What an actor may do: one enum, one table of predicates, one function that asks it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from studyhub.domain.errors import Forbidden
from studyhub.domain.identity import Actor, Role


class Permission(StrEnum):
    STUDY = "study"
    """Read published study sessions, practise, keep one's own record."""
    PREVIEW_DRAFTS = "preview_drafts"
    """See study sessions and materials that are not published yet."""
    WRITE_CONTENT = "write_content"
    """Make, change and publish study sessions and questions, with their surveys, attendance and results."""
    SEE_TEAM = "see_team"
    """See how the people stand whom one's posts lead on the day, and ask things of them."""
    MANAGE_PEOPLE = "manage_people"
    """Make and change people, their roles and posts, and the organisation."""
    MANAGE_SITE = "manage_site"
    """Settings, content state, jobs, the audit log and backups."""


Predicate = Callable[[Actor], bool]

_RULES: dict[Permission, Predicate] = {
    Permission.STUDY: lambda actor: bool(actor.roles),
    Permission.PREVIEW_DRAFTS: lambda actor: actor.has(Role.LECTURER, Role.ADMINISTRATOR),
    Permission.WRITE_CONTENT: lambda actor: actor.has(Role.LECTURER, Role.ADMINISTRATOR),
    Permission.SEE_TEAM: lambda actor: actor.has(Role.SUPERVISOR),
    Permission.MANAGE_PEOPLE: lambda actor: actor.has(Role.ADMINISTRATOR),
    Permission.MANAGE_SITE: lambda actor: actor.has(Role.ADMINISTRATOR),
}


def permits(actor: Actor, permission: Permission) -> bool:
    return _RULES[permission](actor)


def require(actor: Actor, permission: Permission) -> None:
    """Raises Forbidden when the actor lacks the permission."""
    if not permits(actor, permission):
        raise Forbidden("この操作を行う権限がありません。")
