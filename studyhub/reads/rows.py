"""The type of a row of chosen columns, which are named where they are chosen."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

AnyRow = Row[*tuple[Any, ...]]
