"""Asking in the browser, and the officer's side of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from studyhub.persistence.models import Assignment, AssignmentPerson, Post, ProgressLook, StudySession
from studyhub.persistence.session import reading, transaction
from tests.browsing import Browser
from tests.factories.assignments import ask_to_read
from tests.factories.people import make_post, make_user
from tests.factories.questions import make_syllabus
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas


@pytest.fixture
def site(engine: Engine, personas: Personas, now: datetime) -> Personas:
    with transaction(engine) as db:
        make_syllabus(db)
        make_study_session(db, now, make_course(db), key="privacy", title="個人情報")
    return personas


def fields(personas: Personas, now: datetime, **changed: object) -> dict[str, object]:
    return {
        "kind": "session",
        "study_session": "privacy",
        "people": [str(personas.officer.user_id), str(personas.lecturer.user_id)],
        "due_on": str(now.date() + timedelta(days=10)),
        "reason": "来月の相談で使うため。",
    } | changed


def test_a_supervisor_confirms_how_many_and_then_asks(
    client: Browser, engine: Engine, site: Personas, now: datetime
) -> None:
    client.sign_in(site.supervisor)
    confirmation = client.send("/team/assignments/confirm", **fields(site, now)).get_data(as_text=True)
    assert "2人に頼みます" in confirmation
    assert "佐藤 花子" in confirmation
    sent = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', confirmation)
    with reading(engine) as db:
        assert not db.scalars(select(Assignment)).all()
    form: dict[str, list[str]] = {}
    for name, value in sent:
        form.setdefault(name, []).append(value)
    form.pop("csrf_token")
    response = client.send("/team/assignments", **form)
    page = client.read(response.headers["Location"])
    assert "頼みました" in page
    assert "2人のうち、済み0人、これから2人" in page
    with reading(engine) as db:
        assert len(db.scalars(select(AssignmentPerson)).all()) == 2


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"people": []}, "だれに頼むかを選んでください。"),
        ({"due_on": "2026-11-01"}, "期限は、今日から1年以内の日付にしてください。"),
        ({"reason": " "}, "頼む理由を書いてください。"),
        ({"study_session": ""}, "勉強会を一覧から選んでください。"),
        ({"kind": "check"}, "この勉強会には、確認問題がありません。"),
        ({"kind": "topic", "topic": ""}, "分野を一覧から選んでください。"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    client: Browser, site: Personas, now: datetime, changed: dict[str, object], sentence: str
) -> None:
    client.sign_in(site.supervisor)
    response = client.send("/team/assignments/confirm", **fields(site, now, **changed))
    page = response.get_data(as_text=True)
    assert response.status_code == 400
    assert sentence in page
    if "reason" not in changed:
        assert "来月の相談で使うため。" in page


def test_a_unit_is_opened_without_losing_what_was_chosen(
    client: Browser, site: Personas, now: datetime
) -> None:
    client.sign_in(site.supervisor)
    response = client.send("/team/assignments/confirm", **fields(site, now), show="999")
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert re.search(rf'value="{site.officer.user_id}" checked', page)


def test_people_whom_one_does_not_lead_cannot_be_asked(
    client: Browser, site: Personas, now: datetime
) -> None:
    client.sign_in(site.supervisor_elsewhere)
    for address in ("/team/assignments/confirm", "/team/assignments"):
        assert client.send(address, **fields(site, now)).status_code == 404


def test_a_link_from_the_matrix_fills_in_topic_and_person(client: Browser, site: Personas) -> None:
    client.sign_in(site.supervisor)
    page = client.read(f"/team/assignments/new?topic=ip-6.5:61&person={site.officer.user_id}")
    assert re.search(r'<option selected value="ip-6.5:61">', page)
    assert re.search(rf'value="{site.officer.user_id}" checked', page)
    assert not re.search(rf'value="{site.lecturer.user_id}" checked', page)


def test_a_date_is_changed_and_a_request_cancelled(
    client: Browser, engine: Engine, site: Personas, now: datetime
) -> None:
    client.sign_in(site.supervisor)
    address = client.send("/team/assignments", **fields(site, now)).headers["Location"]
    client.send(f"{address}/date", due_on="2026-12-20")
    assert "2026年12月20日" in client.read(address)
    assert client.send(f"{address}/date", due_on="2020-01-01").status_code == 400
    client.send(f"{address}/cancel")
    assert "取り消されました" in client.read(address)
    client.sign_out()
    client.sign_in(site.officer)
    notices = client.read("/notices")
    assert "期限が2026年12月20日（日）に変わりました" in notices
    assert "頼まれていたことが取り消されました" in notices


def test_who_looks_at_the_names_is_noted_for_those_who_are_looked_at(
    client: Browser, engine: Engine, site: Personas, now: datetime
) -> None:
    client.sign_in(site.supervisor)
    address = client.send("/team/assignments", **fields(site, now)).headers["Location"]
    client.read(address)
    with reading(engine) as db:
        looks = {(look.viewer_id, look.subject_id) for look in db.scalars(select(ProgressLook))}
    viewer = site.supervisor.user_id
    assert looks == {(viewer, site.officer.user_id), (viewer, site.lecturer.user_id)}


def test_of_many_people_only_those_on_the_page_are_looked_at(
    client: Browser, engine: Engine, site: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        unit = db.scalars(select(Post.unit_id).where(Post.user_id == site.supervisor.user_id)).one()
        for _ in range(99):
            make_post(db, now, user_id=make_user(db, now).id, unit_id=unit)
        privacy = db.scalars(select(StudySession).where(StudySession.key == "privacy")).one()
        made = ask_to_read(db, site.supervisor, now, privacy, units=[unit])
    client.sign_in(site.supervisor)
    looked_at = []
    for number in (1, 2):
        page = client.read(f"/team/assignments/{made}?page={number}")
        assert "102人のうち、済み0人、これから102人" in page
        with reading(engine) as db:
            looked_at.append(db.scalar(select(func.count()).select_from(ProgressLook)))
    assert f'href="/team/assignments/{made}?page=1"' in page
    assert looked_at == [100, 102]


def test_of_many_people_the_form_and_the_confirmation_say_how_many_more_there_are(
    client: Browser, engine: Engine, site: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        unit = db.scalars(select(Post.unit_id).where(Post.user_id == site.supervisor.user_id)).one()
        for _ in range(300):
            make_post(db, now, user_id=make_user(db, now).id, unit_id=unit)
    client.sign_in(site.supervisor)
    form = client.read("/team/assignments/new")
    assert form.count('name="people"') == 300
    assert "（ほかに3人）" in form
    everybody = fields(site, now, people=[], units=[str(unit)])
    confirmation = client.send("/team/assignments/confirm", **everybody).get_data(as_text=True)
    assert "303人に頼みます" in confirmation
    assert "ほかに243人います。" in confirmation


def test_an_officer_sees_on_home_what_is_asked_by_when_and_by_whom(
    client: Browser, engine: Engine, site: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        course = make_course(db)
        for days in (1, 5, 9, 13):
            session = make_study_session(db, now, course, title=f"第{days}の会")
            ask_to_read(db, site.supervisor, now, session, people=[site.officer.user_id], days=days)
    client.sign_in(site.officer)
    home = client.read("/")
    assert "頼まれていること" in home
    assert "田中 真理さんから" in home
    assert "第1の会" in home
    assert "第13の会" not in home
    assert "ほかに1件。すべて見る" in home
    page = client.read("/assignments")
    assert "第13の会" in page
    assert "来月の相談で使うため。" in page
    assert page.count("button-primary") == 1
