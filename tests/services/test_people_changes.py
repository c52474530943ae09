"""Changing a person, and posts that are held or planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from studyhub.domain.organisation import Level, PostKind
from studyhub.persistence.models import AuditEntry, Post, Unit, User
from studyhub.persistence.organisation import load_chart
from studyhub.services.organisation import NewUnit, UnitChange, change_unit, close_unit, open_unit, take_back
from studyhub.services.people import Appointment, appoint, end_post, transfer
from studyhub.services.people_changes import (
    PersonDetails,
    PostChange,
    actor_of,
    cancel_post,
    change_person,
    change_post,
)
from tests.factories.people import make_post, make_unit, make_user

FIRST_OF_APRIL, LAST_OF_MARCH = date(2027, 4, 1), date(2027, 3, 31)
HANAKO = PersonDetails("officer", "佐藤", "花子", "サトウ", "ﾊﾅｺ", "1001", "hanako@example.lg.jp")


def posts_of(db, actor) -> list[Post]:
    return list(db.scalars(select(Post).where(Post.user_id == actor.user_id).order_by(Post.starts_on)))


def unit_named(db, name) -> Unit:
    return db.scalars(select(Unit).where(Unit.name == name)).one()


def test_a_person_is_changed_and_the_log_says_which_fields_but_not_what_stands_in_them(db, personas, now):
    changed = change_person(db, personas.administrator, personas.officer.user_id, HANAKO, now)
    assert changed == ("staff_number", "email")
    user = db.get(User, personas.officer.user_id)
    assert (user.family_kana, user.given_kana, user.email) == ("さとう", "はなこ", "hanako@example.lg.jp")
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "user.change")).one()
    assert entry.detail == {"fields": ["staff_number", "email"]}
    assert change_person(db, personas.administrator, personas.officer.user_id, HANAKO, now) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("login", "lecturer"),
        ("login", "佐藤"),
        ("family_name", " "),
        ("given_kana", "花子"),
        ("email", "hanako"),
        ("email", "a@b.jp, c@d.jp"),
        ("staff_number", "9" * 41),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(db, personas, now, field, value):
    wrong = replace(HANAKO, **{field: value})
    with pytest.raises(Invalid) as refused:
        change_person(db, personas.administrator, personas.officer.user_id, wrong, now)
    assert refused.value.field == field


def test_two_people_never_share_a_staff_number(db, personas, now):
    change_person(db, personas.administrator, personas.officer.user_id, HANAKO, now)
    other = PersonDetails("lecturer", "鈴木", "一郎", staff_number="1001")
    with pytest.raises(Invalid) as refused:
        change_person(db, personas.administrator, personas.lecturer.user_id, other, now)
    assert refused.value.field == "staff_number"


def test_another_title_from_the_first_day_corrects_and_from_a_later_day_begins_a_new_post(db, personas, now):
    (post,) = posts_of(db, personas.officer)
    same = change_post(db, personas.administrator, PostChange(post.id, "主事", False, post.starts_on), now)
    assert (same, post.title) == (post.id, "主事")
    change_post(db, personas.administrator, PostChange(post.id, "課長代理", True, FIRST_OF_APRIL), now)
    before, after = posts_of(db, personas.officer)
    assert (before.title, before.ends_on) == ("主事", LAST_OF_MARCH)
    assert (after.title, after.heads_unit, after.starts_on, after.ends_on) == (
        "課長代理",
        True,
        FIRST_OF_APRIL,
        None,
    )
    assert not load_chart(db, LAST_OF_MARCH).leads(personas.officer.user_id, personas.lecturer.user_id)
    assert load_chart(db, FIRST_OF_APRIL).leads(personas.officer.user_id, personas.lecturer.user_id)


def test_a_post_is_not_changed_before_it_begins_or_after_it_ended(db, personas, now):
    (post,) = posts_of(db, personas.officer)
    early = PostChange(post.id, "主任", False, post.starts_on - timedelta(days=1))
    with pytest.raises(Invalid):
        change_post(db, personas.administrator, early, now)
    post.ends_on = LAST_OF_MARCH
    with pytest.raises(Conflict):
        change_post(db, personas.administrator, PostChange(post.id, "主任", False, FIRST_OF_APRIL), now)


def test_a_planned_transfer_is_taken_back_as_if_it_had_never_been_planned(db, personas, now):
    road = unit_named(db, "道路課")
    move = Appointment(personas.officer.user_id, road.id, FIRST_OF_APRIL)
    planned = transfer(db, personas.administrator, move, now)
    cancel_post(db, personas.administrator, planned, now)
    (post,) = posts_of(db, personas.officer)
    assert post.ends_on is None
    with pytest.raises(Conflict, match="始まった"):
        cancel_post(db, personas.administrator, post.id, now)


@pytest.mark.parametrize("end_of_the_transfer", [None, date(2027, 2, 28)])
@pytest.mark.parametrize("end_before", [None, LAST_OF_MARCH])
def test_a_transfer_taken_back_gives_the_post_before_the_end_that_it_had(
    db, personas, now, end_before, end_of_the_transfer
):
    admin, officer = personas.administrator, personas.officer.user_id
    (post,) = posts_of(db, personas.officer)
    if end_before is not None:
        end_post(db, admin, post.id, end_before, now)
    move = Appointment(officer, unit_named(db, "道路課").id, date(2027, 1, 1), end_of_the_transfer)
    cancel_post(db, admin, transfer(db, admin, move, now), now)
    assert [held.ends_on for held in posts_of(db, personas.officer)] == [end_before]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_planned_transfers_are_taken_back_in_any_order(db, personas, now, order):
    admin, officer, road = personas.administrator, personas.officer.user_id, unit_named(db, "道路課").id
    planned = [transfer(db, admin, Appointment(officer, road, date(2027, month, 1)), now) for month in (1, 4)]
    cancel_post(db, admin, planned[order[0]], now)
    first, second = posts_of(db, personas.officer)
    assert first.ends_on == second.starts_on - timedelta(days=1)
    cancel_post(db, admin, planned[order[1]], now)
    assert [post.ends_on for post in posts_of(db, personas.officer)] == [None]


@pytest.mark.parametrize("first_back", [0, 1])
def test_a_title_changed_before_a_planned_transfer_is_taken_back_in_any_order(db, personas, now, first_back):
    admin, (post,) = personas.administrator, posts_of(db, personas.officer)
    move = Appointment(personas.officer.user_id, unit_named(db, "道路課").id, FIRST_OF_APRIL)
    moved = transfer(db, admin, move, now)
    titled = change_post(db, admin, PostChange(post.id, "主任", False, date(2027, 1, 1)), now)
    for planned in (titled, moved) if first_back == 0 else (moved, titled):
        cancel_post(db, admin, planned, now)
    assert [held.ends_on for held in posts_of(db, personas.officer)] == [None]


def test_only_the_post_that_a_transfer_put_an_end_to_goes_on_when_it_is_taken_back(db, personas, now):
    admin, officer, road = personas.administrator, personas.officer.user_id, unit_named(db, "道路課").id
    (post,) = posts_of(db, personas.officer)
    end_post(db, admin, post.id, LAST_OF_MARCH, now)
    cancel_post(db, admin, appoint(db, admin, Appointment(officer, road, FIRST_OF_APRIL), now), now)
    assert post.ends_on == LAST_OF_MARCH
    moved = transfer(db, admin, Appointment(officer, road, date(2027, 3, 1)), now)
    end_post(db, admin, post.id, date(2027, 1, 31), now)
    cancel_post(db, admin, moved, now)
    assert post.ends_on == date(2027, 1, 31)


def test_another_title_of_a_concurrent_post_is_taken_back_and_the_post_goes_on(db, personas, now):
    admin, officer = personas.administrator, personas.officer.user_id
    beside = Appointment(officer, unit_named(db, "道路課").id, now.date(), kind=PostKind.CONCURRENT)
    post = db.get(Post, appoint(db, admin, beside, now))
    cancel_post(
        db, admin, change_post(db, admin, PostChange(post.id, "主任", False, FIRST_OF_APRIL), now), now
    )
    assert (post.title, post.ends_on) == ("", None)


def test_a_transfer_is_not_taken_back_into_a_unit_that_closes(db, personas, now):
    admin, section, user = personas.administrator, make_unit(db, now, name="閉じる課"), make_user(db, now).id
    post = make_post(db, now, user_id=user, unit_id=section.id)
    moved = transfer(db, admin, Appointment(user, unit_named(db, "道路課").id, FIRST_OF_APRIL), now)
    close_unit(db, admin, section.id, LAST_OF_MARCH, now)
    with pytest.raises(Conflict, match="「閉じる課」があるのは 2027-03-31 まで"):
        cancel_post(db, admin, moved, now)
    take_back(db, admin, section.id, now)
    cancel_post(db, admin, moved, now)
    assert post.ends_on is None


def test_only_administrators_change_people(db, personas, now):
    (post,) = posts_of(db, personas.officer)
    for change in (
        lambda: change_person(db, personas.supervisor, personas.officer.user_id, HANAKO, now),
        lambda: change_post(db, personas.supervisor, PostChange(post.id, "課長", True, FIRST_OF_APRIL), now),
        lambda: cancel_post(db, personas.supervisor, post.id, now),
        lambda: take_back(db, personas.supervisor, post.unit_id, now),
    ):
        with pytest.raises(Forbidden):
            change()


def test_background_work_acts_with_the_roles_of_today(db, personas, now):
    assert actor_of(db, personas.administrator.user_id).roles == personas.administrator.roles
    db.get(User, personas.administrator.user_id).active = False
    with pytest.raises(NotFound):
        actor_of(db, personas.administrator.user_id)


def test_a_planned_move_of_a_unit_is_taken_back_with_the_people_planned_into_it(db, personas, now):
    admin, planning = personas.administrator, unit_named(db, "企画課")
    construction = unit_named(db, "建設局")
    new = change_unit(db, admin, UnitChange(planning.id, "事業企画課", construction.id, FIRST_OF_APRIL), now)
    team = open_unit(db, admin, NewUnit("T1", "企画係", Level.TEAM, new, FIRST_OF_APRIL), now)
    transfer(db, admin, Appointment(personas.colleague_elsewhere.user_id, new, FIRST_OF_APRIL), now)
    take_back(db, admin, new, now)
    chart = load_chart(db, FIRST_OF_APRIL)
    assert [unit.name for unit in chart.path(team)] == ["デジタル推進局", "企画課", "企画係"]
    assert personas.colleague_elsewhere.user_id in chart.members(planning.id)
    assert db.get(Unit, new) is None


def test_a_planned_closing_is_lifted_and_a_planned_opening_goes(db, personas, now):
    admin, digital = personas.administrator, unit_named(db, "デジタル推進局")
    section = open_unit(db, admin, NewUnit("S9", "試行課", Level.SECTION, digital.id, FIRST_OF_APRIL), now)
    team = open_unit(db, admin, NewUnit("T9", "試行係", Level.TEAM, section, FIRST_OF_APRIL), now)
    with pytest.raises(Conflict, match="移る予定"):
        take_back(db, admin, section, now)
    close_unit(db, admin, team, date(2028, 3, 31), now)
    take_back(db, admin, team, now)
    assert db.get(Unit, team).ends_on is None
    take_back(db, admin, team, now)
    take_back(db, admin, section, now)
    assert db.scalar(select(Unit.id).where(Unit.code.in_(("S9", "T9")))) is None


def test_what_is_past_cannot_be_taken_back(db, personas, now):
    admin, planning = personas.administrator, unit_named(db, "企画課")
    with pytest.raises(Conflict, match="取り消せる予定"):
        take_back(db, admin, planning.id, now)
    change_unit(db, admin, UnitChange(planning.id, "新企画課", planning.parent_id, FIRST_OF_APRIL), now)
    with pytest.raises(Conflict, match="後の予定"):
        take_back(db, admin, planning.id, now)


def test_a_move_or_a_closing_is_not_taken_back_under_a_unit_that_closes(db, personas, now):
    admin = personas.administrator
    old, new = (make_unit(db, now, name=name, level="division") for name in ("旧部", "新部"))
    moving, closing = (make_unit(db, now, name=name, parent_id=old.id) for name in ("移る課", "閉じる課"))
    moved = change_unit(db, admin, UnitChange(moving.id, "移る課", new.id, FIRST_OF_APRIL), now)
    for unit_id in (closing.id, old.id):
        close_unit(db, admin, unit_id, LAST_OF_MARCH, now)
    for unit_id in (moved, closing.id):
        with pytest.raises(Invalid, match="「旧部」があるのは 2027-03-31 まで"):
            take_back(db, admin, unit_id, now)
    for unit_id in (old.id, moved, closing.id):
        take_back(db, admin, unit_id, now)
    assert [unit.name for unit in load_chart(db, FIRST_OF_APRIL).path(moving.id)] == ["旧部", "移る課"]


def test_a_unit_that_opens_again_is_not_taken_back_from_people_who_know_it_by_its_first_version(
    db, personas, now
):
    admin, first, user = personas.administrator, make_unit(db, now, name="閉じる課"), make_user(db, now).id
    close_unit(db, admin, first.id, LAST_OF_MARCH, now)
    again = open_unit(db, admin, NewUnit(first.code, "閉じる課", Level.SECTION, None, date(2027, 6, 1)), now)
    appoint(db, admin, Appointment(user, first.id, date(2027, 6, 1)), now)
    with pytest.raises(Conflict, match="移る予定"):
        take_back(db, admin, again, now)
