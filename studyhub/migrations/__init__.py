"""Alembic migrations; run by ``studyhub init`` and ``studyhub migrate``."""
