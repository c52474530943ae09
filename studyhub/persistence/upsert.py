"""INSERT … ON CONFLICT, which both engines have and SQLAlchemy spells per dialect."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, Table, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_for(db: Session, model: type[Any]) -> Any:
    """An insert with ``on_conflict_do_update`` and ``on_conflict_do_nothing`` for the engine of ``db``."""
    return _insert(db.get_bind().dialect.name, model)


def insert_once(db: Session, model: type[Any], key: str, returning: str, **computed: Any) -> Any:
    """A statement for one row of ``model``, given as parameters: gives its ``returning`` column, or nothing when
    the ``key`` is there already. The database itself works out the ``computed`` columns."""
    return _insert_once(db.get_bind().dialect.name, model.__table__, key, returning, **computed)


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


def accumulate_from(
    db: Session, model: type[Any], rows: Select[Any], *, add: tuple[str, ...], latest: tuple[str, ...] = ()
) -> Any:
    """As ``accumulate``, for the rows that a query finds; its columns are named as those of ``model``."""
    return _accumulate_from(db.get_bind().dialect.name, model.__table__, rows, add, latest)


@cache
def _insert_once(dialect: str, table: Table, key: str, returning: str, **computed: Any) -> Any:
    insert = _insert(dialect, table)
    if computed:
        insert = insert.values(computed)
    return insert.on_conflict_do_nothing(index_elements=[key]).returning(table.c[returning])


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
    return _adding(dialect, _insert(dialect, table), table, add, replace, latest, earliest)


@cache
def _accumulate_from(
    dialect: str, table: Table, rows: Select[Any], add: tuple[str, ...], latest: tuple[str, ...]
) -> Any:
    insert = _insert(dialect, table).from_select([column.name for column in rows.selected_columns], rows)
    return _adding(dialect, insert, table, add, (), latest, ())


def _adding(
    dialect: str,
    insert: Any,
    table: Table,
    add: tuple[str, ...],
    replace: tuple[str, ...],
    latest: tuple[str, ...],
    earliest: tuple[str, ...],
) -> Any:
    later, earlier = (func.greatest, func.least) if dialect == "postgresql" else (func.max, func.min)
    changes = {name: table.c[name] + insert.excluded[name] for name in add}
    changes |= {name: insert.excluded[name] for name in replace}
    changes |= {name: later(table.c[name], insert.excluded[name]) for name in latest}
    changes |= {name: earlier(table.c[name], insert.excluded[name]) for name in earliest}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changes)


def _insert(dialect: str, target: Any) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(target)
