"""Runs the migrations on the connection that ``persistence.schema`` hands over."""

from __future__ import annotations

from alembic import context

from studyhub.persistence import models  # noqa: F401 - imported so that the metadata is full
from studyhub.persistence.base import Base
from studyhub.persistence.schema import is_ours

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    include_object=is_ours,
    compare_type=True,
)
context.run_migrations()
