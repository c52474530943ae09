"""Rules of signing in: what a login is, what is counted, and when the next try is allowed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil

LOGIN_LENGTH = 80
TOUCH_INTERVAL = timedelta(minutes=5)
"""How stale the time a sign-in was last seen may be: a write for every page would cost more than it tells."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures within the window, and no more tries until the oldest of them leaves it."""

    failures: int
    window: timedelta


ACCOUNT_LIMIT = Limit(10, timedelta(minutes=15))
ADDRESS_LIMIT = Limit(50, timedelta(minutes=15))


def normal_login(typed: str) -> str:
    """Full-width letters, capitals and stray blanks are the same login; what cannot be printed is dropped."""
    text = unicodedata.normalize("NFKC", typed).strip().lower()
    return "".join(sign for sign in text if sign.isprintable())[:LOGIN_LENGTH]


def counted_address(address: str) -> str:
    """An IPv6 customer owns a whole /64, so that is what counts as one address; unknown text counts as itself."""
    try:
        parsed = ip_address(address.strip())
    except ValueError:
        return "".join(sign for sign in address if sign.isprintable())[:45]
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or IPv6Network((int(parsed) >> 64 << 64, 64)).network_address)
    return str(parsed)


def retry_after_s(failed_at: Sequence[datetime], limit: Limit, now: datetime) -> int | None:
    """Seconds until a try is allowed again, None when it is allowed now; ``failed_at`` in any order."""
    recent = sorted(moment for moment in failed_at if moment > now - limit.window)
    if len(recent) < limit.failures:
        return None
    allowed_at = recent[-limit.failures] + limit.window
    return max(1, ceil((allowed_at - now).total_seconds()))
