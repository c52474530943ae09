"""Pictures of units: right, of nobody who heads one, of no small group, and the same again from the log."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from threading import Event

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from studyhub.config import Config
from studyhub.domain.organisation import PostKind
from studyhub.jobs.context import JobContext
from studyhub.jobs.handlers import picture_units as handler
from studyhub.jobs.handlers import sweep
from studyhub.persistence.models import Job, Post, TopicProgress, Unit, UnitTopicMonth
from studyhub.persistence.practice import load_evidence_of
from studyhub.persistence.session import reading, transaction
from studyhub.services import jobs, responses
from studyhub.services.progress import evidence_until
from studyhub.services.unit_pictures import ask_for_pictures, picture_units
from tests.factories.people import make_post, make_unit, make_user
from tests.factories.progress import make_answer
from tests.factories.questions import make_questions, make_syllabus
from tests.factories.team import know, make_people


@pytest.fixture
def section(db: Session, now: datetime) -> Unit:
    return make_unit(db, now, name="相談課")


def pictures(db: Session, unit: Unit) -> dict[str, tuple[int, int, int, int, int]]:
    """By topic: people, weak, near, firm, learners."""
    rows = db.scalars(select(UnitTopicMonth).where(UnitTopicMonth.unit_id == unit.id)).all()
    return {
        str(row.topic_id): (row.people, row.weak, row.near, row.firm, row.learners)
        for row in rows
        if row.people == row.untouched + row.weak + row.near + row.firm
    }


def test_a_picture_counts_people_by_band_and_learners_of_the_month(
    db: Session, section: Unit, now: datetime
) -> None:
    (leaf,) = make_syllabus(db)
    people = make_people(db, now, section, 7)
    know(db, people[:2], leaf, now, right=20, of=20)
    know(db, people[2:5], leaf, now, right=2, days_ago=40)
    picture_units(db, now)
    assert pictures(db, section) == {
        str(leaf.parent_id): (7, 3, 0, 2, 2),
        str(leaf.id): (7, 3, 0, 2, 2),
    }


def test_heads_are_counted_nowhere(db: Session, section: Unit, now: datetime) -> None:
    (leaf,) = make_syllabus(db)
    team = make_unit(db, now, level="team", parent_id=section.id)
    people = make_people(db, now, team, 6)
    head = make_user(db, now)
    make_post(db, now, user_id=head.id, unit_id=section.id, heads_unit=True)
    db.flush()
    know(db, [head, *people], leaf, now, right=10)
    picture_units(db, now)
    assert pictures(db, section) == pictures(db, team)
    assert pictures(db, section)[str(leaf.id)][0] == 6


def test_whom_two_sections_share_cannot_be_worked_out_from_them_and_the_bureau(
    db: Session, section: Unit, now: datetime
) -> None:
    (leaf,) = make_syllabus(db)
    bureau, other = make_unit(db, now, name="総務局", level="bureau"), make_unit(db, now, name="調査課")
    section.parent_id = other.parent_id = bureau.id
    shared, *people = make_people(db, now, section, 10)
    people += make_people(db, now, other, 9)
    db.add(Post(user_id=shared.id, unit_id=other.id, kind=PostKind.CONCURRENT, starts_on=now.date()))
    know(db, people, leaf, now, right=9)
    know(db, [shared], leaf, now, right=0)
    picture_units(db, now)
    first, second, whole = (pictures(db, unit)[str(leaf.id)] for unit in (section, other, bureau))
    assert tuple(map(sum, zip(first, second, strict=True))) == whole == (19, 1, 0, 18, 19)


def test_the_running_month_is_pictured_anew_and_earlier_ones_stay(
    db: Session, section: Unit, now: datetime
) -> None:
    (leaf,) = make_syllabus(db)
    people = make_people(db, now, section, 6)
    picture_units(db, now - timedelta(days=31))
    know(db, people, leaf, now, right=10)
    picture_units(db, now - timedelta(hours=2))
    picture_units(db, now)
    rows = db.scalars(select(UnitTopicMonth).where(UnitTopicMonth.topic_id == leaf.parent_id)).all()
    assert [(row.month.month, row.firm) for row in sorted(rows, key=lambda row: row.month)] == [
        (10, 0),
        (11, 6),
    ]


def test_a_unit_that_has_become_too_small_loses_the_picture_of_the_month(
    db: Session, section: Unit, now: datetime
) -> None:
    make_syllabus(db)
    people = make_people(db, now, section, 5)
    picture_units(db, now - timedelta(hours=2))
    assert pictures(db, section)
    people[0].active = False
    db.flush()
    picture_units(db, now)
    assert not pictures(db, section)


def test_what_the_log_said_until_now_is_what_the_projections_say(
    db: Session, section: Unit, now: datetime
) -> None:
    (leaf,) = make_syllabus(db)
    people = make_people(db, now, section, 2)
    for place, question in enumerate(make_questions(db, now, leaf, 5)):
        for person in people:
            told = make_answer(
                db, person.id, question, now - timedelta(days=place * 10), right=place % 2 == 0
            )
            if place == 2:
                responses.mark_unsure(db, person.id, told, now)
        make_answer(db, people[0].id, question, now)
    ids = [person.id for person in people]
    assert evidence_until(db, ids, now + timedelta(seconds=1)) == load_evidence_of(db, ids)
    earlier = evidence_until(db, ids, now - timedelta(days=15))
    assert {topics[leaf.id].responses for topics in earlier.values()} == {3}


def test_a_past_month_can_be_pictured_from_the_log(db: Session, section: Unit, now: datetime) -> None:
    (leaf,) = make_syllabus(db)
    people = make_people(db, now, section, 5)
    then = now - timedelta(days=30)
    for question in make_questions(db, now, leaf, 4):
        make_answer(db, people[0].id, question, then - timedelta(days=1))
        make_answer(db, people[1].id, question, now)
    picture_units(db, then, partial(evidence_until, moment=then))
    assert pictures(db, section)[str(leaf.id)][0] == 5
    assert sum(pictures(db, section)[str(leaf.id)][1:4]) == 1


def test_the_daily_sweep_asks_for_pictures(engine: Engine, config: Config, now: datetime) -> None:
    with transaction(engine) as db:
        jobs.enqueue(db, "sweep", {}, now)
        job = jobs.lease(db, now)
        assert job is not None
    sweep.run(JobContext(engine, config, job, lambda: now, Event()), {})
    with reading(engine) as db:
        waiting = select(Job.kind).where(Job.state == "queued", Job.run_after <= now)
        assert "picture_units" in db.scalars(waiting).all()


def test_the_job_does_the_same_in_short_transactions(engine: Engine, config: Config, now: datetime) -> None:
    with transaction(engine) as db:
        (leaf,) = make_syllabus(db)
        unit = make_unit(db, now)
        know(db, make_people(db, now, unit, 6), leaf, now, right=10)
        ask_for_pictures(db, now)
        ask_for_pictures(db, now)
        job = jobs.lease(db, now)
        assert job is not None
    handler.run(JobContext(engine, config, job, lambda: now, Event()), {})
    with reading(engine) as db:
        assert pictures(db, unit)[str(leaf.id)][3] == 6
        assert db.scalar(select(TopicProgress.responses).limit(1)) == 10
