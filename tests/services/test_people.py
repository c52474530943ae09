"""People, roles, posts and units, as an administrator keeps them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from studyhub.domain.identity import Actor, Role
from studyhub.domain.organisation import Level, PostKind
from studyhub.persistence.models import AuditEntry, Post, Unit, User
from studyhub.persistence.organisation import load_chart
from studyhub.persistence.session import transaction
from studyhub.services.organisation import NewUnit, UnitChange, change_unit, close_unit, open_unit
from studyhub.services.people import (
    Appointment,
    NewUser,
    appoint,
    create_user,
    deactivate,
    end_post,
    reactivate,
    reset_password,
    set_roles,
    transfer,
)
from studyhub.services.sign_in import Refused, SignedIn, SignInCommand, sign_in
from tests.factories.people import make_unit, make_user

LAST_OF_MARCH, FIRST_OF_APRIL = date(2027, 3, 31), date(2027, 4, 1)
HANAE = NewUser("Hanae", "渡邉", "英恵", "ワタナベ", "ﾊﾅｴ", staff_number="2001")


def unit_of(db, actor) -> int:
    return db.scalar(select(Post.unit_id).where(Post.user_id == actor.user_id))


def try_phrase(db, login, phrase, now):
    return sign_in(db, SignInCommand(login, phrase, "192.0.2.1", ""), now, 14)


def last_action(db) -> str:
    return db.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()


def test_a_person_is_made_with_a_passphrase_for_the_first_sign_in(db, personas, now):
    made = create_user(db, personas.administrator, HANAE, now)
    user = db.get(User, made.user_id)
    assert (user.login, user.family_kana, user.given_kana) == ("hanae", "わたなべ", "はなえ")
    assert user.must_change_password
    assert isinstance(try_phrase(db, "hanae", made.passphrase, now), SignedIn)


@pytest.mark.parametrize("who", ["officer", "lecturer", "supervisor"])
def test_only_an_administrator_keeps_people(db, personas, now, who):
    actor, somebody = personas.named(who), personas.colleague_elsewhere.user_id
    appointment = Appointment(somebody, unit_of(db, personas.officer), FIRST_OF_APRIL)
    for attempt in (
        lambda: create_user(db, actor, HANAE, now),
        lambda: set_roles(db, actor, somebody, [Role.ADMINISTRATOR], now),
        lambda: deactivate(db, actor, somebody, now),
        lambda: reactivate(db, actor, somebody, now),
        lambda: reset_password(db, actor, somebody, now),
        lambda: appoint(db, actor, appointment, now),
        lambda: transfer(db, actor, appointment, now),
        lambda: end_post(db, actor, 1, FIRST_OF_APRIL, now),
        lambda: open_unit(db, actor, NewUnit("X", "X", Level.BUREAU, None, FIRST_OF_APRIL), now),
        lambda: change_unit(db, actor, UnitChange(1, "X", None, FIRST_OF_APRIL), now),
        lambda: close_unit(db, actor, 1, FIRST_OF_APRIL, now),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_a_login_and_a_staff_number_belong_to_one_person(db, personas, now):
    create_user(db, personas.administrator, HANAE, now)
    with pytest.raises(Conflict, match="ログインID"):
        create_user(db, personas.administrator, HANAE, now)
    with pytest.raises(Conflict, match="職員番号"):
        create_user(db, personas.administrator, NewUser("eiko", "英", "子", staff_number="2001"), now)


@pytest.mark.parametrize(
    "command", [NewUser("日本", "a", "b"), NewUser("ok-login", "", "b"), NewUser("ok", "a", " ")]
)
def test_a_login_and_names_are_needed(db, personas, now, command):
    with pytest.raises(Invalid):
        create_user(db, personas.administrator, command, now)


def test_a_chosen_phrase_must_meet_the_policy(db, personas, now):
    with pytest.raises(Invalid, match="文字以上"):
        create_user(db, personas.administrator, NewUser("eiko", "英", "子", password="short"), now)


def test_roles_change_and_the_log_says_so(db, personas, now):
    set_roles(db, personas.administrator, personas.officer.user_id, [Role.OFFICER, Role.LECTURER], now)
    roles = {held.role for held in db.get(User, personas.officer.user_id).roles}
    assert roles == {"officer", "lecturer"}
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "user.roles")).one()
    assert entry.user_id == personas.administrator.user_id
    assert entry.subject_id == str(personas.officer.user_id)
    assert entry.detail == {"before": ["officer"], "after": ["lecturer", "officer"]}


def test_the_last_administrator_stays_one(db, personas, now):
    own = personas.administrator.user_id
    with pytest.raises(Conflict):
        set_roles(db, personas.administrator, own, [Role.OFFICER], now)
    with pytest.raises(Conflict):
        deactivate(db, personas.administrator, own, now)
    set_roles(db, personas.administrator, personas.officer.user_id, [Role.ADMINISTRATOR], now)
    set_roles(db, personas.administrator, own, [Role.OFFICER], now)


def test_a_deactivated_person_holds_no_post_from_tomorrow_on(db, personas, now):
    officer = personas.officer.user_id
    appointment = Appointment(officer, unit_of(db, personas.colleague_elsewhere), FIRST_OF_APRIL)
    transfer(db, personas.administrator, appointment, now)
    deactivate(db, personas.administrator, officer, now)
    (post,) = db.scalars(select(Post).where(Post.user_id == officer))
    assert post.ends_on == date(2026, 11, 23)
    reactivate(db, personas.administrator, officer, now)
    assert db.get(User, officer).active


def test_today_is_the_day_in_tokyo(db, personas):
    late_in_utc = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    deactivate(db, personas.administrator, personas.officer.user_id, late_in_utc)
    post = db.scalar(select(Post).where(Post.user_id == personas.officer.user_id))
    assert post.ends_on == date(2026, 11, 24)


def test_a_new_passphrase_replaces_the_old_one_and_signs_out(db, personas, now):
    passphrase = reset_password(db, personas.administrator, personas.officer.user_id, now)
    assert try_phrase(db, "officer", "tsukiji-market-0500", now) == Refused()
    assert isinstance(try_phrase(db, "officer", passphrase, now), SignedIn)
    assert db.get(User, personas.officer.user_id).must_change_password


def test_on_the_first_of_april_the_supervisors_change_over_midnight(db, personas, now):
    road = unit_of(db, personas.colleague_elsewhere)
    transfer(db, personas.administrator, Appointment(personas.officer.user_id, road, FIRST_OF_APRIL), now)
    officer, before, after = (
        personas.officer.user_id,
        load_chart(db, LAST_OF_MARCH),
        load_chart(db, FIRST_OF_APRIL),
    )
    assert before.leads(personas.supervisor.user_id, officer)
    assert not before.leads(personas.supervisor_elsewhere.user_id, officer)
    assert not after.leads(personas.supervisor.user_id, officer)
    assert after.leads(personas.supervisor_elsewhere.user_id, officer)


def test_a_supervisor_who_is_transferred_sees_the_new_section_and_no_longer_the_old(db, personas, now):
    road = unit_of(db, personas.colleague_elsewhere)
    head = personas.supervisor.user_id
    end_post_of = db.scalar(select(Post.id).where(Post.user_id == personas.supervisor_elsewhere.user_id))
    end_post(db, personas.administrator, end_post_of, LAST_OF_MARCH, now)
    transfer(db, personas.administrator, Appointment(head, road, FIRST_OF_APRIL, heads_unit=True), now)
    after = load_chart(db, FIRST_OF_APRIL)
    assert after.subordinates(head).direct == {personas.colleague_elsewhere.user_id}
    assert not after.leads(personas.supervisor_elsewhere.user_id, personas.colleague_elsewhere.user_id)


def test_a_concurrent_post_stays_through_a_transfer(db, personas, now):
    officer, road = personas.officer.user_id, unit_of(db, personas.colleague_elsewhere)
    appoint(
        db,
        personas.administrator,
        Appointment(officer, road, date(2026, 10, 1), kind=PostKind.CONCURRENT),
        now,
    )
    transfer(db, personas.administrator, Appointment(officer, road, FIRST_OF_APRIL), now)
    kinds = db.scalars(select(Post.kind).where(Post.user_id == officer, Post.ends_on.is_(None))).all()
    assert sorted(kinds) == ["concurrent", "main"]


def test_a_second_main_post_is_a_transfer_and_not_an_appointment(db, personas, now):
    road = unit_of(db, personas.colleague_elsewhere)
    with pytest.raises(Conflict):
        appoint(db, personas.administrator, Appointment(personas.officer.user_id, road, FIRST_OF_APRIL), now)


def test_a_transfer_cannot_go_before_one_that_is_planned(db, personas, now):
    officer, road = personas.officer.user_id, unit_of(db, personas.colleague_elsewhere)
    transfer(db, personas.administrator, Appointment(officer, road, date(2027, 7, 1)), now)
    with pytest.raises(Conflict):
        transfer(db, personas.administrator, Appointment(officer, road, FIRST_OF_APRIL), now)


def test_a_transfer_on_the_day_a_main_post_begins_is_told_to_be_a_concurrent_post(db, personas, now):
    officer, road = personas.officer.user_id, unit_of(db, personas.colleague_elsewhere)
    begins = db.scalar(select(Post.starts_on).where(Post.user_id == officer))
    with pytest.raises(Conflict, match="兼務を加える"):
        transfer(db, personas.administrator, Appointment(officer, road, begins), now)


def test_a_post_needs_a_person_a_unit_that_is_open_and_days_in_order(db, personas, now):
    officer, unit = personas.officer.user_id, unit_of(db, personas.officer)
    concurrent = PostKind.CONCURRENT
    with pytest.raises(NotFound):
        appoint(db, personas.administrator, Appointment(10**6, unit, FIRST_OF_APRIL), now)
    with pytest.raises(Invalid):
        appoint(
            db, personas.administrator, Appointment(officer, unit, date(1999, 4, 1), kind=concurrent), now
        )
    with pytest.raises(Invalid):
        appoint(
            db,
            personas.administrator,
            Appointment(officer, unit, FIRST_OF_APRIL, LAST_OF_MARCH, kind=concurrent),
            now,
        )


def test_a_post_that_has_ended_is_not_made_longer_by_ending_it(db, personas, now):
    post = db.scalar(select(Post.id).where(Post.user_id == personas.officer.user_id))
    end_post(db, personas.administrator, post, LAST_OF_MARCH, now)
    with pytest.raises(Conflict):
        end_post(db, personas.administrator, post, FIRST_OF_APRIL, now)


def test_a_section_that_moves_to_another_bureau_takes_its_people_along(db, personas, now):
    planning = unit_of(db, personas.officer)
    construction = db.scalar(select(Unit.id).where(Unit.name == "建設局"))
    new = change_unit(
        db, personas.administrator, UnitChange(planning, "事業企画課", construction, FIRST_OF_APRIL), now
    )
    after, before = load_chart(db, FIRST_OF_APRIL), load_chart(db, LAST_OF_MARCH)
    assert [unit.name for unit in before.path(planning)] == ["デジタル推進局", "企画課"]
    assert [unit.name for unit in after.path(planning)] == ["建設局", "事業企画課"]
    assert personas.officer.user_id in after.members(new)
    assert after.leads(personas.supervisor.user_id, personas.officer.user_id)


def test_a_unit_stands_under_a_higher_one(db, personas, now):
    planning, admin = unit_of(db, personas.officer), personas.administrator
    team = open_unit(db, admin, NewUnit("T1", "企画係", Level.TEAM, planning, FIRST_OF_APRIL), now)
    assert [unit.name for unit in load_chart(db, FIRST_OF_APRIL).path(team)][-1] == "企画係"
    assert load_chart(db, LAST_OF_MARCH).path(team) == ()
    with pytest.raises(Invalid):
        open_unit(db, admin, NewUnit("S1", "課の下の課", Level.SECTION, planning, FIRST_OF_APRIL), now)
    with pytest.raises(Conflict):
        open_unit(db, admin, NewUnit("T1", "もう一つ", Level.TEAM, planning, FIRST_OF_APRIL), now)


def test_a_unit_closes_when_nobody_is_left_in_it(db, personas, now):
    admin, planning = personas.administrator, unit_of(db, personas.officer)
    with pytest.raises(Conflict, match="人"):
        close_unit(db, admin, planning, LAST_OF_MARCH, now)
    for post in db.scalars(select(Post).where(Post.unit_id == planning)):
        end_post(db, admin, post.id, LAST_OF_MARCH, now)
    team = open_unit(db, admin, NewUnit("T1", "企画係", Level.TEAM, planning, date(2026, 12, 1)), now)
    with pytest.raises(Conflict, match="組織"):
        close_unit(db, admin, planning, LAST_OF_MARCH, now)
    close_unit(db, admin, team, LAST_OF_MARCH, now)
    close_unit(db, admin, planning, LAST_OF_MARCH, now)
    assert load_chart(db, LAST_OF_MARCH).unit(planning) is not None
    assert load_chart(db, FIRST_OF_APRIL).unit(planning) is None


def test_nobody_is_posted_beyond_the_last_day_of_a_unit(db, personas, now):
    admin, section, user = personas.administrator, make_unit(db, now, name="閉じる課"), make_user(db, now).id
    close_unit(db, admin, section.id, LAST_OF_MARCH, now)
    for start in (appoint, transfer):
        for end in (None, FIRST_OF_APRIL):
            with pytest.raises(Invalid, match="「閉じる課」があるのは 2027-03-31 まで") as refused:
                start(db, admin, Appointment(user, section.id, now.date(), end), now)
            assert refused.value.field == "ends_on"
    appoint(db, admin, Appointment(user, section.id, now.date(), LAST_OF_MARCH), now)


def test_a_post_goes_on_through_the_names_that_its_unit_takes(db, personas, now):
    admin, section, user = personas.administrator, make_unit(db, now, name="古い課"), make_user(db, now).id
    change_unit(db, admin, UnitChange(section.id, "新しい課", None, FIRST_OF_APRIL), now)
    appoint(db, admin, Appointment(user, section.id, now.date()), now)
    assert user in load_chart(db, FIRST_OF_APRIL).members(section.id)


def test_a_unit_does_not_close_over_one_that_is_planned_below_it(db, personas, now):
    admin, bureau = personas.administrator, make_unit(db, now, name="新局", level="bureau").id
    team = open_unit(db, admin, NewUnit("X1", "五月の係", Level.TEAM, bureau, date(2027, 5, 1)), now)
    with pytest.raises(Conflict, match="「五月の係」など 1 の組織"):
        close_unit(db, admin, bureau, LAST_OF_MARCH, now)
    close_unit(db, admin, team, date(2027, 5, 31), now)
    with pytest.raises(Conflict, match="五月の係"):
        close_unit(db, admin, bureau, date(2027, 5, 30), now)
    close_unit(db, admin, bureau, date(2027, 5, 31), now)


def test_no_unit_is_opened_or_moved_under_one_that_is_to_close(db, personas, now):
    admin, planning = personas.administrator, unit_of(db, personas.officer)
    closing = make_unit(db, now, name="閉じる局", level="bureau").id
    close_unit(db, admin, closing, LAST_OF_MARCH, now)
    for change in (
        lambda: open_unit(db, admin, NewUnit("X1", "係", Level.TEAM, closing, date(2026, 12, 1)), now),
        lambda: change_unit(db, admin, UnitChange(planning, "企画課", closing, date(2026, 12, 1)), now),
    ):
        with pytest.raises(Invalid, match="「閉じる局」があるのは 2027-03-31 まで") as refused:
            change()
        assert refused.value.field == "parent_id"


def test_every_change_is_in_the_log(db, personas, now):
    admin, before = personas.administrator, db.scalar(select(func.count()).select_from(AuditEntry))
    made = create_user(db, admin, HANAE, now)
    appoint(db, admin, Appointment(made.user_id, unit_of(db, personas.officer), now.date()), now)
    transfer(
        db,
        admin,
        Appointment(made.user_id, unit_of(db, personas.officer), now.date() + timedelta(days=9)),
        now,
    )
    assert db.scalar(select(func.count()).select_from(AuditEntry)) == before + 3
    assert last_action(db) == "post.start"


def test_two_administrators_cannot_take_each_others_role_away_at_once(engine, now):
    with transaction(engine) as db:
        made = [make_user(db, now, login=login, roles={Role.ADMINISTRATOR}) for login in ("one", "other")]
        one, other = (Actor(u.id, u.login, u.display_name, frozenset({Role.ADMINISTRATOR})) for u in made)

    def take_away_ones() -> None:
        with transaction(engine) as db:
            set_roles(db, other, one.user_id, {Role.OFFICER}, now)

    with ThreadPoolExecutor(1) as second:
        with transaction(engine) as db:
            set_roles(db, one, other.user_id, {Role.OFFICER}, now)
            late = second.submit(take_away_ones)
            with pytest.raises(TimeoutError):
                late.result(timeout=0.5)
        with pytest.raises(Conflict):
            late.result(timeout=30)
