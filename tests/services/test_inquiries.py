from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound, TooManyRequests
from studyhub.domain.inquiries import MOST_A_DAY, About, AskInquiry
from studyhub.domain.search import Kind
from studyhub.persistence.models import Notice, StudySession
from studyhub.reads.inquiries import Shown, inquiries_page, inquiry_page, subject_of
from studyhub.reads.search import search_page
from studyhub.services import inquiries
from studyhub.services.search import plan_reindex, store_batch
from tests.factories.questions import make_question, make_syllabus
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas

ASKED = AskInquiry("暗号の種類", "共通鍵と公開鍵はどう使い分けますか。", About())


@pytest.fixture
def inquiry_id(db: Session, personas: Personas, now: datetime) -> int:
    return inquiries.ask(db, personas.officer, ASKED, now)


def told(db: Session) -> list[tuple[int, str]]:
    return [(notice.user_id, notice.kind) for notice in db.scalars(select(Notice).order_by(Notice.id))]


def test_the_lecturers_are_told_of_a_question_and_the_asker_of_its_answer(
    db: Session, personas: Personas, now: datetime, inquiry_id: int
) -> None:
    assert told(db) == [(personas.lecturer.user_id, "inquiry")]
    inquiries.answer(
        db, personas.lecturer, inquiry_id, "こう使い分けます。", "<p>こう使い分けます。</p>", now
    )
    assert told(db)[1:] == [(personas.officer.user_id, "answer")]


@pytest.mark.parametrize(
    "asked",
    [AskInquiry(" ", "本文", About()), AskInquiry("題", "", About()), AskInquiry("題" * 121, "文", About())],
)
def test_a_question_without_words_or_with_too_many_is_refused(
    db: Session, personas: Personas, now: datetime, asked: AskInquiry
) -> None:
    with pytest.raises(Invalid):
        inquiries.ask(db, personas.officer, asked, now)


def test_an_open_question_is_known_to_the_asker_and_those_who_may_answer(
    db: Session, personas: Personas, inquiry_id: int
) -> None:
    for who in (personas.officer, personas.lecturer, personas.administrator):
        assert inquiry_page(db, who, inquiry_id).row.title == "暗号の種類"
    for who in (personas.colleague_elsewhere, personas.supervisor):
        with pytest.raises(NotFound):
            inquiry_page(db, who, inquiry_id)
        assert inquiries_page(db, who, Shown.WAITING, "", 1).rows == ()


def test_an_answered_question_is_known_to_everybody(
    db: Session, personas: Personas, now: datetime, inquiry_id: int
) -> None:
    inquiries.answer(db, personas.lecturer, inquiry_id, "回答", "<p>回答</p>", now)
    (row,) = inquiries_page(db, personas.colleague_elsewhere, Shown.ANSWERED, "", 1).rows
    assert (row.id, row.asker, row.answers) == (inquiry_id, "佐藤 花子", 1)


def test_who_asks_without_a_name_is_named_to_those_who_answer_only(
    db: Session, personas: Personas, now: datetime
) -> None:
    asked = AskInquiry("題", "文", About(), nameless=True)
    inquiry_id = inquiries.ask(db, personas.officer, asked, now)
    inquiries.answer(db, personas.lecturer, inquiry_id, "回答", "<p>回答</p>", now)
    assert inquiry_page(db, personas.lecturer, inquiry_id).row.asker == "佐藤 花子"
    assert inquiry_page(db, personas.colleague_elsewhere, inquiry_id).row.asker == ""


def test_officers_do_not_answer(db: Session, personas: Personas, now: datetime, inquiry_id: int) -> None:
    with pytest.raises(Forbidden):
        inquiries.answer(db, personas.officer, inquiry_id, "回答", "", now)


def test_an_answer_is_changed_by_whoever_gave_it(
    db: Session, personas: Personas, now: datetime, inquiry_id: int
) -> None:
    answer_id = inquiries.answer(db, personas.lecturer, inquiry_id, "回答", "<p>回答</p>", now)
    with pytest.raises(Forbidden):
        inquiries.change_answer(db, personas.administrator, inquiry_id, answer_id, "別", "<p>別</p>", now)
    inquiries.change_answer(db, personas.lecturer, inquiry_id, answer_id, "新", "<p>新</p>", now)
    assert inquiry_page(db, personas.officer, inquiry_id).answers[0].html == "<p>新</p>"


def test_a_question_is_withdrawn_by_the_asker_until_it_is_answered(
    db: Session, personas: Personas, now: datetime, inquiry_id: int
) -> None:
    with pytest.raises(Forbidden):
        inquiries.withdraw(db, personas.lecturer, inquiry_id, now)
    other_id = inquiries.ask(db, personas.officer, ASKED, now)
    inquiries.withdraw(db, personas.officer, other_id, now)
    with pytest.raises(NotFound):
        inquiry_page(db, personas.officer, other_id)
    inquiries.answer(db, personas.lecturer, inquiry_id, "回答", "<p>回答</p>", now)
    with pytest.raises(Conflict):
        inquiries.withdraw(db, personas.officer, inquiry_id, now)


def test_nobody_asks_without_end(db: Session, personas: Personas, now: datetime) -> None:
    for _number in range(MOST_A_DAY):
        inquiries.ask(db, personas.officer, ASKED, now)
    with pytest.raises(TooManyRequests):
        inquiries.ask(db, personas.officer, ASKED, now + timedelta(hours=23))
    inquiries.ask(db, personas.officer, ASKED, now + timedelta(hours=25))


def test_a_question_may_be_about_a_slide_and_a_question_of_the_pool(
    db: Session, personas: Personas, now: datetime
) -> None:
    study_session = make_study_session(db, now, make_course(db), key="hearing", title="聞き取り")
    question = make_question(db, now, make_syllabus(db)[0], key="q-1")
    about = About("hearing", 3, question.id)
    inquiry_id = inquiries.ask(db, personas.officer, AskInquiry("題", "文", about), now)
    inquiries.answer(db, personas.lecturer, inquiry_id, "回答", "<p>回答</p>", now)
    subject = inquiry_page(db, personas.colleague_elsewhere, inquiry_id).row.subject
    assert (subject.study_session, subject.title, subject.slide) == ("hearing", "聞き取り", 3)
    assert subject.question
    study_session.status = "draft"
    db.flush()
    hidden = inquiry_page(db, personas.colleague_elsewhere, inquiry_id).row.subject
    assert (hidden.study_session, hidden.title, hidden.slide) == ("", "", None)
    assert inquiry_page(db, personas.lecturer, inquiry_id).row.subject.title == "聞き取り"


def test_nobody_asks_about_a_study_session_they_may_not_know_of(
    db: Session, personas: Personas, now: datetime
) -> None:
    hidden = make_study_session(db, now, make_course(db), key="hidden", title="準備中")
    db.get_one(StudySession, hidden.id).status = "draft"
    db.flush()
    with pytest.raises(NotFound):
        subject_of(db, personas.officer, About("hidden"))
    with pytest.raises(NotFound):
        inquiries.ask(db, personas.officer, AskInquiry("題", "文", About("hidden")), now)


@pytest.mark.parametrize("status", ["draft", "review"])
def test_the_wording_of_a_question_that_is_still_being_written_reaches_no_officer(
    db: Session, personas: Personas, now: datetime, status: str
) -> None:
    question = make_question(db, now, make_syllabus(db)[0], key="q-1")
    asked = AskInquiry("題", "文", About(question_id=question.id))
    inquiry_id = inquiries.ask(db, personas.officer, asked, now)
    question.status = status
    db.flush()
    with pytest.raises(NotFound):
        subject_of(db, personas.officer, asked.about)
    with pytest.raises(NotFound):
        inquiries.ask(db, personas.officer, asked, now)
    assert inquiry_page(db, personas.officer, inquiry_id).row.subject.question == ""
    assert inquiry_page(db, personas.lecturer, inquiry_id).row.subject.question


def test_an_answered_question_is_found_by_search_and_an_open_one_is_not(
    db: Session, personas: Personas, now: datetime, inquiry_id: int
) -> None:
    def reindex() -> None:
        for batch in plan_reindex(db):
            store_batch(db, batch)

    reindex()
    assert search_page(db, personas.lecturer, "公開鍵", None, 1).hits == ()
    inquiries.answer(
        db, personas.lecturer, inquiry_id, "鍵配送で選びます。", "<p>鍵配送で選びます。</p>", now
    )
    reindex()
    for word in ("公開鍵", "鍵配送"):
        (hit,) = search_page(db, personas.colleague_elsewhere, word, None, 1).hits
        assert (hit.kind, hit.path) == (Kind.INQUIRY, f"/ask/{inquiry_id}")
