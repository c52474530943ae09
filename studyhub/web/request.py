"""What a view may ask of its request: who acts, what time it is, and the database. The web's one door to it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g, request, url_for
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import Unauthorized

from studyhub.config import Config
from studyhub.domain.identity import Actor
from studyhub.persistence.session import reading, snapshot, transaction

_LONGEST_TARGET = 2000
DatabaseUnavailable = SQLAlchemyError
"""What ``reading_db`` and ``writing_db`` raise when the database does not answer."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the composition root puts together and every request uses."""

    config: Config
    engine: Engine
    clock: Callable[[], datetime]


def site() -> Site:
    found: Site = current_app.extensions["studyhub"]
    return found


def now() -> datetime:
    return site().clock()


def reading_db() -> AbstractContextManager[Session]:
    return reading(site().engine)


def writing_db() -> AbstractContextManager[Session]:
    return transaction(site().engine)


def snapshot_db() -> AbstractContextManager[Session]:
    """Reading for long, all of it at one moment."""
    return snapshot(site().engine)


def actor_or_none() -> Actor | None:
    found: Actor | None = g.get("actor")
    return found


def actor() -> Actor:
    """Raises Unauthorized, which no guarded view ever meets."""
    found = actor_or_none()
    if found is None:
        raise Unauthorized
    return found


def wants_json() -> bool:
    """Whether a script asks, which wants an answer it can read rather than a page."""
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def safe_path(target: str | None, otherwise: str) -> str:
    """``target`` when it leads inside this site, else ``otherwise``.

    Only paths: one leading slash, then neither slash nor backslash, no backslash or control character anywhere.
    """
    if (
        not target
        or len(target) > _LONGEST_TARGET
        or not target.startswith("/")
        or target[1:2] in {"/", "\\"}
    ):
        return otherwise
    if "\\" in target or any(ord(character) < 0x21 or ord(character) == 0x7F for character in target):
        return otherwise
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else otherwise


def full_url(endpoint: str, **values: Any) -> str:
    """An address that is used outside the browser: in a QR code, a calendar, on a wall.

    With ``public_url`` it does not depend on the host that the request named.
    """
    public = site().config.public_url.rstrip("/")
    if not public:
        return url_for(endpoint, _external=True, **values)
    return public + url_for(endpoint, **values).removeprefix(request.script_root)
