"""What people choose for themselves."""

from datetime import date, timedelta

import pytest

from studyhub.domain.errors import Invalid
from studyhub.persistence.models import Blueprint, Syllabus, User
from studyhub.services.account import StudyPlan, set_locale, set_study_plan, set_target, set_theme


@pytest.fixture
def targets(db):
    db.add(Syllabus(id="ip-6.5", title="シラバス", status="current", levels=[], content_hash=""))
    db.flush()
    for key, status in (("ip-2026", "current"), ("ip-2027", "draft"), ("ip-2015", "retired")):
        db.add(Blueprint(id=key, title=key, syllabus_id="ip-6.5", status=status, spec={}, content_hash=""))
    db.flush()


def test_an_officer_chooses_language_and_colours(db, personas, now):
    set_locale(db, personas.officer, "en")
    set_theme(db, personas.officer, "dark")
    user = db.get(User, personas.officer.user_id)
    assert (user.locale, user.theme) == ("en", "dark")


def test_what_is_not_offered_cannot_be_chosen(db, personas, targets, now):
    with pytest.raises(Invalid):
        set_locale(db, personas.officer, "fr")
    with pytest.raises(Invalid):
        set_theme(db, personas.officer, "pink")
    for minutes in (0, 481, -5):
        with pytest.raises(Invalid):
            set_study_plan(db, personas.officer, StudyPlan("ip-2026", None, minutes), now)


def test_the_draft_of_next_year_may_be_the_target(db, personas, targets, now):
    set_study_plan(db, personas.officer, StudyPlan("ip-2027", date(2027, 6, 1), 30), now)
    user = db.get(User, personas.officer.user_id)
    assert (user.target_exam, user.exam_on, user.daily_minutes) == ("ip-2027", date(2027, 6, 1), 30)


@pytest.mark.parametrize("target", ["ip-2015", "ip-1999", ""])
def test_a_retired_or_unknown_examination_is_no_target(db, personas, targets, now, target):
    with pytest.raises(Invalid) as caught:
        set_target(db, personas.officer, target)
    assert caught.value.field == "target_exam"


def test_a_target_that_was_retired_since_may_be_kept(db, personas, targets, now):
    db.get(User, personas.officer.user_id).target_exam = "ip-2015"
    set_study_plan(db, personas.officer, StudyPlan("ip-2015", None, 20), now)
    set_target(db, personas.officer, "ip-2026")
    with pytest.raises(Invalid):
        set_target(db, personas.officer, "ip-2015")


def test_an_examination_yesterday_cannot_be_planned_but_one_that_passed_may_stay(db, personas, targets, now):
    today = now.date()
    set_study_plan(db, personas.officer, StudyPlan("ip-2026", today, 15), now)
    with pytest.raises(Invalid):
        set_study_plan(db, personas.officer, StudyPlan("ip-2026", today - timedelta(days=1), 15), now)
    set_study_plan(db, personas.officer, StudyPlan("ip-2026", today, 15), now + timedelta(days=30))
