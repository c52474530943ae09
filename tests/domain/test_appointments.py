"""What a row of a table does to the posts somebody holds."""

from datetime import date

from studyhub.domain.appointments import Held, Obstacle, Wanted, made_longer, place
from studyhub.domain.organisation import Period, PostKind

TODAY = date(2027, 3, 15)
LAST_OF_MARCH, FIRST_OF_APRIL = date(2027, 3, 31), date(2027, 4, 1)
PLANNING = Held(1, "planning", "主事", PostKind.MAIN, False, Period(date(2024, 4, 1)))


def wanted(unit="planning", title="主事", kind=PostKind.MAIN, heads=False, since=None, until=None) -> Wanted:
    return Wanted(unit, title, kind, heads, since, until)


def test_the_post_that_is_held_already_stays_as_it_is():
    assert place((PLANNING,), wanted(), TODAY) == (PLANNING,)
    assert place((PLANNING,), wanted(since=date(2025, 4, 1)), TODAY) == (PLANNING,)


def test_a_first_post_without_a_date_starts_today():
    (post,) = place((), wanted(), TODAY)
    assert post == Held(None, "planning", "主事", PostKind.MAIN, False, Period(TODAY))


def test_a_transfer_ends_the_old_main_post_the_day_before():
    old, new = place((PLANNING,), wanted("road", since=FIRST_OF_APRIL), TODAY)
    assert old.period == Period(date(2024, 4, 1), LAST_OF_MARCH)
    assert (new.post_id, new.unit, new.period) == (None, "road", Period(FIRST_OF_APRIL))


def test_a_concurrent_post_leaves_the_main_one_alone():
    assert place((PLANNING,), wanted("road", kind=PostKind.CONCURRENT), TODAY)[0] == PLANNING


def test_a_transfer_leaves_a_concurrent_post_alone():
    concurrent = Held(2, "road", "", PostKind.CONCURRENT, False, Period(date(2026, 4, 1)))
    assert place((PLANNING, concurrent), wanted("budget", since=FIRST_OF_APRIL), TODAY)[1] == concurrent


def test_a_promotion_in_the_same_unit_is_a_new_post_from_that_day():
    old, new = place((PLANNING,), wanted(title="課長", heads=True, since=FIRST_OF_APRIL), TODAY)
    assert old.period.ends_on == LAST_OF_MARCH
    assert (new.title, new.heads_unit, new.period.starts_on) == ("課長", True, FIRST_OF_APRIL)


def test_without_a_later_day_a_new_title_corrects_the_post():
    (post,) = place((PLANNING,), wanted(title="主任"), TODAY)
    assert (post.post_id, post.title, post.period) == (1, "主任", PLANNING.period)


def test_a_last_day_in_the_table_ends_the_post_and_an_empty_cell_leaves_it():
    (ended,) = place((PLANNING,), wanted(until=LAST_OF_MARCH), TODAY)
    assert ended.period.ends_on == LAST_OF_MARCH
    assert place((ended,), wanted(), TODAY) == (ended,)


def test_a_post_that_is_over_may_be_followed_by_the_same_one():
    over = Held(1, "planning", "主事", PostKind.MAIN, False, Period(date(2020, 4, 1), date(2022, 3, 31)))
    assert place((over,), wanted(since=FIRST_OF_APRIL), TODAY)[0] == over


def test_a_transfer_before_one_that_is_known_already_is_refused():
    later = Held(2, "budget", "", PostKind.MAIN, False, Period(date(2027, 7, 1)))
    assert place((later,), wanted("road", since=FIRST_OF_APRIL), TODAY) is Obstacle.LATER_POST


def test_a_second_main_post_from_the_same_day_is_no_later_one():
    assert place((PLANNING,), wanted("road", since=date(2024, 4, 1)), TODAY) is Obstacle.TWO_MAINS


def test_a_last_day_before_the_start_of_the_held_post_is_refused():
    assert place((PLANNING,), wanted(until=date(2024, 3, 31)), TODAY) is Obstacle.DATES_ORDER


def test_an_extension_into_the_next_main_post_is_refused():
    ending = Held(1, "planning", "主事", PostKind.MAIN, False, Period(date(2024, 4, 1), LAST_OF_MARCH))
    following = Held(2, "road", "", PostKind.MAIN, False, Period(FIRST_OF_APRIL))
    assert place((ending, following), wanted(until=date(2027, 4, 30)), TODAY) is Obstacle.TWO_MAINS


def test_only_a_new_post_and_one_with_a_later_end_are_made_longer():
    ending = Held(2, "road", "", PostKind.CONCURRENT, False, Period(date(2024, 4, 1), LAST_OF_MARCH))
    before = (PLANNING, ending)
    assert made_longer(before, place(before, wanted("budget", since=FIRST_OF_APRIL), TODAY)) == [2]
    longer = wanted("road", title="", kind=PostKind.CONCURRENT, until=FIRST_OF_APRIL)
    assert made_longer(before, place(before, longer, TODAY)) == [1]
    assert made_longer(before, place(before, wanted(until=LAST_OF_MARCH), TODAY)) == []
