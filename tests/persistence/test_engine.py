from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from studyhub.persistence.session import reading


def test_an_error_of_the_database_does_not_repeat_what_was_written(engine: Engine) -> None:
    with reading(engine) as db, pytest.raises(DBAPIError) as raised:
        db.execute(text("SELECT :said FROM no_such_table"), {"said": "what an officer wrote"})
    assert "no_such_table" in str(raised.value)
    assert "what an officer wrote" not in str(raised.value)
