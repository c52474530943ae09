from __future__ import annotations

from pathlib import Path

import pytest

from studyhub.content.checks import check
from studyhub.content.loader import LoadedQuestion, load
from studyhub.content.reviews import asked_hash
from tests.content.conftest import QUESTION, WriteContent

FIRST = "question_pool/ip/23-security/61-security.yaml"
SECOND = "question_pool/ip/23-security/62-management.yaml"


def loaded(root: Path) -> LoadedQuestion:
    return load(root).questions[0]


def codes(write_content: WriteContent, *rows: str, question: str = QUESTION) -> list[str]:
    """Of the first question; the second is a draft."""
    second = (
        QUESTION.replace("61-001", "62-001")
        .replace("ip-6.5:61", "ip-6.5:62")
        .replace("止まらないことを表す", "方針を定める人として適切な")
        .replace("published", "draft")
    )
    before = loaded(write_content({FIRST: QUESTION}))
    text = "id,asked,date,agreed,answered\n" + "".join(row.format(asked=asked_hash(before)) for row in rows)
    root = write_content({FIRST: question, SECOND: second, "question_pool/review.csv": text})
    return [finding.code for finding in check(load(root)).errors]


def test_a_question_that_two_people_answered_as_the_key_may_be_published(write_content: WriteContent) -> None:
    assert codes(write_content, "ip-61-001,{asked},2026-11-23,2,2\n") == []
    assert (
        codes(write_content, "ip-61-001,{asked},2026-11-23,1,1\n", "ip-61-001,{asked},2026-11-24,1,1\n") == []
    )


@pytest.mark.parametrize(
    "row", ["", "ip-61-001,{asked},2026-11-23,1,1\n", "ip-61-001,{asked},2026-11-23,3,4\n"]
)
def test_one_answer_or_one_that_differs_is_not_enough(write_content: WriteContent, row: str) -> None:
    assert codes(write_content, row) == ["not-reviewed"]


def test_a_change_of_what_is_asked_wants_new_answers(write_content: WriteContent) -> None:
    row = "ip-61-001,{asked},2026-11-23,2,2\n"
    assert codes(write_content, row, question=QUESTION.replace("表すもの", "示すもの")) == ["not-reviewed"]


def test_a_change_of_the_explanation_wants_none(write_content: WriteContent) -> None:
    row = "ip-61-001,{asked},2026-11-23,2,2\n"
    assert (
        codes(write_content, row, question=QUESTION.replace("三つの性質を区別する。", "違いを知る。")) == []
    )


@pytest.mark.parametrize("row", ["ip-61-001,{asked},yesterday,2,2\n", "ip-61-001,{asked},2026-11-23,3,2\n"])
def test_a_row_that_cannot_be_is_told_at_its_line(write_content: WriteContent, row: str) -> None:
    assert codes(write_content, "ip-61-001,{asked},2026-11-23,2,2\n", row) == ["bad-review"]


def test_where_no_reviews_are_kept_none_are_asked_for(write_content: WriteContent) -> None:
    assert check(load(write_content())).errors == ()
