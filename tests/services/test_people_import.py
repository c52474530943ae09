"""Bringing in people from a table: what is foreseen is what happens, and a fault stops all of it."""

from datetime import date

import pytest
from sqlalchemy import func, select, update

from studyhub.domain.errors import Conflict, Forbidden, Invalid
from studyhub.domain.identity import OPERATOR, Role
from studyhub.domain.organisation import PostKind
from studyhub.formats.people_table import read_people
from studyhub.persistence.models import AuditEntry, Post, Unit, User
from studyhub.persistence.organisation import load_chart
from studyhub.services.organisation import close_unit
from studyhub.services.people_changes import cancel_post
from studyhub.services.people_import import apply_import, plan_import
from studyhub.services.sign_in import SignedIn, SignInCommand, sign_in
from tests.statements import counted_statements

HEADINGS = "ログインID,職員番号,姓,名,権限,局,部,課,係,職名,区分,所属長,着任日,離任日"
LAST_OF_MARCH, FIRST_OF_APRIL = date(2027, 3, 31), date(2027, 4, 1)
NEW = "hanae,2001,渡邉,英恵,職員,デジタル推進局,,企画課,,主事,本務,,2026-11-01,"
TRANSFERRED = "officer,,佐藤,花子,,建設局,,道路課,,主任,本務,,2027-04-01,"


def table(*rows: str):
    return read_people("\n".join((HEADINGS, *rows)).encode(), "people.csv")


def bring_in(db, now, *rows: str):
    reading = table(*rows)
    return apply_import(db, OPERATOR, reading, plan_import(db, reading, now), now)


def faults(db, now, *rows: str) -> list[tuple[int, str]]:
    return [(found.line, found.code) for found in plan_import(db, table(*rows), now).report.errors]


def posts_of(db, login) -> list[Post]:
    wanted = select(Post).join(User, User.id == Post.user_id).where(User.login == login)
    return list(db.scalars(wanted.order_by(Post.starts_on)))


def count(db, model) -> int:
    return db.scalar(select(func.count()).select_from(model))


def test_the_plan_says_what_would_happen_and_changes_nothing(db, personas, now):
    before = count(db, User), count(db, Post), count(db, Unit), count(db, AuditEntry)
    plan = plan_import(db, table(NEW, TRANSFERRED), now)
    assert plan.ok
    new, transferred = plan.people
    assert new.is_new
    assert not transferred.is_new
    assert transferred.changed_posts[0].after.period.ends_on == LAST_OF_MARCH
    assert transferred.new_posts[0].title == "主任"
    assert before == (count(db, User), count(db, Post), count(db, Unit), count(db, AuditEntry))


def test_a_new_person_comes_in_with_post_and_passphrase(db, personas, now):
    (handed_out,) = bring_in(db, now, NEW)
    assert (handed_out.login, handed_out.display_name) == ("hanae", "渡邉 英恵")
    found = sign_in(db, SignInCommand("hanae", handed_out.passphrase, "192.0.2.1", ""), now, 14)
    assert isinstance(found, SignedIn)
    (post,) = posts_of(db, "hanae")
    assert (post.title, post.starts_on) == ("主事", date(2026, 11, 1))
    assert load_chart(db, now.date()).leads(personas.supervisor.user_id, found.user_id)


def test_a_transfer_ends_the_old_post_the_day_before(db, personas, now):
    bring_in(db, now, TRANSFERRED)
    old, new = posts_of(db, "officer")
    assert (old.ends_on, new.starts_on, new.ends_on) == (LAST_OF_MARCH, FIRST_OF_APRIL, None)
    officer = personas.officer.user_id
    assert load_chart(db, LAST_OF_MARCH).leads(personas.supervisor.user_id, officer)
    assert not load_chart(db, FIRST_OF_APRIL).leads(personas.supervisor.user_id, officer)
    assert load_chart(db, FIRST_OF_APRIL).leads(personas.supervisor_elsewhere.user_id, officer)


def test_transfers_of_a_table_are_taken_back_one_after_the_other(db, personas, now):
    bring_in(
        db, now, TRANSFERRED, TRANSFERRED.replace("道路課", "橋梁課").replace("2027-04-01", "2027-07-01")
    )
    for _ in range(2):
        cancel_post(db, personas.administrator, posts_of(db, "officer")[-1].id, now)
        assert posts_of(db, "officer")[-1].ends_on is None
    assert len(posts_of(db, "officer")) == 1


def test_the_same_table_again_changes_nothing(db, personas, now):
    rows = (NEW, TRANSFERRED, NEW.replace("企画課", "設計課").replace("本務", "兼務"))
    assert len(bring_in(db, now, *rows)) == 1
    plan = plan_import(db, table(*rows), now)
    assert (plan.people, plan.units, plan.unchanged) == ((), (), 2)


def test_units_that_do_not_exist_yet_are_opened_with_those_above_them(db, personas, now):
    row = "hanae,,渡邉,英恵,,港湾局,,計画課,航路係,,,,2027-04-01,"
    other = "ichiro,,井上,一郎,,港湾局,,計画課,,課長,,○,2026-12-01,"
    plan = plan_import(db, table(row, other), now)
    assert [(unit.path[-1][1], unit.starts_on) for unit in plan.units] == [
        ("港湾局", date(2026, 12, 1)),
        ("計画課", date(2026, 12, 1)),
        ("航路係", FIRST_OF_APRIL),
    ]
    bring_in(db, now, row, other)
    chart, (post,) = load_chart(db, FIRST_OF_APRIL), posts_of(db, "hanae")
    assert [unit.name for unit in chart.path(post.unit_id)] == ["港湾局", "計画課", "航路係"]
    assert chart.leads(posts_of(db, "ichiro")[0].user_id, post.user_id)


def test_a_concurrent_post_is_a_second_row(db, personas, now):
    bring_in(db, now, NEW, "hanae,,渡邉,英恵,,建設局,,道路課,,,兼務,,2026-12-01,2027-03-31")
    main, concurrent = posts_of(db, "hanae")
    assert (main.kind, concurrent.kind) == (PostKind.MAIN, PostKind.CONCURRENT)
    assert concurrent.ends_on == LAST_OF_MARCH


def test_names_and_roles_are_brought_up_to_date_and_empty_cells_leave_what_is_there(db, personas, now):
    assert (
        bring_in(db, now, "officer,1001,佐藤,はな子,職員・講師,,,,,,,,,", "lecturer,,鈴木,一郎,,,,,,,,,,")
        == ()
    )
    officer = db.get(User, personas.officer.user_id, populate_existing=True)
    assert (officer.given_name, officer.staff_number, officer.family_kana) == ("はな子", "1001", "さとう")
    assert {held.role for held in officer.roles} == {Role.OFFICER, Role.LECTURER}
    assert {held.role for held in db.get(User, personas.lecturer.user_id).roles} == {
        Role.OFFICER,
        Role.LECTURER,
    }


def test_rows_that_contradict_what_is_stored_are_told(db, personas, now):
    bring_in(db, now, NEW, TRANSFERRED)
    db.get(User, personas.lecturer.user_id).active = False
    db.flush()
    assert faults(
        db, now,
        "hanao,2001,花,男,,,,,,,,,,",
        "hanae,2002,渡邉,英恵,,,,,,,,,,",
        "lecturer,,鈴木,一郎,,,,,,,,,,",
        "administrator,,小林,恵,職員,,,,,,,,,",
        "officer,,佐藤,花子,,建設局,,管理課,,,,,2027-03-01,",
    ) == [
        (2, "people-staff-number-taken"),
        (3, "people-staff-number-other"),
        (4, "people-inactive"),
        (5, "people-administrator"),
        (6, "people-later-post"),
    ]  # fmt: skip


def test_a_second_post_that_forgot_to_say_concurrent_is_told_what_to_write(db, personas, now):
    second = NEW.replace("企画課", "管理課").replace("本務", "")
    (found,) = plan_import(db, table(NEW, second), now).report.errors
    assert (found.line, found.code) == (3, "people-two-mains")
    assert "兼務なら区分に「兼務」と書いてください" in found.sentence()


def test_a_post_in_a_unit_that_opens_later_is_told(db, personas, now):
    bring_in(db, now, "hanae,,渡邉,英恵,,港湾局,,計画課,,,,,2027-04-01,")
    row = "ichiro,,井上,一郎,,港湾局,,計画課,,,,,2027-03-01,"
    assert faults(db, now, row) == [(2, "people-unit-opens-later")]


def close_road(db, now) -> None:
    """The road division's people go, and it closes at the end of March."""
    road = db.scalars(select(Unit).where(Unit.name == "道路課")).one()
    db.execute(update(Post).where(Post.unit_id == road.id).values(ends_on=LAST_OF_MARCH))
    close_unit(db, OPERATOR, road.id, LAST_OF_MARCH, now)


def test_a_post_beyond_the_last_day_of_its_unit_is_told(db, personas, now):
    close_road(db, now)
    new = "hanae,,渡邉,英恵,,建設局,,道路課,,,,,2026-12-01,"
    assert faults(
        db, now,
        new, new.replace("hanae", "until_april") + "2027-04-01", new.replace("hanae", "in_time") + "2027-03-31",
        "colleague_elsewhere,,髙﨑,健,,建設局,,道路課,,,,,,2027-04-30",
        "supervisor_elsewhere,,山本,誠,,建設局,,道路課,,,,○,,",
    ) == [(2, "people-unit-closes"), (3, "people-unit-closes"), (5, "people-unit-closes")]  # fmt: skip


def test_a_post_that_a_later_row_ends_in_time_may_stand_in_a_unit_that_closes(db, personas, now):
    close_road(db, now)
    row = "hanae,,渡邉,英恵,,建設局,,道路課,,,,,2026-12-01,"
    assert faults(db, now, row, row.replace("道路課", "橋梁課").replace("2026-12-01", "2027-04-01")) == []


def test_a_new_unit_below_one_that_closes_is_told(db, personas, now):
    close_road(db, now)
    row = "hanae,,渡邉,英恵,,建設局,,道路課,舗装係,,,,2026-12-01,2027-03-31"
    assert faults(db, now, row) == [(2, "people-parent-closes")]


def test_one_bad_row_takes_nothing_in(db, personas, now):
    reading = table(NEW, "x,,,,,,,,,,,,,")
    before = count(db, User)
    with pytest.raises(Invalid):
        apply_import(db, OPERATOR, reading, plan_import(db, reading, now), now)
    assert count(db, User) == before


def test_a_plan_that_is_no_longer_true_is_refused(db, personas, now):
    reading = table(TRANSFERRED)
    plan = plan_import(db, reading, now)
    posts_of(db, "officer")[0].title = "係長"
    db.flush()
    with pytest.raises(Conflict):
        apply_import(db, OPERATOR, reading, plan, now)


def test_a_lecturer_cannot_bring_in_people(db, personas, now):
    reading = table(NEW)
    with pytest.raises(Forbidden):
        apply_import(db, personas.lecturer, reading, plan_import(db, reading, now), now)


def test_what_the_operator_brought_in_is_in_the_log(db, personas, now):
    bring_in(db, now, NEW)
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "people.import")).one()
    assert (entry.user_id, entry.detail) == (None, {"people": 1, "units": 0})


def rows_of_an_office(size: int) -> list[str]:
    return [
        f"u{n:05},{n:06},山田,太郎{n},職員,局{n % 10},部{n % 40},課{n % 200},,主事,本務,,2026-04-01,"
        for n in range(size)
    ]


def test_of_three_thousand_rows_with_twelve_bad_ones_each_is_told_and_nothing_taken(db, personas, now):
    rows = rows_of_an_office(3000)
    bad = range(100, 3000, 250)
    for place in bad:
        rows[place] = rows[place].replace("2026-04-01", "2026-02-30")
    before = count(db, User)
    reading = table(*rows)
    plan = plan_import(db, reading, now)
    assert [(found.line, found.code) for found in plan.report.errors] == [(n + 2, "people-date") for n in bad]
    with pytest.raises(Invalid):
        apply_import(db, OPERATOR, reading, plan, now)
    assert count(db, User) == before


def test_three_thousand_people_come_in_at_once(db, personas, now):
    reading = table(*rows_of_an_office(3000))
    handed_out = apply_import(db, OPERATOR, reading, plan_import(db, reading, now), now)
    assert len({one.passphrase for one in handed_out}) == 3000
    assert count(db, Unit) == 4 + 10 + 40 + 200


def test_a_plan_asks_the_same_few_questions_whatever_its_size(db, engine, personas, now):
    for size in (3, 300):
        with counted_statements(engine) as sent:
            plan_import(db, table(*rows_of_an_office(size)), now)
        assert len(sent) == 4
