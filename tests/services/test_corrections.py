"""A correction marks anew, counts anew and tells; the log keeps both marks; everything equals a rebuild from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from studyhub.domain.corrections import RightMatches, RightNumber, RightOrder
from studyhub.domain.errors import Conflict, Forbidden, Invalid
from studyhub.domain.grading import MatchedAs, OrderedAs, TypedNumber
from studyhub.persistence.models import (
    AuditEntry,
    Correction,
    DailyActivity,
    Notice,
    Question,
    QuestionProgress,
    QuestionRevision,
    Regrade,
    Response,
    TopicProgress,
)
from studyhub.persistence.session import reading, transaction
from studyhub.services import corrections, progress, responses
from studyhub.services.correction_texts import NewWords
from tests.domain.question_samples import MATCHING, NUMERIC, ORDERING, question
from tests.factories.content_folders import ContentFolder
from tests.factories.content_sites import Site
from tests.factories.corrections import add_revision, correct, give, marks, strike
from tests.factories.questions import make_questions, make_syllabus, single_choice, store_question
from tests.personas import Personas


@pytest.fixture
def questions(db: Session, now: datetime) -> list[Question]:
    first, second = make_syllabus(db, leaves=("61", "62"))
    return make_questions(db, now, first, 3) + make_questions(db, now, second, 2)


def _topic_sums(db: Session, user_id: int) -> tuple[int, int, int]:
    row = db.scalars(select(TopicProgress).where(TopicProgress.user_id == user_id)).first()
    return (row.responses, row.correct, row.credit_tenths) if row else (0, 0, 0)


def test_a_new_key_turns_wrong_into_right_and_the_log_keeps_both(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    asked, officer, colleague = questions[0], personas.officer.user_id, personas.colleague_elsewhere.user_id
    theirs, others = give(db, officer, asked, 2, now), give(db, colleague, asked, 0, now)
    correct(db, personas.lecturer, asked, 2, now + timedelta(hours=1))
    assert marks(db, theirs) == (False, True)
    assert marks(db, others) == (True, False)
    assert _topic_sums(db, officer) == (1, 1, 10)
    assert _topic_sums(db, colleague) == (1, 0, 0)


def test_each_person_is_told_once_what_was_and_what_is(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    asked = questions[0]
    give(db, personas.officer.user_id, asked, 1, now)
    give(db, personas.officer.user_id, asked, 2, now)
    made = correct(db, personas.lecturer, asked, 2, now, "選択肢ウが正しい。")
    corrections.settle(db, made, [personas.officer.user_id], now)
    notice = db.scalars(select(Notice)).one()
    assert notice.user_id == personas.officer.user_id
    assert notice.params == {
        "question": asked.key,
        "question_title": f"{asked.key} に関する記述のうち，適切なものはどれか。",
        "reason": "選択肢ウが正しい。",
        "old": "wrong",
        "new": "right",
    }


def test_a_correction_writes_a_new_revision_and_says_what_it_touched(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    asked = questions[0]
    old = asked.current_revision_id
    for _ in range(3):
        give(db, personas.officer.user_id, asked, 0, now)
    made = db.get_one(Correction, correct(db, personas.lecturer, asked, 1, now))
    new = db.get_one(QuestionRevision, asked.current_revision_id)
    assert (made.old_revision_id, made.new_revision_id) == (old, new.id)
    assert (made.people, made.responses) == (1, 3)
    assert [choice["correct"] for choice in new.data["choices"]] == [False, True, False, False]
    assert (new.number, new.created_by, asked.origin) == (2, personas.lecturer.user_id, "studio")
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "question.correct")).one()
    assert (entry.subject_id, entry.detail["people"]) == (asked.key, 1)


def test_a_struck_question_is_retired_and_counts_for_nothing(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    asked, officer = questions[0], personas.officer.user_id
    answered = give(db, officer, asked, 0, now)
    strike(db, personas.lecturer, asked, now)
    assert asked.status == "retired"
    assert db.scalar(select(func.count()).select_from(Response)) == 1
    assert db.scalar(select(Regrade.counts).where(Regrade.response_id == answered)) is False
    for model in (QuestionProgress, TopicProgress, DailyActivity):
        assert db.scalar(select(func.count()).select_from(model)) == 0
    assert db.scalars(select(Notice)).one().params["new"] == "struck"
    with pytest.raises(Conflict):
        strike(db, personas.lecturer, asked, now)


def test_correcting_twice_the_newest_counts(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    asked, officer = questions[0], personas.officer.user_id
    answered = give(db, officer, asked, 1, now)
    correct(db, personas.lecturer, asked, 1, now)
    between = give(db, officer, asked, 1, now)
    assert _topic_sums(db, officer) == (2, 2, 20)
    correct(db, personas.lecturer, asked, 3, now)
    assert (marks(db, answered), marks(db, between)) == ((False, False), (True, False))
    assert _topic_sums(db, officer) == (2, 0, 0)
    assert db.scalar(select(func.count()).select_from(Regrade)) == 3


def test_an_answer_to_the_new_revision_counts_as_usual(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    asked, officer = questions[0], personas.officer.user_id
    give(db, officer, asked, 0, now)
    correct(db, personas.lecturer, asked, 2, now)
    later = give(db, officer, asked, 2, now + timedelta(days=1))
    assert marks(db, later) == (True, None)
    assert db.scalars(select(Response.first).where(Response.id == later)).one()
    kept_up = progress.projections(db, officer)
    progress.rebuild(db, officer)
    assert progress.projections(db, officer) == kept_up


def test_a_guess_that_turns_out_right_counts_half(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    asked, officer = questions[0], personas.officer.user_id
    answered = give(db, officer, asked, 2, now, unsure=True)
    correct(db, personas.lecturer, asked, 2, now)
    assert _topic_sums(db, officer) == (1, 1, 5)
    responses.mark_unsure(db, officer, answered, now)
    kept_up = progress.projections(db, officer)
    progress.rebuild(db, officer)
    assert progress.projections(db, officer) == kept_up


def test_a_guess_said_after_the_correction_takes_half_back(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    asked, officer = questions[0], personas.officer.user_id
    answered = give(db, officer, asked, 2, now)
    correct(db, personas.lecturer, asked, 2, now)
    responses.mark_unsure(db, officer, answered, now)
    assert _topic_sums(db, officer) == (1, 1, 5)
    kept_up = progress.projections(db, officer)
    progress.rebuild(db, officer)
    assert progress.projections(db, officer) == kept_up


@pytest.mark.parametrize(
    ("body", "key", "given_response"),
    [
        (NUMERIC, RightNumber(NUMERIC.value * 2, NUMERIC.tolerance), TypedNumber("25", NUMERIC.value * 2)),
        (ORDERING, RightOrder((1, 0, 2, 3)), OrderedAs((1, 0, 2, 3))),
        (MATCHING, RightMatches((1, 0, 2)), MatchedAs((1, 0, 2))),
    ],
    ids=["number", "order", "pairs"],
)
def test_other_kinds_are_corrected_too(
    db: Session, personas: Personas, now: datetime, body: Any, key: Any, given_response: Any
) -> None:
    topic = make_syllabus(db)[0]
    asked = store_question(db, now, topic, question(body))
    answered = give(db, personas.officer.user_id, asked, given_response, now)
    before = db.get_one(QuestionRevision, asked.current_revision_id).html
    correct(db, personas.lecturer, asked, [key], now)
    assert marks(db, answered) == (False, True)
    after = db.get_one(QuestionRevision, asked.current_revision_id)
    if body is ORDERING:
        assert after.html["choices"] == after.data["items"] == ["設計", "企画", "試験", "運用"]
    if body is MATCHING:
        assert before["rights"] == ["送信", "受信", "受信"]
        assert (
            after.html["rights"]
            == [pair["right"] for pair in after.data["pairs"]]
            == ["受信", "送信", "受信"]
        )


def test_an_earlier_revision_with_the_same_wrong_key_is_marked_anew_and_another_question_is_not(
    db: Session, personas: Personas, now: datetime
) -> None:
    topic = make_syllabus(db)[0]
    first = single_choice("ip-61-001", topic.key)
    asked = store_question(
        db, now, topic, replace(first, stem="まったく別の問い。", body=question(NUMERIC).body)
    )
    another = give(db, personas.officer.user_id, asked, TypedNumber("1", NUMERIC.value), now)
    add_revision(db, now, asked, first)
    with_typo = give(db, personas.officer.user_id, asked, 2, now)
    add_revision(db, now, asked, replace(first, stem="誤字を直した問い。"))
    newest = give(db, personas.officer.user_id, asked, 2, now)
    correct(db, personas.lecturer, asked, 2, now)
    assert [marks(db, id_) for id_ in (another, with_typo, newest)] == [
        (True, None),
        (False, True),
        (False, True),
    ]


def test_new_words_are_rendered_and_the_rest_stays(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    asked = questions[0]
    words = NewWords("**新しい**解説", {2: "これが正しい。"})
    correct(db, personas.lecturer, asked, 2, now, words=words)
    html = db.get_one(QuestionRevision, asked.current_revision_id).html
    assert "<strong>新しい</strong>" in html["explanation"]
    assert "これが正しい。" in html["reasons"][2]
    assert html["reasons"][0] == "<p>理由0</p>"


def test_who_may_not_write_content_corrects_nothing(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    with pytest.raises(Forbidden):
        correct(db, personas.supervisor, questions[0], 1, now)
    with pytest.raises(Forbidden):
        strike(db, personas.officer, questions[0], now)


def test_a_correction_needs_a_reason_a_change_and_the_newest_revision(
    db: Session, personas: Personas, questions: list[Question], now: datetime
) -> None:
    asked = questions[0]
    with pytest.raises(Invalid):
        correct(db, personas.lecturer, asked, 1, now, reason=" ")
    with pytest.raises(Invalid):
        correct(db, personas.lecturer, asked, 0, now)
    stale = corrections.Strike(asked.key, asked.current_revision_id or 0, "理由")
    correct(db, personas.lecturer, asked, 1, now)
    with pytest.raises(Conflict):
        corrections.strike(db, personas.lecturer, stale, now)


def test_a_synchronisation_does_not_bring_the_wrong_key_back(
    engine: Engine, personas: Personas, now: datetime, tmp_path: Path
) -> None:
    site = Site(engine, ContentFolder(tmp_path / "content"), tmp_path / "files", now)
    site.sync()
    with transaction(engine) as db:
        asked = db.scalars(select(Question).where(Question.key == "q-crypto-001")).one()
        give(db, personas.officer.user_id, asked, 1, now)
        correct(db, personas.lecturer, asked, 1, now)
        corrected = asked.current_revision_id
    site.folder.replace("question_pool/mini/q-crypto-001.yaml", "考え方を説明する。", "書き直した。")
    site.sync()
    with reading(engine) as db:
        current = select(Question.current_revision_id).where(Question.key == "q-crypto-001")
        assert db.scalar(current) == corrected
