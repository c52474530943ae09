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

_one_time_hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""For pass phrases made by us: nobody guesses 99 random bits however cheap a guess is, and 3,000 people come in within
a second instead of a minute. The first sign-in replaces the hash by a dear one."""

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are mistaken for each other on paper."""

UNUSABLE = "!"
"""A stored hash that no pass phrase fits."""


@dataclass(frozen=True, slots=True)
class Verification:
    fits: bool
    new_hash: str | None = None
    """To be stored in place of the old one, when that was made with other parameters."""


def make_passphrase() -> str:
    """For handing over once: four groups of five signs, 99 bits, readable aloud and on paper. It stands here and not
    in the domain, since a secret must not be drawn from a generator that can be replayed."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def hash_password(password: str) -> str:
    return _hasher.hash(_normal(password))


def hash_one_time(passphrase: str) -> str:
    """Only for what ``make_passphrase`` made."""
    return _one_time_hasher.hash(_normal(passphrase))


def verify(stored_hash: str | None, password: str) -> Verification:
    """Takes the same work for an account that does not exist (None) or that has no pass phrase."""
    nobody = _hash_of_nobody()  # made before it is known whether it is needed: the first call must not differ
    if stored_hash is None or stored_hash == UNUSABLE:
        _matches(nobody, password)
        return Verification(fits=False)
    stale = _is_stale(stored_hash)
    if stale:
        _matches(nobody, password)  # a hash made with other parameters takes another time to check
    if not _matches(stored_hash, password):
        return Verification(fits=False)
    return Verification(fits=True, new_hash=hash_password(password) if stale else None)


def _is_stale(stored_hash: str) -> bool:
    try:
        return _hasher.check_needs_rehash(stored_hash)
    except InvalidHashError:
        return True


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
