"""Rows of the organisation as the values the rules work on; one statement each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from studyhub.domain.organisation import Chart, Level, Period, Post, PostKind, Unit
from studyhub.persistence import models


def load_units(
    db: Session, *, around: Collection[int] | None = None, below: Collection[int] | None = None
) -> tuple[Unit, ...]:
    """All versions of all units, a few thousand rows; or those of some units and all above or all ``below`` them."""
    row = models.Unit
    wanted = select(row.id, row.code, row.name, row.level, row.parent_id, row.starts_on, row.ends_on)
    if around is not None:
        wanted = wanted.where(row.id.in_(_upwards(around)))
    if below is not None:
        wanted = wanted.where(row.id.in_(_downwards(below)))
    return tuple(
        Unit(r.id, r.code, r.name, Level(r.level), r.parent_id, Period(r.starts_on, r.ends_on))
        for r in db.execute(wanted.order_by(row.id))
    )


def _upwards(unit_ids: Collection[int]) -> Select[int]:
    """Ids of the units, of their other versions, and the same of all above them."""
    row, found = models.Unit, aliased(models.Unit)
    begun = select(row.id, row.code, row.parent_id).where(row.id.in_(unit_ids)).cte("upwards", recursive=True)
    step = select(found.id, found.code, found.parent_id).join(
        begun, or_(found.id == begun.c.parent_id, found.code == begun.c.code)
    )
    return select(begun.union(step).c.id)


def _downwards(unit_ids: Collection[int]) -> Select[int]:
    """Ids of the units, of their other versions, and the same of all that ever stood below them."""
    row, found = models.Unit, aliased(models.Unit)
    begun = select(row.id, row.code).where(row.id.in_(unit_ids)).cte("downwards", recursive=True)
    step = select(found.id, found.code).join(
        begun, or_(found.parent_id == begun.c.id, found.code == begun.c.code)
    )
    return select(begun.union(step).c.id)


def load_posts(
    db: Session,
    *,
    day: date | None = None,
    user_ids: Collection[int] | None = None,
    unit_ids: Collection[int] | None = None,
    heads_of: Collection[int] = (),
) -> tuple[Post, ...]:
    """All posts, or those held on ``day``, or those of some people, or those in some units and the heads of others."""
    row = models.Post
    wanted = select(
        row.id, row.user_id, row.unit_id, row.title, row.kind, row.heads_unit, row.starts_on, row.ends_on
    )
    if day is not None:
        wanted = wanted.where(row.starts_on <= day, (row.ends_on.is_(None)) | (row.ends_on >= day))
    if user_ids is not None:
        wanted = wanted.where(row.user_id.in_(user_ids))
    if unit_ids is not None:
        heads = and_(row.heads_unit, row.unit_id.in_(heads_of))
        wanted = wanted.where(or_(row.unit_id.in_(unit_ids), heads))
    return tuple(
        Post(
            r.id,
            r.user_id,
            r.unit_id,
            r.title,
            PostKind(r.kind),
            r.heads_unit,
            Period(r.starts_on, r.ends_on),
        )
        for r in db.execute(wanted.order_by(row.starts_on, row.id))
    )


def load_chart(db: Session, day: date) -> Chart:
    """The whole organisation on a day, in two statements."""
    return Chart(load_units(db), load_posts(db, day=day), day)
