"""The schema goes up and down with data in it, and is what the models say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, func, inspect, select
from sqlalchemy.exc import IntegrityError

from studyhub.persistence import models, schema
from studyhub.persistence.base import Base
from studyhub.persistence.session import reading, transaction
from tests.architecture.source import PACKAGE
from tests.factories.people import make_post, make_unit, make_user
from tests.factories.questions import make_questions, make_syllabus
from tests.factories.study_sessions import make_course, make_study_session


@pytest.fixture
def migrated_here(engine: Engine, engine_name: str) -> Engine:
    """An engine whose schema a test may take down, since it brings it up again before it ends."""
    assert engine_name in ("sqlite", "postgresql")
    return engine


def _store_one_of_each(engine: Engine, now: datetime) -> None:
    with transaction(engine) as db:
        make_user(db, now, login="kept")
        (leaf,) = make_syllabus(db)
        make_questions(db, now, leaf, 3)
        make_study_session(db, now, make_course(db))


def test_the_models_and_the_migrations_say_the_same(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"include_object": schema.is_ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_there_is_one_line_of_migrations() -> None:
    script = ScriptDirectory(str(PACKAGE / "migrations"))
    assert len(script.get_heads()) == 1
    assert all(not revision.is_merge_point for revision in script.walk_revisions())


def test_every_migration_goes_down_and_up_again_with_data_in_it(migrated_here: Engine, now: datetime) -> None:
    """What the older schema can hold is there again afterwards; what it cannot hold may be gone, never broken."""
    script = ScriptDirectory(str(PACKAGE / "migrations"))
    _store_one_of_each(migrated_here, now)
    for revision in script.walk_revisions():
        down_to = revision.down_revision or "base"
        assert isinstance(down_to, str)
        if down_to == "base":
            continue
        schema.downgrade(migrated_here, down_to)
        schema.upgrade(migrated_here)
        with reading(migrated_here) as db:
            assert db.scalar(select(func.count()).select_from(models.User)) == 1
            assert db.scalar(select(func.count()).select_from(models.QuestionRevision)) == 3


def test_a_transfer_planned_before_the_update_still_knows_which_post_it_ended(
    migrated_here: Engine, now: datetime
) -> None:
    april = date(2027, 4, 1)
    with transaction(migrated_here) as db:
        user, unit = make_user(db, now), make_unit(db, now)
        before = make_post(db, now, user_id=user.id, unit_id=unit.id)
        before.ends_on = april - timedelta(days=1)
        db.add(models.Post(user_id=user.id, unit_id=unit.id, starts_on=april))
        before_id = before.id
    schema.downgrade(migrated_here, "0002")
    schema.upgrade(migrated_here)
    with reading(migrated_here) as db:
        posts = db.scalars(select(models.Post).order_by(models.Post.starts_on)).all()
        assert [(post.replaces_id, post.replaced_until) for post in posts] == [
            (None, None),
            (before_id, None),
        ]


def test_the_first_migration_goes_down_to_nothing_and_up_again(migrated_here: Engine, now: datetime) -> None:
    _store_one_of_each(migrated_here, now)
    schema.downgrade(migrated_here, "base")
    assert set(inspect(migrated_here).get_table_names()) <= {"alembic_version"}
    schema.upgrade(migrated_here)
    _store_one_of_each(migrated_here, now)


def test_foreign_keys_hold_after_the_migrations(engine: Engine, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction(engine) as db:
        db.add(models.UserRole(user_id=999, role="officer"))


def test_a_migration_that_fails_leaves_the_connection_as_it_was(engine: Engine, now: datetime) -> None:
    """The pool hands it on: with foreign keys off, the next request could write what leads nowhere."""
    with pytest.raises(CommandError):
        schema.upgrade(engine, "no-such-revision")
    with pytest.raises(IntegrityError), transaction(engine) as db:
        db.add(models.UserRole(user_id=999_999, role="officer"))
