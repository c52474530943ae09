from __future__ import annotations

from dataclasses import replace

import pytest

from studyhub.content.similarity import BAR, nearest
from studyhub.formats import past_exam
from tests.content.own import ROOT, own_questions
from tests.domain.question_samples import SINGLE, question

PAST = ROOT.parent / "shared" / "data" / "ipa_past"


def test_a_question_with_one_word_changed_is_told_as_a_copy() -> None:
    stem = "ある局では，申請の受付から交付までの日数を短くするために，業務の流れを見直すことにした。最初に行うことはどれか。"
    one, other = question(SINGLE, "a"), question(SINGLE, "b")
    (first, _second) = nearest(
        [replace(one, stem=stem), replace(other, stem=stem.replace("短く", "少なく"))],
        [replace(one, stem=stem), replace(other, stem=stem.replace("短く", "少なく"))],
    )
    assert first.share > BAR
    assert {first.question_id, first.other_id} == {"a", "b"}


def test_questions_on_different_things_are_far_apart() -> None:
    body = replace(
        SINGLE, choices=tuple(replace(c, text=f"別の{n}つ目の選択肢") for n, c in enumerate(SINGLE.choices))
    )
    one = replace(question(SINGLE, "a"), stem="可用性を高める対策として，最も適切なものはどれか。")
    other = replace(question(body, "b"), stem="貸借対照表に関する記述として，最も適切なものはどれか。")
    (pair,) = nearest([one], [other])
    assert pair.share < BAR


def test_no_question_of_the_pool_is_a_copy_of_another() -> None:
    own = own_questions()
    assert [pair for pair in nearest(own, own) if pair.share >= BAR] == []


@pytest.mark.skipif(not PAST.is_dir(), reason="the real past examinations are not on this machine")
def test_no_question_of_the_pool_is_a_copy_of_a_past_one() -> None:
    own = own_questions()
    past = [
        found.item
        for path in sorted(PAST.glob("*.jsonl"))
        for found in past_exam.read_jsonl(path.read_text("utf-8"), path.name).items
    ]
    assert len(past) > 2_000
    assert [pair for pair in nearest(own, past) if pair.share >= BAR] == []
