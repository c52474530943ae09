"""Reading a backup into an empty site, on either engine: all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Date, Integer, Table, exists, func, insert, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Invalid
from studyhub.persistence.base import Base, UtcDateTime
from studyhub.services import audit, jobs
from studyhub.services.backup_archive import Archive, kept_tables
from studyhub.services.files import path_of, write_durably

_ROWS_AT_ONCE = 1000
_Decoder = Callable[[Any], Any]


def restore(
    db: Session, archive: Archive, files_root: Path, schema: str, now: datetime,
    on_table: Callable[[str, int], None],
) -> None:  # fmt: skip
    """``schema`` is the database's revision. Raises Conflict when the site holds anything, Invalid for a bad backup.

    Files lie on disk before the rows that name them count; they are harmless when the rows are rolled back.
    """
    _require_fitting(archive, schema)
    _require_empty(db)
    for sha256 in archive.files():
        write_durably(path_of(files_root, sha256), archive.file_chunks(sha256))
    with _foreign_keys_last(db):
        for name, entry in archive.manifest.tables.items():
            _load_table(db, Base.metadata.tables[name], archive)
            on_table(name, entry.rows)
    _reset_sequences(db)
    jobs.enqueue(db, "reindex_search", {}, now, unique_key="reindex_search")
    audit.record(
        db, None, "site.restore", "backup", archive.manifest.made_at, now, rows=archive.manifest.rows
    )
    db.flush()


def _require_fitting(archive: Archive, schema: str) -> None:
    manifest = archive.manifest
    if manifest.schema != schema:
        raise Invalid(
            "このバックアップは StudyHub %(version)s（データベースの版 %(schema)s）のものです。"
            "その版で復元してから、新しい版に上げてください。",
            version=manifest.version,
            schema=manifest.schema,
        )
    expected = {table.name: tuple(table.columns.keys()) for table in kept_tables()}
    held = {name: entry.columns for name, entry in manifest.tables.items()}
    for name in sorted(expected.keys() | held.keys()):
        if expected.get(name) != held.get(name):
            raise Invalid("バックアップの表 %(table)s は、この版の表と列が違います。", table=name)


def _require_empty(db: Session) -> None:
    for name, table in Base.metadata.tables.items():
        if db.scalar(select(exists(select(1).select_from(table)))):
            raise Conflict(
                "このサイトには既にデータがあります（表 %(table)s）。復元は空のサイトにだけ行えます。",
                table=name,
            )


def _load_table(db: Session, table: Table, archive: Archive) -> None:
    load = _insert_rows if _is_sqlite(db) else _copy_rows
    # COPY goes past SQLAlchemy, so the driver's own errors come too.
    driver: Any = db.get_bind().dialect.loaded_dbapi
    try:
        load(db, table, archive.rows(table.name))
    except (OperationalError, driver.OperationalError):
        raise  # a full disk, or a database that went away, is no fault of the backup
    except (AttributeError, RecursionError, TypeError, ValueError, SQLAlchemyError, driver.Error) as error:
        raise Invalid(
            "バックアップが壊れています: 表 %(table)s の行を読めません。", table=table.name
        ) from error
    stored = db.scalar(select(func.count()).select_from(table))
    if stored != archive.manifest.tables[table.name].rows:
        raise Invalid("表 %(table)s の行数が目録と違います。", table=table.name)


def _insert_rows(db: Session, table: Table, rows: Iterable[list[Any]]) -> None:
    names = table.columns.keys()
    decoders = [_decoder(column) for column in table.columns]
    connection, statement = db.connection(), insert(table)
    for batch in _batches(rows):
        connection.execute(
            statement,
            [
                dict(
                    zip(
                        names,
                        (decode(value) for decode, value in zip(decoders, row, strict=True)),
                        strict=True,
                    )
                )
                for row in batch
            ],
        )


def _copy_rows(db: Session, table: Table, rows: Iterable[list[Any]]) -> None:
    """COPY takes about a tenth of the time of INSERT; the server reads dates and JSON from their text."""
    quoted = ", ".join(f'"{name}"' for name in table.columns.keys())  # noqa: SIM118
    is_json = [isinstance(column.type, JSON) for column in table.columns]
    driver: Any = db.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({quoted}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(
                [json.dumps(value) if json_column else value
                 for json_column, value in zip(is_json, row, strict=True)]
            )  # fmt: skip


def _decoder(column: Column[Any]) -> _Decoder:
    if isinstance(column.type, UtcDateTime):
        return lambda value: value and datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return lambda value: value and date.fromisoformat(value)
    return lambda value: value


def _batches(rows: Iterable[list[Any]]) -> Iterator[list[list[Any]]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _ROWS_AT_ONCE)):
        yield batch


def _foreign_keys_last(db: Session) -> AbstractContextManager[None]:
    """Questions and their revisions name each other, so keys can only be checked when all rows are there."""
    return _deferred_on_sqlite(db) if _is_sqlite(db) else _dropped_on_postgresql(db)


@contextmanager
def _deferred_on_sqlite(db: Session) -> Iterator[None]:
    db.execute(text("PRAGMA defer_foreign_keys = ON"))
    yield
    if broken := db.execute(text("PRAGMA foreign_key_check")).first():
        raise Invalid("バックアップの表 %(table)s に、相手のない参照があります。", table=broken[0])


@contextmanager
def _dropped_on_postgresql(db: Session) -> Iterator[None]:
    """Inside the transaction, so nobody ever sees the schema without them; adding them again checks every row."""
    keys = db.execute(
        text(
            "SELECT conrelid::regclass::text AS table_name, quote_ident(conname) AS name,"
            " pg_get_constraintdef(oid) AS definition"
            " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    for key in keys:
        db.execute(text(f"ALTER TABLE {key.table_name} DROP CONSTRAINT {key.name}"))
    yield
    for key in keys:
        db.execute(text(f"ALTER TABLE {key.table_name} ADD CONSTRAINT {key.name} {key.definition}"))


def _reset_sequences(db: Session) -> None:
    """PostgreSQL counts apart from the table; without this the first new row would take a key that is in use."""
    if _is_sqlite(db):
        return
    for name, table in Base.metadata.tables.items():
        column = table.autoincrement_column
        if column is None or not isinstance(column.type, Integer):
            continue
        sequence = db.scalar(select(func.pg_get_serial_sequence(name, column.name)))
        highest = db.scalar(select(func.max(column)))
        if sequence and highest:
            db.execute(select(func.setval(sequence, highest)))


def _is_sqlite(db: Session) -> bool:
    return db.get_bind().dialect.name == "sqlite"
