"""The team's page as data: whose rows, in which order, through which topics, and what of units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.mastery import Band
from studyhub.domain.team import Order, Since
from studyhub.persistence.models import Post, Topic, Unit, User
from studyhub.persistence.session import reading, transaction
from studyhub.reads.progress import LensAsked, skill_map_page
from studyhub.reads.team import TeamAsked, TeamPage, team_page
from studyhub.reads.team_people import MOST_PEOPLE
from studyhub.reads.team_person import team_person_page
from studyhub.services.unit_pictures import picture_units
from tests.factories.people import make_unit
from tests.factories.progress import make_exam, map_topics
from tests.factories.questions import make_syllabus
from tests.factories.team import know, make_people
from tests.personas import Personas
from tests.statements import counted_statements


@dataclass(frozen=True)
class Site:
    """The supervisor's section 企画課 and, below it, a team of 調整係; two topics of one field."""

    section: Unit
    team: Unit
    topics: list[Topic]


def store_site(db: Session, now: datetime) -> Site:
    section = db.scalars(select(Unit).where(Unit.name == "企画課")).one()
    topics = make_syllabus(db, leaves=("61", "62"))
    make_exam(db, "ip-2026", "ip-6.5")
    return Site(section, make_unit(db, now, name="調整係", level="team", parent_id=section.id), topics)


@pytest.fixture
def site(db: Session, personas: Personas, now: datetime) -> Site:
    return store_site(db, now)


def page_of(db: Session, personas: Personas, now: datetime, asked: TeamAsked | None = None) -> TeamPage:
    page = team_page(db, personas.supervisor, asked or TeamAsked(), now)
    assert page is not None
    return page


def bands(page: TeamPage) -> dict[int, list[Band]]:
    return {row.user_id: [cell.band for cell in row.cells] for row in page.rows}


def test_a_supervisor_sees_everybody_below_and_nobody_else(
    db: Session, personas: Personas, site: Site, now: datetime
) -> None:
    below = make_people(db, now, site.team, 2)
    seen = {row.user_id for row in page_of(db, personas, now).rows}
    own = {personas.officer.user_id, personas.lecturer.user_id, personas.administrator.user_id}
    assert seen == own | {person.id for person in below}


def test_who_leads_nobody_has_no_team(db: Session, personas: Personas, site: Site, now: datetime) -> None:
    assert team_page(db, personas.officer, TeamAsked(), now) is None
    assert team_page(db, personas.administrator, TeamAsked(), now) is None


def test_a_unit_elsewhere_a_topic_and_a_syllabus_that_there_are_not_are_not_found(
    db: Session, personas: Personas, site: Site, now: datetime
) -> None:
    elsewhere = db.scalars(select(Unit).where(Unit.name == "道路課")).one()
    for asked in (TeamAsked(unit=elsewhere.code), TeamAsked(topic="ip-6.5:x"), TeamAsked(lens="no-such")):
        with pytest.raises(NotFound):
            page_of(db, personas, now, asked)


def test_the_cells_are_those_of_the_person_s_own_map(
    db: Session, personas: Personas, site: Site, now: datetime
) -> None:
    person = db.get_one(User, personas.officer.user_id)
    know(db, [person], site.topics[0], now, right=9, of=20, days_ago=40)
    know(db, [person], site.topics[1], now, right=11, of=12)
    page = page_of(db, personas, now, TeamAsked(level=1))
    own = skill_map_page(db, personas.officer, LensAsked(), now)
    shown = next(row for row in page.rows if row.user_id == person.id)
    rows = [own.whole, *(row.cell.mastery for field in own.fields for row in field.rows)]
    assert [(c.band, c.responses, c.last_at) for c in shown.cells] == [
        (each.band, each.responses, each.last_at) for each in rows
    ]


def test_a_topic_opens_to_what_is_below_it_and_orders_by_itself(
    db: Session, personas: Personas, site: Site, now: datetime
) -> None:
    strong, weak = make_people(db, now, site.team, 2)
    know(db, [strong], site.topics[0], now, right=2, of=20)
    know(db, [strong], site.topics[1], now, right=20, of=20)
    know(db, [weak], site.topics[0], now, right=20, of=20)
    know(db, [weak], site.topics[1], now, right=2, of=20)
    page = page_of(db, personas, now, TeamAsked(topic="ip-6.5:62"))
    assert [column.key for column in page.topics.columns] == ["ip-6.5:62"]
    assert page.rows[0].user_id == weak.id
    assert page.rows[-1].user_id == strong.id
    field = page_of(db, personas, now, TeamAsked(topic="ip-6.5:strategy"))
    assert [column.key for column in field.topics.columns] == ["ip-6.5:strategy", "ip-6.5:61", "ip-6.5:62"]


def test_another_lens_counts_the_answers_through_the_mapping(
    db: Session, personas: Personas, site: Site, now: datetime
) -> None:
    other = make_syllabus(db, key="dx-literacy", leaves=("a",))
    map_topics(db, [(site.topics[0], other[0])], onto="dx-literacy")
    (person,) = make_people(db, now, site.team, 1)
    know(db, [person], site.topics[0], now, right=19, of=20)
    page = page_of(db, personas, now, TeamAsked(lens="dx-literacy", topic="dx-literacy:a"))
    assert bands(page)[person.id] == [Band.FIRM]


def test_rows_can_be_narrowed_by_title_exam_and_period(
    db: Session, personas: Personas, site: Site, now: datetime
) -> None:
    one, two = make_people(db, now, site.team, 2)
    db.scalars(select(Post).where(Post.user_id == one.id)).one().title = "主任"
    two.target_exam = "ip-2027"
    know(db, [one], site.topics[0], now, right=5, days_ago=60)
    db.flush()

    def found(asked: TeamAsked) -> set[int]:
        return {row.user_id for row in page_of(db, personas, now, asked).rows}

    assert found(TeamAsked(title="主任")) == {one.id}
    assert found(TeamAsked(exam="ip-2027", lens="ip-6.5")) == {two.id}
    assert page_of(db, personas, now).titles == ("主任",)
    lately = page_of(db, personas, now, TeamAsked(since=Since.DAYS_30))
    assert bands(lately)[one.id][0] is Band.NONE
    assert bands(page_of(db, personas, now))[one.id][0] is Band.WEAK


def test_people_can_stand_in_the_order_of_their_names(
    db: Session, personas: Personas, site: Site, now: datetime
) -> None:
    page = page_of(db, personas, now, TeamAsked(order=Order.KANA))
    assert [row.kana for row in page.rows] == sorted(row.kana for row in page.rows)


def test_of_more_people_than_fit_only_those_directly_there_are_listed(
    db: Session, personas: Personas, site: Site, now: datetime
) -> None:
    make_people(db, now, site.team, MOST_PEOPLE)
    page = page_of(db, personas, now)
    assert page.wide
    assert {row.user_id for row in page.rows} == {
        personas.officer.user_id,
        personas.lecturer.user_id,
        personas.administrator.user_id,
    }
    team = page_of(db, personas, now, TeamAsked(unit=site.team.code))
    assert (team.wide, team.total) == (False, MOST_PEOPLE)


def test_a_team_of_more_than_fit_is_turned_over_by_name(
    db: Session, personas: Personas, site: Site, now: datetime
) -> None:
    make_people(db, now, site.team, MOST_PEOPLE + 5)
    first = page_of(db, personas, now, TeamAsked(unit=site.team.code))
    last = page_of(db, personas, now, TeamAsked(unit=site.team.code, page=2))
    assert (first.total, first.pages, len(first.rows), len(last.rows)) == (305, 2, 300, 5)
    assert first.asked.order is Order.KANA


def test_units_show_counts_from_the_picture_and_small_ones_none(
    db: Session, personas: Personas, site: Site, now: datetime
) -> None:
    large = make_people(db, now, site.team, 6)
    other = make_unit(db, now, name="庶務係", level="team", parent_id=site.section.id)
    make_people(db, now, other, 2)
    know(db, large[:4], site.topics[0], now, right=20, of=20)
    assert page_of(db, personas, now).units is not None
    picture_units(db, now)
    page = page_of(db, personas, now, TeamAsked(level=1))
    assert page.units is not None
    rows = {row.name: row for row in page.units.rows}
    cell = rows["調整係"].cells[1]
    assert cell is not None
    assert (rows["調整係"].people, cell.firm, cell.untouched) == (6, 4, 2)
    assert (rows["庶務係"].people, rows["庶務係"].cells[1]) == (None, None)
    assert page.trends[0].months[0][1].people == 11  # six, two, and three of the section itself


def test_the_sentences_compare_with_the_picture_of_last_month(
    db: Session, personas: Personas, site: Site, now: datetime
) -> None:
    people = make_people(db, now, site.team, 6)
    know(db, people, site.topics[0], now, right=2, of=10, days_ago=40)
    picture_units(db, now - timedelta(days=31))
    page = page_of(db, personas, now, TeamAsked(level=1))
    assert page.sentences is not None
    assert page.sentences.thin is not None
    assert page.sentences.thin.before is not None
    assert page.sentences.thin.before.weak == 6
    assert page.sentences.beginning.not_begun == 9
    narrowed = page_of(db, personas, now, TeamAsked(level=1, exam="ip-2026"))
    assert narrowed.sentences is not None
    assert narrowed.sentences.thin is not None
    assert narrowed.sentences.thin.before is None


def test_of_fewer_than_five_nothing_is_said_as_a_group(
    db: Session, personas: Personas, site: Site, now: datetime
) -> None:
    assert len(page_of(db, personas, now).rows) == 3
    assert page_of(db, personas, now).sentences is None


def test_after_a_transfer_the_person_s_page_is_not_found(
    db: Session, personas: Personas, site: Site, now: datetime
) -> None:
    officer = personas.officer.user_id
    assert team_person_page(db, personas.supervisor, officer, LensAsked(), now).name == "佐藤 花子"
    with pytest.raises(NotFound):
        team_person_page(db, personas.supervisor_elsewhere, officer, LensAsked(), now)
    db.scalars(select(Post).where(Post.user_id == officer)).one().ends_on = now.date()
    db.flush()
    team_person_page(db, personas.supervisor, officer, LensAsked(), now)
    with pytest.raises(NotFound):
        team_person_page(db, personas.supervisor, officer, LensAsked(), now + timedelta(days=1))


def test_a_page_takes_as_many_statements_for_two_hundred_people_as_for_ten(
    engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        site = store_site(db, now)
        picture_units(db, now)
    counts = []
    for number in (10, 190):
        with transaction(engine) as db:
            people = make_people(db, now, site.team, number)
            know(db, people, site.topics[0], now, right=3)
            make_unit(db, now, name=f"第{number}係", level="team", parent_id=site.section.id)
            picture_units(db, now)
        with counted_statements(engine) as sent, reading(engine) as db:
            page_of(db, personas, now)
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert counts[0] <= 18
