"""Many questions at once: what will change is said first, and then all of it is done or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.question_steps import StatusStep
from studyhub.persistence.models import AuditEntry
from studyhub.services.question_bulk import Bulk, BulkAction, apply_bulk, plan_bulk
from studyhub.services.question_review import TakeStep, take_step
from tests.factories.questions import make_questions, make_syllabus
from tests.factories.written_questions import asked, create, need_review, newest, row_of, written
from tests.personas import Personas


@pytest.fixture
def keys(db: Session, personas: Personas, now: datetime) -> tuple[str, ...]:
    """Two published ones of the files and a draft of the lecturer."""
    first, _ = make_syllabus(db, leaves=("61", "62"))
    pool = tuple(row.key for row in make_questions(db, now, first, 2))
    return (*pool, create(db, personas.lecturer, now))


def do(db: Session, personas: Personas, bulk: Bulk, now: datetime) -> int:
    return apply_bulk(db, personas.lecturer, bulk, plan_bulk(db, personas.lecturer, bulk).digest, now)


def test_the_plan_says_what_changes_and_changes_nothing(
    db: Session, personas: Personas, keys: tuple[str, ...]
) -> None:
    plan = plan_bulk(db, personas.lecturer, Bulk(keys, BulkAction.STATUS, "published"))
    assert [(change.key, change.before, change.after) for change in plan.changes] == [
        (keys[2], "draft", "published")
    ]
    assert plan.unchanged == 2
    assert row_of(db, keys[2]).status == "draft"


def test_topics_and_levels_change_as_revisions_with_the_same_text(
    db: Session, personas: Personas, keys: tuple[str, ...], now: datetime
) -> None:
    assert do(db, personas, Bulk(keys, BulkAction.ADD_TOPIC, "ip-6.5:62"), now) == 3
    assert do(db, personas, Bulk(keys, BulkAction.MAIN_TOPIC, "ip-6.5:62"), now) == 3
    assert do(db, personas, Bulk(keys, BulkAction.LEVEL, "apply"), now) == 3
    for key in keys:
        question, revision = asked(db, key), newest(db, key)
        assert question.topics == ("ip-6.5:62",)
        assert question.level == "apply"
        assert revision.number == 4
        assert revision.html["stem"].startswith("<p>")
        assert row_of(db, key).origin == "studio"


def test_one_that_cannot_be_keeps_all_from_being_changed(
    db: Session, personas: Personas, keys: tuple[str, ...], now: datetime
) -> None:
    bare = create(db, personas.lecturer, now, replace(written(), explanation=""))
    bulk = Bulk((*keys, bare), BulkAction.STATUS, "published")
    plan = plan_bulk(db, personas.lecturer, bulk)
    assert [change.key for change in plan.blocked] == [bare]
    assert plan.free_keys == (keys[2],)
    with pytest.raises(Invalid):
        do(db, personas, bulk, now)
    assert row_of(db, keys[2]).status == "draft"


def test_a_published_one_that_has_become_faulty_is_named_before_anything_is_changed(
    db: Session, personas: Personas, keys: tuple[str, ...], now: datetime
) -> None:
    held = newest(db, keys[0])
    held.data = {**held.data, "explanation": ""}
    db.flush()
    bulk = Bulk(keys, BulkAction.LEVEL, "apply")
    assert [change.key for change in plan_bulk(db, personas.lecturer, bulk).blocked] == [keys[0]]
    with pytest.raises(Invalid):
        do(db, personas, bulk, now)


def test_where_a_second_person_is_asked_for_nothing_is_published_in_bulk(
    db: Session, personas: Personas, keys: tuple[str, ...], now: datetime
) -> None:
    need_review(db, now)
    assert plan_bulk(db, personas.lecturer, Bulk(keys, BulkAction.STATUS, "published")).blocked
    plan = plan_bulk(db, personas.lecturer, Bulk(keys, BulkAction.LEVEL, "recall"))
    assert sorted(change.new_status for change in plan.changes) == ["", "review", "review"]


def test_what_changed_since_it_was_looked_at_is_a_conflict(
    db: Session, personas: Personas, keys: tuple[str, ...], now: datetime
) -> None:
    bulk = Bulk(keys, BulkAction.STATUS, "retired")
    plan = plan_bulk(db, personas.lecturer, bulk)
    take_step(db, personas.lecturer, TakeStep(keys[0], StatusStep.RETIRE, 1), now)
    with pytest.raises(Conflict):
        apply_bulk(db, personas.lecturer, bulk, plan.digest, now)


def test_it_is_logged_with_all_it_touched(
    db: Session, personas: Personas, keys: tuple[str, ...], now: datetime
) -> None:
    do(db, personas, Bulk(keys, BulkAction.STATUS, "retired"), now)
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "question.bulk")).one()
    assert sorted(entry.detail["keys"]) == sorted(keys)


@pytest.mark.parametrize(
    ("keys", "action", "value"),
    [((), BulkAction.STATUS, "retired"), (("a",), None, ""), (("a",), BulkAction.STATUS, "review"),
     (("a",), BulkAction.LEVEL, "hard"), (("a",), BulkAction.ADD_TOPIC, "no:topic")],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(
    db: Session, personas: Personas, keys: tuple[str, ...], action: BulkAction | None, value: str
) -> None:
    with pytest.raises(Invalid):
        plan_bulk(db, personas.lecturer, Bulk(keys, action, value))
