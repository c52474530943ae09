"""The floor: what Flask, SQLAlchemy and the database take for the least that could be called an answer or a page.

``POST /rows`` puts one row into a table in a transaction of its own, through the same engine, the same turn of the
writers and the same durability as StudyHub. ``GET /page`` renders a table of 100 rows from memory. No sign-in, no
CSRF, no headers, no log. Run with the worker and the numbers of processes and threads that StudyHub runs with.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, jsonify, render_template_string, request
from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, String, Table, insert

from studyhub.persistence.engine import make_engine
from studyhub.persistence.session import transaction

ROWS = Table(
    "floor_rows",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("client_id", String(36)),
    Column("user_id", Integer),
    Column("given", JSON),
    Column("at", DateTime(timezone=True)),
)
_PAGE = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>Floor</title></head><body><h1>Floor</h1><table>
{% for row in rows %}<tr><td>{{ row.number }}</td><td>{{ row.name }}</td><td>{{ row.unit }}</td><td>{{ row.share }}</td></tr>
{% endfor %}</table></body></html>"""


def create_floor(database_url: str, pool_size: int) -> Flask:
    app = Flask("floor")
    engine = make_engine(database_url, pool_size=pool_size)
    rows = [{"number": n, "name": f"見本 {n}", "unit": f"第{n % 9}課", "share": n / 100} for n in range(100)]

    @app.post("/rows")
    def store() -> Any:
        sent = request.form
        with transaction(engine) as db:
            db.execute(insert(ROWS), {
                "client_id": sent["response_id"], "user_id": 1, "given": {"chosen": int(sent["choice"])},
                "at": datetime.now(UTC),
            })  # fmt: skip
        return jsonify(saved=True, id=sent["response_id"])

    @app.get("/page")
    def page() -> str:
        return render_template_string(_PAGE, rows=rows)

    return app


def prepare(database_url: str) -> None:
    """An empty table."""
    engine = make_engine(database_url)
    with engine.begin() as connection:
        ROWS.drop(connection, checkfirst=True)
        ROWS.create(connection)
    engine.dispose()
