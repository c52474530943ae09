"""The pages of study sessions, their files and calendars, without a script."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import Engine, update
from werkzeug.test import TestResponse

from studyhub.config import Config
from studyhub.domain.days import office_day
from studyhub.domain.identity import Locale
from studyhub.persistence.models import ReadingMark, StudySession, User
from studyhub.persistence.session import reading, transaction
from tests.browsing import Browser
from tests.factories.slides import make_material, make_slides
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas

PAGE = "/study-sessions/first-hearing"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture
def site(
    engine: Engine, config: Config, now: datetime, personas: Personas, client: Browser
) -> dict[str, str]:
    """A session with three slides, a handout and a figure; gives the addresses of the files. The officer is signed in."""
    with transaction(engine) as db:
        study_session = make_study_session(db, now, make_course(db), key="first-hearing")
        slides = make_slides(db, now, study_session, config.files, 3)
        handout = make_material(
            db,
            now,
            study_session,
            config.files,
            b"0123456789",
            name="暗号入門.pdf",
            role="handout",
            state="ready",
        )
        figure = make_material(
            db, now, study_session, config.files, SVG,
            name="figures/図.svg", media_type="image/svg+xml", role="figure", state="ready",
        )  # fmt: skip
        addresses = {"slides": slides.file_id, "handout": handout.file_id, "figure": figure.file_id}
    client.sign_in(personas.officer)
    return {name: f"/files/{file_id}" for name, file_id in addresses.items()}


def _change(engine: Engine, **values: object) -> None:
    with transaction(engine) as db:
        db.execute(update(StudySession).where(StudySession.key == "first-hearing").values(**values))


def _fetched(client: Browser, address: str, headers: dict[str, str] | None = None) -> TestResponse:
    """Read to its end, as a browser does: a file is open until then."""
    with client.get(address, headers=headers) as answer:
        answer.get_data()
    return answer


def test_the_button_under_a_section_marks_it_and_leads_to_the_next(
    client: Browser, site: dict[str, str]
) -> None:
    assert "2章・まだ読んでいません" in client.read(PAGE)
    answer = client.send(f"{PAGE}/reading", read="first", position="second")
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#second")
    page = client.read(PAGE)
    assert "2章中1章まで読みました" in page
    assert "前回の続きから" in page
    assert 'href="#second"' in page


def test_a_script_gets_the_progress_in_words_however_often_it_sends(
    client: Browser, site: dict[str, str], engine: Engine
) -> None:
    for _ in range(2):
        answer = client.send(f"{PAGE}/reading", json=True, read=["first", "second"], position="second")
        assert answer.get_json() == {"read": 2, "total": 2, "text": "すべて読みました"}
    with reading(engine) as db:
        assert db.query(ReadingMark).count() == 2


def test_reading_can_be_sent_as_json_too(client: Browser, site: dict[str, str]) -> None:
    headers = {"Accept": "application/json", "X-CSRFToken": client.csrf_token()}
    sent = client.post(f"{PAGE}/reading", json={"read": ["first"], "slide": 2}, headers=headers)
    assert sent.get_json()["read"] == 1
    assert "スライド 2 / 3" in client.read(PAGE)
    for wrong in ({"read": "first"}, {"read": [1]}, {"slide": -1}, {"slide": "x"}, []):
        assert client.post(f"{PAGE}/reading", json=wrong, headers=headers).status_code == 400, wrong


def test_a_draft_is_404_for_officers_and_marked_for_lecturers(
    client: Browser, site: dict[str, str], engine: Engine, personas: Personas
) -> None:
    _change(engine, status="draft")
    for address in (PAGE, f"{PAGE}/slides/1", f"{PAGE}/calendar.ics", *site.values()):
        client.read(address, 404)
    assert client.send(f"{PAGE}/reading", read="first").status_code == 404
    client.sign_out()
    client.sign_in(personas.lecturer)
    assert "下書きです" in client.read(PAGE)
    assert _fetched(client, site["handout"]).status_code == 200


def test_a_handout_is_downloaded_under_its_japanese_name_and_in_parts(
    client: Browser, site: dict[str, str]
) -> None:
    whole = _fetched(client, site["handout"])
    assert whole.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%E6%9A%97%E5%8F%B7%E5%85%A5%E9%96%80.pdf" in whole.headers["Content-Disposition"]
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    part = _fetched(client, site["handout"], {"Range": "bytes=2-4"})
    assert (part.status_code, part.data) == (206, b"234")
    known = _fetched(client, site["handout"], {"If-None-Match": whole.headers["ETag"]})
    assert known.status_code == 304


def test_an_svg_can_only_be_an_image(client: Browser, site: dict[str, str]) -> None:
    answer = _fetched(client, site["figure"])
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Content-Disposition"].startswith("inline")
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_a_file_whose_bytes_are_gone_is_not_found(
    client: Browser, site: dict[str, str], config: Config
) -> None:
    for path in config.files.rglob("*"):
        if path.is_file():
            path.unlink()
    assert "ファイルが見つかりません" in client.read(site["handout"], 404)


def test_an_upcoming_session_goes_into_the_calendar_at_tokyo_time(
    client: Browser, site: dict[str, str], engine: Engine, now: datetime
) -> None:
    starts_at = datetime(2026, 12, 2, 6, 0, tzinfo=UTC)
    _change(engine, held_on=date(2026, 12, 2), starts_at=starts_at, minutes=90, place="会議室A")
    assert f"{PAGE}/calendar.ics" in client.read(PAGE)
    answer = client.get(f"{PAGE}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.data)
    (event,) = calendar.events
    assert event["UID"] == "first-hearing@study-sessions.studyhub"
    assert event["DTSTART"].params["TZID"] == "Asia/Tokyo"
    assert (event.start, event.end) == (starts_at, starts_at + timedelta(minutes=90))
    assert event["DTSTAMP"].dt == now
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("最初のヒアリング", "会議室A")
    assert str(event["URL"]) == f"http://localhost{PAGE}"
    assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Asia/Tokyo"]


def test_a_session_that_has_begun_is_no_longer_said_to_be_ahead_but_its_place_stays(
    client: Browser, site: dict[str, str], engine: Engine, now: datetime
) -> None:
    _change(engine, held_on=office_day(now), starts_at=now + timedelta(minutes=1), place="会議室A")
    assert "これから開かれます" in client.read(PAGE)
    _change(engine, starts_at=now)
    begun = client.read(PAGE)
    assert "これから開かれます" not in begun
    assert "会議室A" in begun


def test_a_session_without_an_hour_takes_the_day_and_one_without_a_day_has_no_calendar(
    client: Browser, site: dict[str, str], engine: Engine
) -> None:
    _change(engine, held_on=date(2026, 12, 2))
    (event,) = Calendar.from_ical(client.get(f"{PAGE}/calendar.ics").data).events
    assert event.start == date(2026, 12, 2)
    _change(engine, held_on=None)
    client.read(f"{PAGE}/calendar.ics", 404)
    assert "calendar.ics" not in client.read(PAGE)


def test_slides_have_a_page_each_with_their_text_and_the_way_on(
    client: Browser, site: dict[str, str]
) -> None:
    page = client.read(f"{PAGE}/slides/2")
    assert "ページ2の文字" in page
    for number in (1, 3):
        assert f'href="{PAGE}/slides/{number}"' in page
    client.read(f"{PAGE}/slides/4", 404)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "waiting"}, "スライドを準備しています"),
        ({"state": "failed", "fault": "locked"}, "パスワードで保護された"),
        ({"state": "failed", "fault": "broken"}, "ファイルを読み取れなかったため"),
    ],
)
def test_slides_that_are_not_ready_say_so(
    client: Browser, engine: Engine, config: Config, now: datetime, personas: Personas,
    values: dict[str, str], said: str,
) -> None:  # fmt: skip
    with transaction(engine) as db:
        study_session = make_study_session(db, now, make_course(db), key="first-hearing")
        material = make_material(db, now, study_session, config.files, b"%PDF")
        for name, value in values.items():
            setattr(material, name, value)
    client.sign_in(personas.officer)
    page = client.read(PAGE)
    assert said in page
    assert f"/files/{material.file_id}" in page


def test_the_library_says_what_to_do_when_nothing_fits_and_when_there_is_nothing(
    client: Browser, personas: Personas
) -> None:
    client.sign_in(personas.officer)
    assert "勉強会はまだありません" in client.read("/study-sessions")
    assert "この条件に合う勉強会はありません" in client.read("/study-sessions?when=past&topic=<script>")


def test_a_long_course_is_shown_from_where_one_is_and_all_of_it_when_asked_for(
    client: Browser, engine: Engine, now: datetime, personas: Personas
) -> None:
    with transaction(engine) as db:
        course = make_course(db, key="basics")
        rows = [make_study_session(db, now, course, key=f"lesson-{number}") for number in range(6)]
        for place, row in enumerate(rows):
            row.position = place
        for anchor in ("first", "second"):
            db.add(
                ReadingMark(
                    user_id=personas.officer.user_id, study_session_id=rows[0].id, anchor=anchor, read_at=now
                )
            )
    client.sign_in(personas.officer)
    page = client.read("/study-sessions")
    assert [number for number in range(6) if f"/study-sessions/lesson-{number}" in page] == [1, 2, 3]
    assert "6回のうち1回を読み終えました" in page
    assert "このコースの6回をすべて見る" in page
    whole = client.read("/study-sessions?course=basics")
    assert all(f"/study-sessions/lesson-{number}" in whole for number in range(6))


def test_on_an_english_page_the_notes_are_marked_as_japanese(
    client: Browser, site: dict[str, str], engine: Engine, personas: Personas
) -> None:
    with transaction(engine) as db:
        db.execute(update(User).where(User.id == personas.officer.user_id).values(locale=Locale.EN.value))
    page = client.read(PAGE)
    assert '<html lang="en"' in page
    assert "<h1>The first hearing</h1>" in page
    assert '<div class="prose" lang="ja"><h2 id="first">' in page
