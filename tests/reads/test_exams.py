"""The examinations one can aim at, and what a switch of the target keeps."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from studyhub.persistence.models import Topic
from studyhub.reads.exams import exams_page
from studyhub.reads.progress import LensAsked, skill_map_page
from studyhub.services.account import StudyPlan, set_study_plan
from tests.factories.progress import make_answer, make_exam, map_topics
from tests.factories.questions import make_questions, make_syllabus
from tests.personas import Personas


@pytest.fixture
def answered(db: Session, personas: Personas, now: datetime) -> tuple[list[Topic], list[Topic]]:
    """Two examinations; of the officer's topics 61, 62 and 63 the last has no place in the new one."""
    old = make_syllabus(db, leaves=("61", "62", "63"))
    new = make_syllabus(db, key="ip-2027", leaves=("business", "ethics"))
    make_exam(db, "ip-2026", "ip-6.5")
    make_exam(db, "ip-2027", "ip-2027", status="draft")
    map_topics(db, [(old[0], new[0]), (old[1], new[0]), (old[2], None)], onto="ip-2027")
    elsewhere = make_syllabus(db, key="tokyo-dx", leaves=("first-hearing",))
    for topic, number in zip([*old, *elsewhere], (4, 3, 2, 5), strict=True):
        for question in make_questions(db, now, topic, number):
            make_answer(db, personas.officer.user_id, question, now)
    return old, new


def test_the_facts_of_each_examination_are_shown_the_target_first(
    db: Session, personas: Personas, answered: tuple[list[Topic], list[Topic]], now: datetime
) -> None:
    first, second = exams_page(db, personas.officer, now).exams
    assert (first.key, first.is_target, first.is_draft) == ("ip-2026", True, False)
    assert (second.key, second.is_target, second.is_draft) == ("ip-2027", False, True)
    assert (first.questions, first.scored, first.minutes, first.pass_rule.total) == (100, 92, 120, 600)
    assert [(field.questions, field.scored) for field in first.fields] == [(100, 92)]


def test_what_is_unmapped_and_what_is_new_is_said_before_the_switch(
    db: Session, personas: Personas, answered: tuple[list[Topic], list[Topic]], now: datetime
) -> None:
    _present, coming = exams_page(db, personas.officer, now).exams
    assert coming.carried.topics == 2
    assert [(topic.name, topic.answers) for topic in coming.carried.unmapped] == [("項目 63", 2)]
    assert [topic.key for topic in coming.carried.added] == ["ip-2027:ethics"]


def test_a_switch_of_the_target_and_back_loses_no_answer(
    db: Session, personas: Personas, answered: tuple[list[Topic], list[Topic]], now: datetime
) -> None:
    actor = personas.officer
    before = skill_map_page(db, actor, LensAsked(), now)
    set_study_plan(db, actor, StudyPlan("ip-2027", None, 15), now)
    under_new = skill_map_page(db, actor, LensAsked(), now)
    assert under_new.lens.id == "ip-2027"
    assert under_new.answers == before.answers == 14
    assert under_new.whole.responses == 7
    assert [t.name for t in exams_page(db, actor, now).exams[0].carried.unmapped] == ["項目 63"]
    set_study_plan(db, actor, StudyPlan("ip-2026", None, 15), now)
    assert skill_map_page(db, actor, LensAsked(), now) == before


def test_a_newcomer_has_nothing_unmapped(
    db: Session, personas: Personas, answered: tuple[list[Topic], list[Topic]], now: datetime
) -> None:
    for exam in exams_page(db, personas.lecturer, now).exams:
        assert (exam.carried.topics, exam.carried.unmapped) == (0, ())
