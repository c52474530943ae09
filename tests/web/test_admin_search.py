"""People of the administration are found however somebody types who they are."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine, select, update

from studyhub.persistence.models import AuditEntry, Unit, User
from studyhub.persistence.session import transaction
from tests.browsing import Browser
from tests.factories.people import make_user
from tests.personas import Personas


@pytest.fixture
def admin(client: Browser, personas: Personas) -> Browser:
    client.sign_in(personas.administrator)
    return client


def test_people_are_found_by_name_kana_login_and_unit(admin: Browser) -> None:
    for query in ("佐藤", "サトウ はな", "OFFICER", "officer", "企画課"):
        page = admin.read(f"/admin/people?q={query}")
        assert "佐藤 花子" in page, query
        assert "髙﨑 健" not in page, query
    assert "髙﨑 健" in admin.read("/admin/people?q=髙﨑")
    assert "あてはまる人はいません" in admin.read("/admin/people?q=いない人")


def test_whoever_was_left_in_a_closed_unit_is_listed_as_without_a_post(
    admin: Browser, engine: Engine
) -> None:
    assert "髙﨑 健" not in admin.read("/admin/people?state=unplaced")
    with transaction(engine) as db:
        road = db.scalars(select(Unit).where(Unit.name == "道路課")).one()
        road.ends_on = road.starts_on
    page = admin.read("/admin/people?state=unplaced")
    assert "髙﨑 健" in page
    assert "佐藤 花子" not in page


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("髙橋", "高橋"),
        ("高橋", "髙橋"),
        ("𠮷田", "吉田"),
        ("渡邉", "渡邊"),
        ("齋藤", "斉藤"),
        ("濵﨑", "浜崎"),
    ],
)
def test_a_person_is_found_however_the_signs_of_the_name_are_written(
    admin: Browser, engine: Engine, stored: str, typed: str
) -> None:
    with transaction(engine) as db:
        db.execute(update(User).where(User.login == "officer").values(family_name=stored))
    found = admin.read(f"/admin/people?q={typed}花子")
    assert f"{stored} 花子" in found
    assert "鈴木 一郎" not in found


def test_names_and_numbers_are_found_in_small_and_in_capital_letters(
    admin: Browser, engine: Engine, now: datetime
) -> None:
    with transaction(engine) as db:
        made = make_user(db, now, name="Smith John", kana="すみす じょん")
        made.staff_number = "AB12"
        db.add(
            AuditEntry(at=now, user_id=made.id, action="unit.close", subject_kind="unit", subject_id="X-7")
        )
    for query in ("smith", "JOHN", "ab1"):
        assert "Smith John" in admin.read(f"/admin/people?q={query}"), query
    for query in ("who=smith", "about=x-7"):
        assert "Smith John" in admin.read(f"/admin/audit?{query}"), query


def test_people_are_filtered_by_role_and_state(admin: Browser, engine: Engine, personas: Personas) -> None:
    with transaction(engine) as db:
        db.execute(update(User).where(User.login == "lecturer").values(active=False))
        db.execute(update(User).where(User.login == "officer").values(must_change_password=True))
    assert "鈴木 一郎" not in admin.read("/admin/people")
    assert "鈴木 一郎" in admin.read("/admin/people?state=inactive")
    assert "佐藤 花子" in admin.read("/admin/people?state=new")
    found = admin.read("/admin/people?role=supervisor")
    assert "田中 真理" in found
    assert "佐藤 花子" not in found
