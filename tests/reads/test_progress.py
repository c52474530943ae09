"""The skill map, the weeks, the history and what was learnt, as an officer reads them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.mastery import Band
from studyhub.persistence.models import ReadingMark, Topic
from studyhub.reads.history import PAGE_LENGTH, HistoryAsked, history_page, learnt_page
from studyhub.reads.progress import LensAsked, SkillMapPage, skill_map_page, trend_page
from studyhub.services import responses
from tests.factories.progress import make_answer, make_exam, map_topics
from tests.factories.questions import make_question, make_questions, make_syllabus
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas


@pytest.fixture
def leaves(db: Session) -> list[Topic]:
    """Topics 61 and 62 of the target's syllabus."""
    made = make_syllabus(db, leaves=("61", "62"))
    make_exam(db, "ip-2026", "ip-6.5")
    return made


def counts(page: SkillMapPage) -> dict[str, int]:
    cells = [field.cell for field in page.fields] + [row.cell for field in page.fields for row in field.rows]
    return {cell.node.key: cell.mastery.responses for cell in cells}


def test_the_map_is_that_of_the_target_unless_another_is_asked_for(
    db: Session, personas: Personas, leaves: list[Topic], now: datetime
) -> None:
    make_syllabus(db, key="dx-literacy", leaves=("a",))
    assert skill_map_page(db, personas.officer, LensAsked(), now).lens.id == "ip-6.5"
    assert skill_map_page(db, personas.officer, LensAsked("dx-literacy"), now).lens.id == "dx-literacy"
    with pytest.raises(NotFound):
        skill_map_page(db, personas.officer, LensAsked("no-such"), now)


def test_the_map_counts_one_s_own_answers_and_nobody_else_s(
    db: Session, personas: Personas, leaves: list[Topic], now: datetime
) -> None:
    for question in make_questions(db, now, leaves[0], 4):
        make_answer(db, personas.officer.user_id, question, now)
        make_answer(db, personas.colleague_elsewhere.user_id, question, now, right=False)
    page = skill_map_page(db, personas.officer, LensAsked(), now)
    assert counts(page) == {"ip-6.5:strategy": 4, "ip-6.5:61": 4, "ip-6.5:62": 0}
    assert (page.answers, page.whole.responses, page.unmapped) == (4, 4, 0)
    assert page.highlights.bands[Band.NONE] == 1


@pytest.mark.parametrize("forwards", [True, False])
def test_answers_count_through_a_mapping_in_either_direction(
    db: Session, personas: Personas, leaves: list[Topic], now: datetime, forwards: bool
) -> None:
    new = make_syllabus(db, key="ip-2027", leaves=("business", "ethics"))
    if forwards:
        map_topics(db, [(leaves[0], new[0]), (leaves[1], None)], onto="ip-2027")
    else:
        map_topics(db, [(new[0], leaves[0])], onto="ip-6.5")
    for topic, number in ((leaves[0], 4), (leaves[1], 3)):
        for question in make_questions(db, now, topic, number):
            make_answer(db, personas.officer.user_id, question, now)
    page = skill_map_page(db, personas.officer, LensAsked("ip-2027"), now)
    assert counts(page) == {"ip-2027:strategy": 4, "ip-2027:business": 4, "ip-2027:ethics": 0}
    assert (page.answers, page.unmapped) == (7, 1)


def test_weeks_show_what_was_answered_in_them(
    db: Session, personas: Personas, leaves: list[Topic], now: datetime
) -> None:
    for question, days_ago in zip(make_questions(db, now, leaves[0], 3), (0, 7, 200), strict=True):
        make_answer(
            db, personas.officer.user_id, question, now - timedelta(days=days_ago), right=days_ago == 7
        )
    page = trend_page(db, personas.officer, now)
    assert [(week.answers, week.right) for week in page.weeks[-2:]] == [(1, 1), (1, 0)]
    assert (page.answers, page.right) == (3, 1)
    assert page.since == (now - timedelta(days=200)).date()


@pytest.mark.parametrize(("days_ago", "shown"), [(0, 4), (42, 7), (200, 12)])
def test_weeks_before_the_first_answer_are_not_shown(
    db: Session, personas: Personas, leaves: list[Topic], now: datetime, days_ago: int, shown: int
) -> None:
    question = make_question(db, now, leaves[0])
    make_answer(db, personas.officer.user_id, question, now - timedelta(days=days_ago))
    assert len(trend_page(db, personas.officer, now).weeks) == shown


def test_the_history_is_newest_first_and_can_be_narrowed(
    db: Session, personas: Personas, leaves: list[Topic], now: datetime
) -> None:
    actor = personas.officer
    wrong, sure, guessed = (make_question(db, now, topic) for topic in (leaves[0], leaves[0], leaves[1]))
    make_answer(db, actor.user_id, wrong, now, right=False)
    make_answer(db, actor.user_id, sure, now)
    told = make_answer(db, actor.user_id, guessed, now)
    responses.mark_unsure(db, actor.user_id, told, now)
    make_answer(db, personas.lecturer.user_id, sure, now)

    def found(asked: HistoryAsked) -> list[tuple[str, bool, bool]]:
        rows = history_page(db, actor, asked).rows
        return [(row.topic, row.mark == "right", row.unsure) for row in rows]

    assert found(HistoryAsked()) == [
        ("項目 62", True, True),
        ("項目 61", True, False),
        ("項目 61", False, False),
    ]
    assert found(HistoryAsked(only_wrong=True)) == [("項目 62", True, True), ("項目 61", False, False)]
    assert found(HistoryAsked(topic="ip-6.5:62")) == [("項目 62", True, True)]
    assert len(found(HistoryAsked(topic="ip-6.5:strategy"))) == 3
    with pytest.raises(NotFound):
        history_page(db, actor, HistoryAsked(topic="ip-6.5:nothing"))


def test_the_history_comes_in_pages(
    db: Session, personas: Personas, leaves: list[Topic], now: datetime
) -> None:
    for question in make_questions(db, now, leaves[0], PAGE_LENGTH + 1):
        make_answer(db, personas.officer.user_id, question, now)
    first = history_page(db, personas.officer, HistoryAsked())
    assert (len(first.rows), first.total, first.pages) == (PAGE_LENGTH, PAGE_LENGTH + 1, 2)
    assert len(history_page(db, personas.officer, HistoryAsked(page=99)).rows) == 1


def test_what_was_learnt_names_the_sections_read_and_the_checks_answered(
    db: Session, personas: Personas, leaves: list[Topic], now: datetime
) -> None:
    actor = personas.officer
    read = make_study_session(db, now, make_course(db))
    make_study_session(db, now, make_course(db))
    checks = make_questions(db, now, leaves[0], 3)
    withdrawn = make_question(db, now, leaves[0], status="retired")
    assert read.current_revision is not None
    read.current_revision.checks = [question.key for question in (*checks, withdrawn)]
    db.add(ReadingMark(user_id=actor.user_id, study_session_id=read.id, anchor="first", read_at=now))
    make_answer(db, actor.user_id, checks[0], now)
    make_answer(db, actor.user_id, checks[1], now, right=False)
    make_answer(db, actor.user_id, withdrawn, now)
    (row,) = learnt_page(db, actor)
    assert (row.key, row.reading.read, row.reading.total) == (read.key, 1, 2)
    assert (row.checks, row.answered, row.right) == (3, 2, 1)
    assert learnt_page(db, personas.lecturer) == ()
