"""INSERT … ON CONFLICT, which both engines have and SQLAlchemy spells per dialect."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_for(db: Session, model: type[Any]) -> Any:
    """An insert with ``on_conflict_do_update`` and ``on_conflict_do_nothing`` for the engine of ``db``."""
    return _insert(db.get_bind().dialect.name, model)


def insert_once(db: Session, model: type[Any], key: str, returning: str) -> Any:
    """A statement for one row of ``model``, given as parameters: gives its ``returning`` column, or nothing when
    the ``key`` is there already."""
    return _insert_once(db.get_bind().dialect.name, model.__table__, key, returning)


def accumulate(
    db: Session,
    model: type[Any],
    *,
    add: tuple[str, ...],
    replace: tuple[str, ...] = (),
    latest: tuple[str, ...] = (),
    earliest: tuple[str, ...] = (),
) -> Any:
    """A statement for rows of ``model``, given as parameters: a new key is inserted; on a known one the columns of
    ``add`` are added to, those of ``replace`` take the new value, the others keep the later or the earlier one."""
    return _accumulate(db.get_bind().dialect.name, model.__table__, add, replace, latest, earliest)


@cache
def _insert_once(dialect: str, table: Table, key: str, returning: str) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=[key]).returning(table.c[returning])


@cache
def _accumulate(
    dialect: str,
    table: Table,
    add: tuple[str, ...],
    replace: tuple[str, ...],
    latest: tuple[str, ...],
    earliest: tuple[str, ...],
) -> Any:
    # Built once: this stands on the path of every answer, and building costs more than running.
    insert = _insert(dialect, table)
    later, earlier = (func.greatest, func.least) if dialect == "postgresql" else (func.max, func.min)
    changes = {name: table.c[name] + insert.excluded[name] for name in add}
    changes |= {name: insert.excluded[name] for name in replace}
    changes |= {name: later(table.c[name], insert.excluded[name]) for name in latest}
    changes |= {name: earlier(table.c[name], insert.excluded[name]) for name in earliest}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changes)


def _insert(dialect: str, target: Any) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(target)
