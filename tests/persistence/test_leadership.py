"""Whom a supervisor leads, day by day: what was true on 31 March is not true on 1 April."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from studyhub.domain.organisation import PostKind
from studyhub.persistence.leadership import Leadership, leads
from studyhub.persistence.models import Post, Unit, User
from studyhub.persistence.organisation import load_chart
from tests.factories.people import make_post, make_unit, make_user

MARCH, APRIL = date(2027, 3, 31), date(2027, 4, 1)


class Office:
    """A division with two sections; the first has a team. Everybody is named by what they are on 31 March."""

    def __init__(self, db: Session, now: datetime) -> None:
        self.db, self.now = db, now
        self.bureau = make_unit(db, now, name="福祉局", level="bureau")
        self.division = make_unit(db, now, name="生活支援部", level="division", parent_id=self.bureau.id)
        self.section = make_unit(db, now, name="相談課", parent_id=self.division.id)
        self.team = make_unit(db, now, name="窓口係", level="team", parent_id=self.section.id)
        self.other = make_unit(db, now, name="調整課", parent_id=self.division.id)
        self.director, self.director_post = self.person(self.division, heads=True)
        self.chief, self.chief_post = self.person(self.section, heads=True)
        self.leader, self.leader_post = self.person(self.team, heads=True)
        self.officer, self.officer_post = self.person(self.team)
        self.other_chief, _ = self.person(self.other, heads=True)

    def person(self, unit: Unit, *, heads: bool = False) -> tuple[User, Post]:
        user = make_user(self.db, self.now)
        return user, make_post(self.db, self.now, user_id=user.id, unit_id=unit.id, heads_unit=heads)

    def post(
        self,
        user: User,
        unit: Unit,
        *,
        first: date = APRIL,
        heads: bool = False,
        kind: PostKind = PostKind.MAIN,
    ) -> None:
        self.db.add(
            Post(user_id=user.id, unit_id=unit.id, heads_unit=heads, kind=kind.value, starts_on=first)
        )
        self.db.flush()

    def end(self, post: Post) -> None:
        post.ends_on = MARCH
        self.db.flush()

    def sees(self, head: User, subject: User, day: date) -> bool:
        """Asked in every way there is; they agree."""
        answers = {
            leads(self.db, head.id, subject.id, day),
            bool(Leadership(self.db, head.id, day).led_among(self.db, [subject.id])),
            load_chart(self.db, day).leads(head.id, subject.id),
            subject.id in self.listed(head, day),
        }
        assert len(answers) == 1
        return answers.pop()

    def listed(self, head: User, day: date) -> frozenset[int]:
        leadership = Leadership(self.db, head.id, day)
        chart = leadership.staffed(self.db, leadership.highest(), deep=True)
        return chart.subordinates(head.id).all


@pytest.fixture
def office(db: Session, now: datetime) -> Office:
    return Office(db, now)


def test_who_stands_above_leads_directly_or_through_others(office: Office) -> None:
    for head in (office.leader, office.chief, office.director):
        assert office.sees(head, office.officer, MARCH)
    assert not office.sees(office.other_chief, office.officer, MARCH)
    assert not office.sees(office.officer, office.leader, MARCH)
    assert not office.sees(office.chief, office.chief, MARCH)


def test_on_the_day_of_a_transfer_the_old_chief_sees_the_officer_no_more_and_the_new_one_does(
    office: Office,
) -> None:
    office.end(office.officer_post)
    office.post(office.officer, office.other)
    assert office.sees(office.chief, office.officer, MARCH)
    assert not office.sees(office.chief, office.officer, APRIL)
    assert not office.sees(office.other_chief, office.officer, MARCH)
    assert office.sees(office.other_chief, office.officer, APRIL)
    assert office.sees(office.director, office.officer, APRIL)


def test_when_the_chief_changes_the_successor_sees_the_section_and_the_predecessor_nobody(
    office: Office,
) -> None:
    office.end(office.chief_post)
    successor = make_user(office.db, office.now)
    office.post(successor, office.section, heads=True)
    office.post(office.chief, office.other)
    assert not office.sees(successor, office.officer, MARCH)
    assert office.sees(successor, office.officer, APRIL)
    assert not office.sees(office.chief, office.officer, APRIL)
    assert Leadership(office.db, office.chief.id, APRIL).headed == ()


def test_with_a_concurrent_post_both_chiefs_see_the_officer(office: Office) -> None:
    office.post(office.officer, office.other, kind=PostKind.CONCURRENT)
    assert not office.sees(office.other_chief, office.officer, MARCH)
    assert office.sees(office.other_chief, office.officer, APRIL)
    assert office.sees(office.chief, office.officer, APRIL)


def test_a_chief_of_two_sections_has_both_the_main_one_first(office: Office) -> None:
    office.post(office.chief, office.other, heads=True, kind=PostKind.CONCURRENT)
    leadership = Leadership(office.db, office.chief.id, APRIL)
    assert [unit.name for unit in leadership.headed] == ["相談課", "調整課"]
    assert leadership.highest() == leadership.headed


def test_a_unit_below_another_that_one_heads_is_no_highest_one(office: Office) -> None:
    office.post(office.director, office.section, heads=True, kind=PostKind.CONCURRENT)
    leadership = Leadership(office.db, office.director.id, APRIL)
    assert [unit.name for unit in leadership.highest()] == ["生活支援部"]


def test_a_vacant_head_passes_its_people_up(office: Office) -> None:
    office.end(office.leader_post)
    leadership = Leadership(office.db, office.chief.id, APRIL)
    chart = leadership.staffed(office.db, leadership.highest(), deep=True)
    assert office.officer.id in chart.subordinates(office.chief.id).direct
    march = Leadership(office.db, office.chief.id, MARCH)
    before = march.staffed(office.db, march.highest(), deep=True)
    assert office.officer.id in before.subordinates(office.chief.id).indirect


def test_a_unit_that_moves_under_another_division_takes_its_people_along(office: Office) -> None:
    elsewhere = make_unit(office.db, office.now, name="総務部", level="division", parent_id=office.bureau.id)
    new_director, _ = office.person(elsewhere, heads=True)
    office.section.ends_on = MARCH
    office.db.flush()
    office.db.add(
        Unit(
            code=office.section.code,
            name="相談第一課",
            level="section",
            parent_id=elsewhere.id,
            starts_on=APRIL,
        )
    )
    office.db.flush()
    assert office.sees(office.director, office.officer, MARCH)
    assert not office.sees(office.director, office.officer, APRIL)
    assert office.sees(new_director, office.officer, APRIL)
    assert office.sees(office.chief, office.officer, APRIL)
    found = Leadership(office.db, new_director.id, APRIL).unit(office.section.code)
    assert found is not None
    assert found.name == "相談第一課"


def test_only_units_that_are_led_can_be_asked_for(office: Office) -> None:
    leadership = Leadership(office.db, office.chief.id, MARCH)
    assert leadership.unit(office.team.code) is not None
    assert leadership.unit(office.division.code) is None
    assert leadership.unit(office.other.code) is None


def test_counting_leaves_out_the_inactive(office: Office) -> None:
    leadership = Leadership(office.db, office.chief.id, MARCH)
    assert leadership.count_below(office.db, leadership.highest()) == 3
    office.officer.active = False
    office.db.flush()
    assert leadership.count_below(office.db, leadership.highest()) == 2


def test_of_a_large_unit_only_its_own_people_and_the_heads_below_are_loaded(office: Office) -> None:
    leadership = Leadership(office.db, office.director.id, MARCH)
    chart = leadership.staffed(office.db, leadership.highest(), deep=False)
    found = chart.subordinates(office.director.id)
    assert found.all == {office.chief.id, office.other_chief.id}
    (section,) = (unit for unit in leadership.children(leadership.headed[0]) if unit.name == "相談課")
    below = leadership.staffed(office.db, [section], deep=False).subordinates(office.director.id)
    assert below.all == {office.chief.id, office.leader.id}


def test_nobody_is_led_by_somebody_whose_posts_have_not_begun(office: Office, now: datetime) -> None:
    late = make_user(office.db, now)
    office.post(late, office.division, first=APRIL + timedelta(days=1), heads=True)
    assert Leadership(office.db, late.id, APRIL).headed == ()
