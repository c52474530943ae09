"""A bureau, its planning division with two sections, a team below one of them, and the days around 1 April."""

from datetime import date

from studyhub.domain.organisation import Chart, Level, Period, Post, PostKind, Subordinates, Unit

LONG_AGO = date(2020, 4, 1)
LAST_OF_MARCH, FIRST_OF_APRIL = date(2027, 3, 31), date(2027, 4, 1)
TODAY = date(2026, 11, 23)
BUREAU, DIVISION, PLANNING, BUDGET, TEAM = range(1, 6)
DIRECTOR, DIVISION_HEAD, PLANNING_HEAD, BUDGET_HEAD, TEAM_LEADER, OFFICER, CLERK = range(101, 108)


def unit(
    unit_id: int, level: Level, parent: int | None, *, code: str = "", since=LONG_AGO, until=None
) -> Unit:
    return Unit(unit_id, code or f"U{unit_id}", f"組織{unit_id}", level, parent, Period(since, until))


def post(user: int, where: int, *, heads=False, kind=PostKind.MAIN, since=LONG_AGO, until=None) -> Post:
    return Post(user * 10 + where, user, where, "", kind, heads, Period(since, until))


UNITS = (
    unit(BUREAU, Level.BUREAU, None),
    unit(DIVISION, Level.DIVISION, BUREAU),
    unit(PLANNING, Level.SECTION, DIVISION),
    unit(BUDGET, Level.SECTION, DIVISION),
    unit(TEAM, Level.TEAM, PLANNING),
)
POSTS = (
    post(DIRECTOR, BUREAU, heads=True),
    post(DIVISION_HEAD, DIVISION, heads=True),
    post(PLANNING_HEAD, PLANNING, heads=True),
    post(BUDGET_HEAD, BUDGET, heads=True),
    post(TEAM_LEADER, TEAM, heads=True),
    post(OFFICER, TEAM),
    post(CLERK, BUDGET),
)


def chart(*more: Post, units=UNITS, without: int | None = None, day: date = TODAY) -> Chart:
    return Chart(units, (*(p for p in POSTS if p.user_id != without), *more), day)


def test_a_period_includes_its_first_and_its_last_day():
    period = Period(date(2026, 4, 1), date(2027, 3, 31))
    assert date(2026, 4, 1) in period
    assert date(2027, 3, 31) in period
    assert date(2026, 3, 31) not in period
    assert date(2027, 4, 1) not in period


def test_a_unit_is_open_until_the_last_day_of_the_last_version_that_follows_without_a_gap():
    renamed = (
        unit(1, Level.SECTION, None, code="A", until=LAST_OF_MARCH),
        unit(2, Level.SECTION, None, code="A", since=FIRST_OF_APRIL, until=date(2028, 3, 31)),
        unit(3, Level.SECTION, None, code="A", since=date(2028, 6, 1)),
    )
    assert chart(units=renamed).last_day(1) == date(2028, 3, 31)
    assert chart(units=renamed, day=FIRST_OF_APRIL).last_day(1) == date(2028, 3, 31)
    assert chart(units=renamed, day=date(2028, 6, 1)).last_day(1) is None


def test_periods_that_share_one_day_overlap_and_neighbours_do_not():
    march = Period(date(2027, 3, 1), LAST_OF_MARCH)
    assert march.overlaps(Period(LAST_OF_MARCH))
    assert Period(LONG_AGO).overlaps(march)
    assert not march.overlaps(Period(FIRST_OF_APRIL))
    assert not Period(FIRST_OF_APRIL).overlaps(march)


def test_the_path_leads_from_the_bureau_down_to_the_team():
    assert [u.id for u in chart().path(TEAM)] == [BUREAU, DIVISION, PLANNING, TEAM]


def test_below_a_section_are_itself_and_its_teams():
    assert chart().below(PLANNING) == {PLANNING, TEAM}
    assert chart().members(PLANNING) == {PLANNING_HEAD}
    assert chart().members_below(PLANNING) == {PLANNING_HEAD, TEAM_LEADER, OFFICER}


def test_a_heads_direct_subordinates_are_the_members_of_the_unit_and_the_heads_of_the_units_below():
    assert chart().subordinates(BUDGET_HEAD) == Subordinates(direct=frozenset({CLERK}))
    assert chart().subordinates(DIVISION_HEAD) == Subordinates(
        direct=frozenset({PLANNING_HEAD, BUDGET_HEAD}), indirect=frozenset({TEAM_LEADER, OFFICER, CLERK})
    )


def test_a_unit_whose_head_is_missing_passes_its_people_up():
    assert chart(without=PLANNING_HEAD).subordinates(DIVISION_HEAD).direct == {BUDGET_HEAD, TEAM_LEADER}


def test_two_heads_of_one_unit_are_not_each_others_subordinates():
    second = post(199, BUDGET, heads=True)
    assert chart(second).subordinates(BUDGET_HEAD).all == {CLERK}
    assert chart(second).subordinates(199).all == {CLERK}


def test_whoever_heads_nothing_has_no_subordinates():
    assert chart().subordinates(OFFICER) == Subordinates()


def test_a_concurrent_post_makes_a_person_a_subordinate_of_both_heads():
    concurrent = post(OFFICER, BUDGET, kind=PostKind.CONCURRENT)
    assert OFFICER in chart(concurrent).subordinates(BUDGET_HEAD).direct
    assert OFFICER in chart(concurrent).subordinates(TEAM_LEADER).direct


def test_direct_through_one_post_and_indirect_through_another_is_direct():
    concurrent = post(OFFICER, DIVISION, kind=PostKind.CONCURRENT)
    found = chart(concurrent).subordinates(DIVISION_HEAD)
    assert OFFICER in found.direct
    assert OFFICER not in found.indirect


def test_heading_two_units_does_not_make_a_person_a_subordinate_of_themselves():
    assert DIVISION_HEAD not in chart(post(DIVISION_HEAD, BUDGET, heads=True)).subordinates(DIVISION_HEAD).all


def test_on_the_first_of_april_access_follows_the_transfer():
    moved = (
        post(OFFICER, TEAM, until=LAST_OF_MARCH),
        post(OFFICER, BUDGET, since=FIRST_OF_APRIL),
    )
    before = chart(*moved, without=OFFICER, day=LAST_OF_MARCH)
    after = chart(*moved, without=OFFICER, day=FIRST_OF_APRIL)
    assert before.leads(PLANNING_HEAD, OFFICER)
    assert not before.leads(BUDGET_HEAD, OFFICER)
    assert not after.leads(PLANNING_HEAD, OFFICER)
    assert after.leads(BUDGET_HEAD, OFFICER)


def test_a_head_who_leaves_sees_nobody_from_the_next_day_on():
    leaving = post(BUDGET_HEAD, BUDGET, heads=True, until=LAST_OF_MARCH)
    assert chart(leaving, without=BUDGET_HEAD, day=LAST_OF_MARCH).leads(BUDGET_HEAD, CLERK)
    assert not chart(leaving, without=BUDGET_HEAD, day=FIRST_OF_APRIL).leads(BUDGET_HEAD, CLERK)


def test_a_unit_moved_under_another_takes_its_people_and_the_units_below_along():
    other = unit(7, Level.DIVISION, BUREAU)
    planning_then = unit(PLANNING, Level.SECTION, DIVISION, until=LAST_OF_MARCH)
    planning_now = unit(8, Level.SECTION, 7, code=f"U{PLANNING}", since=FIRST_OF_APRIL)
    units = (*(u for u in UNITS if u.id != PLANNING), other, planning_then, planning_now)
    after = chart(post(150, 7, heads=True), units=units, day=FIRST_OF_APRIL)
    assert [u.id for u in after.path(TEAM)] == [BUREAU, 7, 8, TEAM]
    assert after.members(PLANNING) == after.members(8) == {PLANNING_HEAD}
    assert after.subordinates(150) == Subordinates(
        frozenset({PLANNING_HEAD}), frozenset({TEAM_LEADER, OFFICER})
    )
    assert chart(units=units, day=LAST_OF_MARCH).leads(DIVISION_HEAD, OFFICER)
    assert not after.leads(DIVISION_HEAD, OFFICER)


def test_a_closed_unit_has_neither_path_nor_members():
    closed = (*(u for u in UNITS if u.id != TEAM), unit(TEAM, Level.TEAM, PLANNING, until=LAST_OF_MARCH))
    after = chart(units=closed, day=FIRST_OF_APRIL)
    assert after.path(TEAM) == ()
    assert after.members(TEAM) == frozenset()
    assert not after.leads(PLANNING_HEAD, OFFICER)


def test_a_circle_of_units_ends():
    circle = (unit(1, Level.SECTION, 2), unit(2, Level.SECTION, 1))
    broken = Chart(circle, (post(OFFICER, 1), post(CLERK, 2, heads=True)), TODAY)
    assert len(broken.path(1)) == 2
    assert broken.below(1) == {1}
