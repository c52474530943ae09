"""Hashing and checking of pass phrases with Argon2id.

m=19 MiB, t=2, p=1 takes 22 ms here (the library's default 230 ms), which is the memory-hard minimum that still lets
one machine sign in an office at nine in the morning.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

UNUSABLE = "!"
"""A stored hash that no pass phrase fits."""


@dataclass(frozen=True, slots=True)
class Verification:
    fits: bool
    new_hash: str | None = None
    """To be stored in place of the old one, when that was made with other parameters."""


def hash_password(password: str) -> str:
    return _hasher.hash(_normal(password))


def verify(stored_hash: str | None, password: str) -> Verification:
    """Takes the same work for an account that does not exist (None) or that has no pass phrase."""
    nobody = _hash_of_nobody()  # made before it is known whether it is needed: the first call must not differ
    known = stored_hash is not None and stored_hash != UNUSABLE
    if not _matches(stored_hash if known and stored_hash else nobody, password) or not known:
        return Verification(fits=False)
    assert stored_hash is not None
    stale = _hasher.check_needs_rehash(stored_hash)
    return Verification(fits=True, new_hash=hash_password(password) if stale else None)


def same(one: str, other: str) -> bool:
    return _normal(one) == _normal(other)


def _matches(stored_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(stored_hash, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """The same keys give the same pass phrase whether the input method was in full-width mode or not."""
    return unicodedata.normalize("NFKC", password)


@cache
def _hash_of_nobody() -> str:
    return hash_password(secrets.token_urlsafe(32))
