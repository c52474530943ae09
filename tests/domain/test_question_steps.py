"""Keys that are never used again, and the way from draft to publication."""

import pytest

from studyhub.domain.errors import Invalid
from studyhub.domain.question_lines import parts_as_text
from studyhub.domain.question_steps import (
    StatusStep,
    key_stem,
    may_review,
    next_key,
    status_after,
    status_steps,
    status_when_saved,
)
from studyhub.domain.questions import Body, QuestionStatus
from tests.domain.question_samples import BODIES, question

DRAFT, REVIEW, PUBLISHED, RETIRED = (QuestionStatus(s) for s in ("draft", "review", "published", "retired"))


def test_a_key_is_made_from_the_main_topic_and_one_above_every_number() -> None:
    assert key_stem("ip-6.5:61") == "st-61"
    assert key_stem("tokyo-dx:first-hearing") == "st-first-hearing"
    assert next_key("st-61", []) == "st-61-001"
    assert next_key("st-61", ["st-61-001", "st-61-007", "st-6-100", "st-61-x"]) == "st-61-008"
    assert next_key("st-61", ["st-61-999"]) == "st-61-1000"
    assert len(key_stem("x:" + "a" * 200)) < 50


def test_an_author_may_publish_where_no_second_person_is_asked_for() -> None:
    assert status_after(DRAFT, StatusStep.PUBLISH, needs_review=False) is PUBLISHED
    with pytest.raises(Invalid, match="ほかの人の確認"):
        status_after(DRAFT, StatusStep.PUBLISH, needs_review=True)
    assert StatusStep.PUBLISH not in status_steps(DRAFT, needs_review=True)
    assert StatusStep.ASK_REVIEW in status_steps(DRAFT, needs_review=True)


def test_steps_that_lead_nowhere_are_refused() -> None:
    for status, step in (
        (PUBLISHED, StatusStep.WITHDRAW),
        (RETIRED, StatusStep.PUBLISH),
        (DRAFT, StatusStep.REOPEN),
    ):
        with pytest.raises(Invalid):
            status_after(status, step, needs_review=False)


def test_a_published_question_that_changes_waits_for_the_second_person_again() -> None:
    assert status_when_saved(PUBLISHED, changed=True, needs_review=True) is REVIEW
    assert status_when_saved(PUBLISHED, changed=False, needs_review=True) is PUBLISHED
    assert status_when_saved(PUBLISHED, changed=True, needs_review=False) is PUBLISHED


def test_nobody_reviews_what_they_wrote() -> None:
    assert not may_review(7, 7, None)
    assert not may_review(7, 3, 7)
    assert may_review(7, 3, 3)
    assert may_review(7, None, None)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_every_kind_can_be_shown_as_lines(body: Body) -> None:
    parts = parts_as_text(question(body))
    assert parts["rows"]
    assert parts["facility"] == "5.5"
