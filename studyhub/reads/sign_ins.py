"""Who is signed in now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.persistence.models import SignIn, User

ROWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class OpenSignIn:
    id: int
    user_id: int
    name: str
    login: str
    started_at: datetime
    last_seen_at: datetime
    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class SignInsPage:
    lines: tuple[OpenSignIn, ...]
    """Last seen first."""
    sign_ins: int
    people: int
    page: int
    pages: int


def sign_ins_page(db: Session, page: int, now: datetime) -> SignInsPage:
    """Two statements."""
    counts = db.execute(
        select(
            func.count(SignIn.id).label("all"), func.count(func.distinct(SignIn.user_id)).label("people")
        ).where(SignIn.revoked_at.is_(None), SignIn.expires_at > now)
    ).one()
    pages = max(1, -(-counts.all // ROWS_A_PAGE))
    page = min(max(1, page), pages)
    found = db.execute(
        select(
            SignIn.id, SignIn.user_id, SignIn.created_at, SignIn.last_seen_at, SignIn.address, SignIn.browser,
            User.login, User.family_name, User.given_name,
        )
        .join(User, User.id == SignIn.user_id)
        .where(SignIn.revoked_at.is_(None), SignIn.expires_at > now)
        .order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
        .offset((page - 1) * ROWS_A_PAGE)
        .limit(ROWS_A_PAGE)
    )  # fmt: skip
    lines = tuple(
        OpenSignIn(
            row.id, row.user_id, f"{row.family_name} {row.given_name}", row.login, row.created_at, row.last_seen_at,
            row.address, row.browser,
        )
        for row in found
    )  # fmt: skip
    return SignInsPage(lines, counts.all, counts.people, page, pages)
