"""A condition on a set of ids of any size, as one parameter: an engine takes only so many of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Integer, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session


def is_one_of(
    db: Session, column: InstrumentedAttribute[Any] | ColumnElement[Any], ids: Iterable[int]
) -> ColumnElement[bool]:
    wanted = sorted(set(ids))
    if db.get_bind().dialect.name == "postgresql":
        return column == any_(literal(wanted, ARRAY(Integer)))
    listed = func.json_each(json.dumps(wanted)).table_valued("value")
    return column.in_(select(listed.c.value))
