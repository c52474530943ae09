"""What can go wrong in a way a person can be told about.

A message is a Japanese sentence with named placeholders; it is the msgid of the translation catalogue,
so the edge (web, cli) can say it in the reader's language: ``gettext(error.message) % error.params``.
"""

from __future__ import annotations


class StudyHubError(Exception):
    """Base of the errors that are answers, not accidents."""

    def __init__(self, message: str = "", **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params


class Invalid(StudyHubError):
    """The input breaks a rule; ``field`` names the form field when there is one."""

    def __init__(self, message: str, *, field: str = "", **params: object) -> None:
        super().__init__(message, **params)
        self.field = field


class NotFound(StudyHubError):
    """There is no such thing, or the actor may not know that it exists."""


class Forbidden(StudyHubError):
    """The actor sees the thing but may not do this with it."""


class Conflict(StudyHubError):
    """The state changed under the actor's feet: already submitted, already taken, edited elsewhere."""


class TooManyRequests(StudyHubError):
    """The same person or address tried too often; the next try counts after ``retry_after_s`` seconds."""

    def __init__(self, message: str, *, retry_after_s: int, **params: object) -> None:
        super().__init__(message, **params)
        self.retry_after_s = retry_after_s
