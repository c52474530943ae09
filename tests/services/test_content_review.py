from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from studyhub.content import blind
from studyhub.domain.errors import Invalid
from studyhub.domain.questions import Body
from studyhub.services import content_review
from tests.content.conftest import write_content  # noqa: F401 - a fixture
from tests.domain.question_samples import MATCHING, MULTIPLE, NUMERIC, ORDERING, SINGLE, TRUE_FALSE, question

TODAY = date(2026, 11, 23)


def test_a_sheet_shows_nothing_of_the_key(write_content) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    sheets = content_review.sheets(write_content())
    assert [sheet["id"] for sheet in sheets] == ["ip-61-001", "ip-62-001"]
    assert set(sheets[0]) == {"id", "asked", "kind", "stem", "choices"}
    assert sheets[0]["choices"]["2"] == "可用性"


def test_two_agreeing_answers_settle_a_question(write_content) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    root: Path = write_content()
    first, second = content_review.sheets(root)
    answers = f"id,asked,answer\nip-61-001,{first['asked']},2\nip-62-001,{second['asked']},1\n"
    taken = content_review.take_answers(root, answers, TODAY)
    assert (taken.answered, taken.differing, taken.unknown) == (2, (("ip-62-001", "1"),), ())
    content_review.take_answers(root, answers, TODAY)
    assert [sheet["id"] for sheet in content_review.sheets(root)] == ["ip-62-001"]
    kept = (root / "question_pool/review.csv").read_text("utf-8").splitlines()
    assert kept[1:] == [
        f"ip-61-001,{first['asked']},2026-11-23,2,2",
        f"ip-62-001,{second['asked']},2026-11-23,0,2",
    ]


def test_an_answer_to_another_wording_is_not_taken(write_content) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    taken = content_review.take_answers(write_content(), "id,asked,answer\nip-61-001,0123,2\nx,1,1\n", TODAY)
    assert (taken.answered, taken.unknown) == (0, ("ip-61-001", "x"))


def test_a_table_without_the_columns_is_refused(write_content) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    with pytest.raises(Invalid):
        content_review.take_answers(write_content(), "id,answer\nip-61-001,2\n", TODAY)


@pytest.mark.parametrize(
    ("body", "right", "wrong"),
    [
        (SINGLE, "２", "1"),
        (MULTIPLE, "3, 1", "1"),
        (TRUE_FALSE, "2", "1"),
        (NUMERIC, "約12.5日", "13"),
        (NUMERIC, "12.6", ""),
    ],
)
def test_an_answer_is_read_as_people_write_it(body: Body, right: str, wrong: str) -> None:
    assert blind.is_key(question(body), right)
    assert not blind.is_key(question(body), wrong)


@pytest.mark.parametrize("body", [ORDERING, MATCHING])
def test_orders_and_pairs_are_answered_by_the_numbers_shown(body: Body) -> None:
    asked = question(body)
    shown = blind._choices(asked)["choices"]
    wanted = body.items if body is ORDERING else [pair.right for pair in body.pairs]  # type: ignore[union-attr]
    numbers = {text: number for number, text in shown.items()}
    answer = ", ".join(numbers[text] for text in wanted)
    assert blind.is_key(asked, answer)
    assert not blind.is_key(asked, ", ".join(reversed(answer.split(", "))) + ", 1")
