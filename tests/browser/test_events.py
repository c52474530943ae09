"""The code on the wall, the phone in the room, the lecturer's list that follows; and a survey on a phone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from studyhub.domain.surveys import SurveyMoment
from studyhub.persistence.engine import make_engine
from studyhub.persistence.models import Course, StudySession, Survey
from studyhub.persistence.session import transaction
from studyhub.services.attendance import CheckInWay, check_in
from studyhub.services.demo.events import actor_of
from tests.browser.conftest import Look, SignIn
from tests.browser.live_site import LiveSite
from tests.browser.watching import assert_accessible, assert_fits
from tests.factories.study_sessions import make_study_session

KEY, CODE = "held-while-tests-run", "ACD347"
STUDIO = f"/studio/study-sessions/{KEY}"


@pytest.fixture
def code(live_site: LiveSite) -> str:
    """Of a study session that begins now."""
    engine = make_engine(live_site.database_url)
    now = datetime.now(UTC)
    with transaction(engine) as db:
        if db.scalars(select(StudySession).where(StudySession.key == KEY)).first() is None:
            course = db.scalars(select(Course).order_by(Course.id)).first()
            assert course is not None
            row = make_study_session(db, now, course, key=KEY)
            row.code, row.starts_at = CODE, now
    engine.dispose()
    return CODE


def _come(live_site: LiveSite, login: str) -> None:
    engine = make_engine(live_site.database_url)
    with transaction(engine) as db:
        check_in(db, actor_of(db, login), CODE, CheckInWay.SCAN, datetime.now(UTC))
    engine.dispose()


def _asked_twice(live_site: LiveSite) -> str:
    """The study session whose participants the demonstration asks again weeks later; which one depends on the day."""
    engine = make_engine(live_site.database_url)
    with transaction(engine) as db:
        later = select(Survey.study_session_id).where(Survey.moment == SurveyMoment.LATER)
        key = db.scalars(select(StudySession.key).where(StudySession.id.in_(later))).one()
    engine.dispose()
    return key


def test_the_wall_counts_who_comes_without_being_touched(
    page: Page, sign_in: SignIn, live_site: LiveSite, code: str
) -> None:
    sign_in("lecturer")
    page.goto(f"{STUDIO}/attendance/screen")
    expect(page.locator(".projector-code")).to_have_text("ACD-347")
    drawn = page.locator(".projector-qr").evaluate("image => image.naturalWidth")
    assert drawn > 0
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), (
        "the wall needs no scrolling"
    )
    assert_accessible(page)
    before = page.locator(".projector-count").inner_text()
    _come(live_site, "hanako")
    expect(page.locator(".projector-count")).not_to_have_text(before)


@pytest.mark.parametrize("look", [Look(width=390)], ids=str)
def test_a_phone_checks_in_with_one_tap_after_the_sign_in_on_the_way(
    page: Page, sign_in: SignIn, look: Look, code: str
) -> None:
    sign_in("officer")
    page.goto(f"/attend/{code}")
    assert_fits(page)
    if page.get_by_role("button", name="出席を登録する").count():
        page.get_by_role("button", name="出席を登録する").click()
    expect(page.get_by_text("出席しています")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("look", [Look(), Look("en", "dark", 390)], ids=str)
def test_the_lecturer_s_pages_read_well(page: Page, sign_in: SignIn, live_site: LiveSite, look: Look) -> None:
    held = f"/studio/study-sessions/{_asked_twice(live_site)}"
    sign_in("lecturer")
    for address in (
        "/attendance",
        "/attendance/registrations",
        "/surveys",
        "/surveys/after/results",
        "/surveys/later",
    ):
        page.goto(held + address)
        assert page.locator("h1").count() == 1, address
        assert_fits(page)
        assert_accessible(page)


@pytest.mark.parametrize("look", [Look(width=390), Look("en", "dark")], ids=str)
def test_a_survey_reads_well(page: Page, sign_in: SignIn, live_site: LiveSite, look: Look) -> None:
    engine = make_engine(live_site.database_url)
    with transaction(engine) as db:
        survey_id = db.scalars(select(Survey.id).where(Survey.state == "open")).first()
    engine.dispose()
    sign_in("officer")
    for address in (f"/surveys/{survey_id}", "/attend"):
        page.goto(address)
        assert_fits(page)
        assert_accessible(page)
