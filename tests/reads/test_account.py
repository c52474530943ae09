"""The account page: who I am, where I stand in the organisation, and which browsers I am signed in with."""

from datetime import date, timedelta

from sqlalchemy import select

from studyhub.domain.organisation import PostKind
from studyhub.persistence.models import Blueprint, Post, Syllabus
from studyhub.reads.account import account_page
from studyhub.services.people import Appointment, appoint, transfer
from studyhub.services.sign_in import SignInCommand, end, resolve, sign_in
from tests.personas import PASSWORD


def signed_in(db, actor, now, browser="Firefox") -> tuple[str, int]:
    token = sign_in(db, SignInCommand(actor.login, PASSWORD, "192.0.2.7", browser), now, 14).token
    return token, resolve(db, token, now)[1]


def unit_of(db, actor) -> int:
    return db.scalar(select(Post.unit_id).where(Post.user_id == actor.user_id))


def store_targets(db) -> None:
    db.add(Syllabus(id="ip-6.5", title="シラバス", status="current", levels=[], content_hash=""))
    db.flush()
    for place, (key, status) in enumerate(
        (("ip-2026", "current"), ("ip-2027", "draft"), ("ip-2015", "retired"))
    ):
        db.add(
            Blueprint(
                id=key,
                title=key,
                syllabus_id="ip-6.5",
                status=status,
                spec={},
                content_hash="",
                position=place,
            )
        )
    db.flush()


def test_an_officer_sees_name_roles_and_the_way_down_to_the_section(db, personas, now):
    page = account_page(db, personas.lecturer, 0, now)
    assert (page.family_name, page.given_name, page.family_kana) == ("鈴木", "一郎", "すずき")
    assert page.roles == ("officer", "lecturer")
    (post,) = page.posts
    assert post.unit_path == ("デジタル推進局", "企画課")
    assert post.current


def test_a_double_post_and_a_coming_transfer_are_shown_in_order(db, personas, now):
    officer, road = personas.officer.user_id, unit_of(db, personas.colleague_elsewhere)
    april, today = date(2027, 4, 1), now.date()
    appoint(db, personas.administrator, Appointment(officer, road, today, kind=PostKind.CONCURRENT), now)
    transfer(db, personas.administrator, Appointment(officer, road, april, title="主任"), now)
    posts = account_page(db, personas.officer, 0, now).posts
    assert [(p.unit_path[-1], p.concurrent, p.current) for p in posts] == [
        ("企画課", False, True),
        ("道路課", True, True),
        ("道路課", False, False),
    ]
    on_the_day = account_page(db, personas.officer, 0, now + timedelta(days=150)).posts
    assert [p.unit_path[-1] for p in on_the_day] == ["道路課", "道路課"]


def test_the_own_sign_ins_are_listed_with_this_browser_first_and_ended_ones_left_out(db, personas, now):
    _, here = signed_in(db, personas.officer, now)
    _, phone = signed_in(db, personas.officer, now + timedelta(minutes=1), "Phone")
    ended, _ = signed_in(db, personas.officer, now)
    signed_in(db, personas.lecturer, now)
    end(db, ended, now)
    lines = account_page(db, personas.officer, here, now + timedelta(hours=1)).sign_ins
    assert [(line.id, line.is_this) for line in lines] == [(here, True), (phone, False)]
    assert account_page(db, personas.officer, here, now + timedelta(days=15)).sign_ins == ()


def test_a_retired_examination_is_offered_only_to_whoever_studies_for_it(db, personas, now):
    store_targets(db)
    page = account_page(db, personas.officer, 0, now)
    assert [(target.key, target.is_draft) for target in page.targets] == [
        ("ip-2026", False),
        ("ip-2027", True),
    ]
