"""What was understood before and after, and which question to look at first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from studyhub.domain.psychometrics.classical import ChoiceCount, Correlation, share_of
from studyhub.domain.questions import Kind
from studyhub.domain.understanding import (
    Answer,
    ChoiceResult,
    Look,
    LookReason,
    QuestionResult,
    Record,
    before_and_after,
    looks,
    question_result,
    strengths,
    summable,
)

HELD = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
BEFORE, AFTER = HELD - timedelta(days=1), HELD + timedelta(days=1)


def answer(person: int, at: datetime, right: bool, chosen: int = 0, question: int = 1) -> Answer:
    return Answer(person, question, at, right, float(right), frozenset({chosen}))


def result(
    facility: tuple[int, int] = (12, 20),
    choices: tuple[tuple[int, int, int], ...] = ((12, 8, 4), (4, 1, 3), (2, 0, 2), (2, 1, 1)),
    discrimination: Correlation | None = None,
    expected: float | None = 0.6,
    half: int = 10,
) -> QuestionResult:
    """The first choice is the key."""
    share = share_of([True] * facility[0] + [False] * (facility[1] - facility[0]))
    table = tuple(ChoiceResult(ChoiceCount(*counts), place == 0) for place, counts in enumerate(choices))
    return QuestionResult(facility[1], share, expected, discrimination, table, half, None)


def test_the_last_answer_before_is_compared_with_the_first_after() -> None:
    answers = []
    for person in range(1, 6):
        answers += [
            answer(person, BEFORE - timedelta(days=1), True),
            answer(person, BEFORE, person == 1),
            answer(person, AFTER, person != 5),
            answer(person, AFTER + timedelta(days=1), False),
        ]
    found = before_and_after([answers], dict.fromkeys(range(1, 6), HELD))
    assert found is not None
    assert (found.people, found.pairs, found.before.right, found.after.right) == (5, 5, 1, 4)


def test_who_answered_only_before_or_never_came_is_no_pair() -> None:
    answers = [answer(person, at, True) for person in range(1, 6) for at in (BEFORE, AFTER)]
    assert before_and_after([answers], dict.fromkeys(range(1, 5), HELD)) is None
    only_before = [answer(person, BEFORE, True) for person in range(1, 9)]
    assert before_and_after([only_before], dict.fromkeys(range(1, 9), HELD)) is None


def test_four_people_with_many_answers_are_still_four_people() -> None:
    questions = [
        [answer(p, at, True, question=q) for p in range(4) for at in (BEFORE, AFTER)] for q in range(9)
    ]
    assert before_and_after(questions, dict.fromkeys(range(4), HELD)) is None


def test_a_sum_less_what_is_shown_alone_is_nobody_or_five_people() -> None:
    shown, few = [(person, True) for person in range(8)], [(8, True), (9, False)]
    assert summable([shown, few]) == shown
    others = [(person, False) for person in range(9, 12)]
    assert summable([shown, few, others]) == shown, "two and three, one of them in both, are four"
    assert summable([shown, few, [*others, (12, True)]]) == [*shown, *few, *others, (12, True)]


def test_strength_is_of_everything_else() -> None:
    answers = [answer(1, BEFORE, True), answer(1, AFTER, False), answer(2, BEFORE, True)]
    assert strengths(answers, {1: Record(12, 6), 2: Record(5, 5)}) == {1: 0.5}


def test_fewer_than_five_people_are_not_broken_down() -> None:
    answers = [answer(person, BEFORE, True) for person in range(4)]
    found = question_result(answers, {}, [True, False], 0.5)
    assert found == QuestionResult(4, None, 0.5, None, (), 0, None)
    assert looks(found, Kind.SINGLE_CHOICE) == (Look(LookReason.FEW),)


def test_halves_are_told_apart_from_ten_people_on() -> None:
    def found(people: int) -> QuestionResult:
        answers = [answer(person, BEFORE, person > 4, 0 if person > 4 else 1) for person in range(people)]
        records = {person: Record(20, 10 + person) for person in range(people)}
        return question_result(answers, records, [True, False], 0.5)

    assert found(9).half == 0
    assert [each.counts for each in found(9).choices] == [ChoiceCount(4, 0, 0), ChoiceCount(5, 0, 0)]
    assert found(10).half == 5
    assert [each.counts for each in found(10).choices] == [ChoiceCount(5, 5, 0), ChoiceCount(5, 0, 5)]
    told = found(10).discrimination
    assert told is not None
    assert told.value > 0.8


def test_only_the_first_answer_of_a_person_counts() -> None:
    answers = [answer(person, at, at == AFTER) for at in (BEFORE, AFTER) for person in range(6)]
    found = question_result(answers, {}, [True], 0.5)
    assert found.facility is not None
    assert (found.people, found.facility.right) == (6, 0)


def test_a_question_that_does_what_it_should_needs_no_look() -> None:
    assert looks(result(discrimination=Correlation(0.4, 0.05, 0.66, 20)), Kind.SINGLE_CHOICE) == ()


def test_strong_learners_who_take_another_choice_speak_against_the_key() -> None:
    found = result(choices=((6, 2, 4), (10, 7, 3), (2, 0, 2), (2, 1, 1)), facility=(6, 20), expected=0.4)
    assert looks(found, Kind.SINGLE_CHOICE) == (Look(LookReason.WRONG_KEY, 1),)
    close = result(choices=((6, 4, 2), (10, 5, 5), (2, 0, 2), (2, 1, 1)), facility=(6, 20), expected=0.4)
    assert looks(close, Kind.SINGLE_CHOICE) == ()


def test_a_choice_that_nobody_takes_is_named_once_enough_people_answered() -> None:
    choices = ((15, 9, 6), (5, 1, 4), (0, 0, 0))
    assert looks(result(choices=choices, facility=(12, 20)), Kind.SINGLE_CHOICE) == (
        Look(LookReason.UNUSED, 2),
    )
    few = result(choices=choices, facility=(9, 15))
    assert looks(few, Kind.SINGLE_CHOICE) == ()


def test_difficulty_is_told_against_what_the_author_expected() -> None:
    assert Look(LookReason.TOO_HARD) in looks(result(facility=(3, 20), expected=0.7), Kind.SINGLE_CHOICE)
    assert Look(LookReason.TOO_EASY) in looks(result(facility=(20, 20), expected=0.5), Kind.SINGLE_CHOICE)
    assert looks(result(facility=(3, 20), expected=None), Kind.SINGLE_CHOICE) == ()


def test_the_most_urgent_reason_comes_first() -> None:
    found = result(
        facility=(2, 20),
        choices=((2, 0, 2), (18, 10, 8), (0, 0, 0)),
        discrimination=Correlation(-0.5, -0.7, -0.2, 20),
    )
    assert [look.reason for look in looks(found, Kind.SINGLE_CHOICE)] == [
        LookReason.WRONG_KEY, LookReason.BACKWARDS, LookReason.TOO_HARD, LookReason.UNUSED,
    ]  # fmt: skip


def test_a_question_that_all_answer_alike_whatever_they_know_is_flat() -> None:
    assert looks(result(discrimination=Correlation(0.0, -0.15, 0.15, 80)), Kind.SINGLE_CHOICE) == (
        Look(LookReason.FLAT),
    )
