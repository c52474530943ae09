"""Questions written in the site: immutable revisions, keys of their own, and corrections where people answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain import questions as domain
from studyhub.domain.errors import Forbidden, Invalid, NotFound
from studyhub.domain.question_steps import StatusStep
from studyhub.domain.questions import Choice, MultipleChoice, Numeric, QuestionStatus, SingleChoice
from studyhub.persistence.models import Draft, Job, QuestionRevision, QuestionTopic, StoredFile
from studyhub.services import drafts
from studyhub.services.question_checks import Unpublishable, findings_of
from studyhub.services.question_editing import (
    CreateQuestion,
    Figure,
    KeyChanged,
    NewerRevision,
    RestoreRevision,
    ReviseQuestion,
    changes_key,
    create_question,
    figures_for,
    render_question,
    restore_revision,
    revise_question,
)
from studyhub.services.question_review import TakeStep, take_step
from tests.factories.progress import make_answer
from tests.factories.questions import make_question, make_syllabus, topic_of
from tests.factories.written_questions import asked, create, need_review, newest, rendered, row_of, written
from tests.personas import Personas


@pytest.fixture(autouse=True)
def syllabus(db: Session, personas: Personas) -> None:
    make_syllabus(db, leaves=("61", "62"))


def revise(
    db: Session, personas: Personas, key: str, question: domain.Question, now: datetime, base: int = 1
) -> int:
    return revise_question(db, personas.lecturer, ReviseQuestion(key, rendered(question), base), now)


def test_a_new_question_is_a_draft_of_its_author_under_a_key_of_its_own(
    db: Session, personas: Personas, now: datetime
) -> None:
    first, second = create(db, personas.lecturer, now), create(db, personas.lecturer, now)
    assert (first, second) == ("st-61-001", "st-61-002")
    row = row_of(db, first)
    assert (row.status, row.origin, row.author_id) == ("draft", "studio", personas.lecturer.user_id)
    assert asked(db, first).id == first
    assert newest(db, first).html["choices"][0] == "選択肢0"


def test_only_those_who_write_content_write_questions(db: Session, personas: Personas, now: datetime) -> None:
    for stranger in (personas.officer, personas.supervisor):
        with pytest.raises(Forbidden):
            create(db, stranger, now)
    key = create(db, personas.administrator, now)
    with pytest.raises(Forbidden):
        revise_question(db, personas.officer, ReviseQuestion(key, rendered(written("新")), 1), now)


def test_saving_a_change_makes_a_revision_and_saving_nothing_makes_none(
    db: Session, personas: Personas, now: datetime
) -> None:
    key = create(db, personas.lecturer, now)
    assert revise(db, personas, key, written(), now) == 1
    assert revise(db, personas, key, written("言い直した問いはどれか。"), now) == 2
    old, new = db.scalars(select(QuestionRevision).order_by(QuestionRevision.number)).all()
    assert (old.plain, new.plain) == ("問いはどれか。", "言い直した問いはどれか。")
    assert new.created_by == personas.lecturer.user_id


def test_whoever_saves_over_a_newer_revision_is_told(db: Session, personas: Personas, now: datetime) -> None:
    key = create(db, personas.lecturer, now)
    revise(db, personas, key, written("甲"), now)
    with pytest.raises(NewerRevision) as raised:
        revise(db, personas, key, written("乙"), now, base=1)
    assert raised.value.number == 2


def test_a_question_of_the_files_that_is_edited_belongs_to_the_site(
    db: Session, personas: Personas, now: datetime
) -> None:
    make_question(db, now, topic_of(db, "ip-6.5:61"), key="ip-61-001")
    question = replace(asked(db, "ip-61-001"), stem="直した問い")
    revise(db, personas, "ip-61-001", question, now)
    row = row_of(db, "ip-61-001")
    assert (row.origin, row.author_id, row.status) == ("studio", None, "published")


def test_a_topic_that_changes_asks_for_new_progress(db: Session, personas: Personas, now: datetime) -> None:
    key = create(db, personas.lecturer, now)
    revise(db, personas, key, replace(written(), topics=("ip-6.5:62", "ip-6.5:61")), now)
    topics = db.scalars(select(QuestionTopic.topic_id).order_by(QuestionTopic.position)).all()
    assert topics == [topic_of(db, "ip-6.5:62").id, topic_of(db, "ip-6.5:61").id]
    assert row_of(db, key).main_topic_id == topics[0]
    assert "rebuild_progress" in set(db.scalars(select(Job.kind)))


def test_topics_that_there_are_not_are_refused(db: Session, personas: Personas, now: datetime) -> None:
    with pytest.raises(Invalid) as raised:
        create(db, personas.lecturer, now, written(topic="ip-6.5:99"))
    assert raised.value.field == "topics"


def test_another_key_of_an_answered_question_is_a_correction_and_not_an_edit(
    db: Session, personas: Personas, now: datetime
) -> None:
    row = make_question(db, now, topic_of(db, "ip-6.5:61"), key="ip-61-001")
    other_key = replace(asked(db, row.key), body=written(right=2).body)
    make_answer(db, personas.officer.user_id, row, now)
    with pytest.raises(KeyChanged):
        revise(db, personas, row.key, other_key, now)
    reworded = replace(asked(db, row.key), explanation="よりよい解説です。")
    assert revise(db, personas, row.key, reworded, now) == 2


def test_nobody_having_answered_the_key_may_be_edited(db: Session, personas: Personas, now: datetime) -> None:
    key = create(db, personas.lecturer, now)
    assert revise(db, personas, key, written(right=3), now) == 2


def test_what_counts_as_another_key() -> None:
    one = replace(
        written(), body=SingleChoice((Choice("甲", True), Choice("乙", False), Choice("丙", False)))
    )
    swapped = replace(one, body=SingleChoice((Choice("丙", False), Choice("甲", True), Choice("乙", False))))
    other = replace(one, body=SingleChoice((Choice("甲", False), Choice("乙", True), Choice("丙", False))))
    unlike = replace(one, body=SingleChoice((Choice("丁", False), Choice("戊", True))))
    none = replace(one, body=SingleChoice(tuple(Choice(c, False) for c in "甲乙丙")))
    assert not changes_key(one, swapped)
    assert changes_key(one, other)
    assert not changes_key(one, unlike)
    assert changes_key(one, none)
    number = replace(one, body=Numeric(Decimal("12.5"), Decimal(0), "日"))
    assert changes_key(number, replace(one, body=Numeric(Decimal("12.5"), Decimal(1), "日")))
    assert not changes_key(number, replace(one, body=Numeric(Decimal("12.50"), Decimal(0), "日")))
    many = replace(one, body=MultipleChoice((Choice("甲", True), Choice("乙", False))))
    assert changes_key(many, replace(one, body=MultipleChoice((Choice("甲", True), Choice("乙", True)))))


def test_officers_are_never_shown_what_the_checks_call_an_error(
    db: Session, personas: Personas, now: datetime
) -> None:
    key = create(db, personas.lecturer, now)
    take_step(db, personas.lecturer, TakeStep(key, StatusStep.PUBLISH, 1), now)
    with pytest.raises(Unpublishable):
        revise(db, personas, key, replace(written(), explanation=""), now)
    draft = create(db, personas.lecturer, now)
    assert revise(db, personas, draft, replace(written(), explanation=""), now) == 2


def test_a_published_question_that_changes_waits_for_a_second_person_where_one_is_asked_for(
    db: Session, personas: Personas, now: datetime
) -> None:
    key = create(db, personas.lecturer, now)
    take_step(db, personas.lecturer, TakeStep(key, StatusStep.PUBLISH, 1), now)
    need_review(db, now)
    revise(db, personas, key, written("新しい問いはどれか。"), now)
    assert row_of(db, key).status == QuestionStatus.REVIEW


def test_an_earlier_revision_comes_back_as_a_new_one(db: Session, personas: Personas, now: datetime) -> None:
    key = create(db, personas.lecturer, now)
    revise(db, personas, key, written("二つ目はどれか。"), now)
    assert restore_revision(db, personas.lecturer, RestoreRevision(key, 1, 2), now) == 3
    assert asked(db, key).stem == "問いはどれか。"
    assert newest(db, key).html["stem"] == "<p>問いはどれか。</p>"
    with pytest.raises(NotFound):
        restore_revision(db, personas.lecturer, RestoreRevision(key, 9, 3), now)


def test_saving_ends_the_draft(db: Session, personas: Personas, now: datetime) -> None:
    keep = drafts.KeepDraft(drafts.QUESTION, "a-name", {"stem": ["書きかけ"]}, 0, 0)
    drafts.keep_draft(db, personas.lecturer, keep, now)
    create_question(db, personas.lecturer, CreateQuestion(rendered(written()), draft="a-name"), now)
    assert db.scalar(select(func.count()).select_from(Draft)) == 0


def test_figures_of_the_files_are_still_there_after_an_edit(
    db: Session, personas: Personas, now: datetime
) -> None:
    address = "11111111-1111-4111-8111-111111111111"
    db.add(
        StoredFile(
            id=address, sha256="a" * 64, name="net.svg", media_type="image/svg+xml", size=1, created_at=now
        )
    )
    db.flush()
    question = replace(written(), stem="![網の図](figures/net.svg)\nどれか。")
    figures = {"net.svg": Figure(f"/files/{address}", "a" * 64)}
    key = create_question(db, personas.lecturer, CreateQuestion(render_question(question, figures)), now)
    again = render_question(replace(question, explanation="別の解説"), figures_for(db, asked(db, key)))
    assert f"/files/{address}" in again.html["stem"]


def test_findings_stand_beside_their_fields_errors_first(
    db: Session, personas: Personas, now: datetime
) -> None:
    bare = replace(
        written(), explanation="", level=None, as_of=None, expected_facility=None, terms=("ない用語",),
        teaches="no-session#x", stem="![](figures/x.svg)\nどれか。",
    )  # fmt: skip
    found = findings_of(db, bare, ["x.svg"])
    fields = {each.field for each in found if each.is_error}
    assert fields == {"explanation", "level", "as_of", "facility", "teaches", "stem"}
    assert [each.field for each in found if not each.is_error] == ["terms"]
    assert [each.is_error for each in found] == sorted((each.is_error for each in found), reverse=True)


def test_a_question_much_like_another_is_noticed(db: Session, personas: Personas, now: datetime) -> None:
    stem = "職員が庁外に持ち出した端末を紛失した。最初に行うこととして，最も適切なものはどれか。"
    key = create(db, personas.lecturer, now, written(stem))
    found = findings_of(db, written(stem.replace("最初に", "まず")))
    assert [(each.field, each.finding.params["other"]) for each in found] == [("stem", key)]
    assert findings_of(db, replace(written(stem), id=key)) == ()
    assert findings_of(db, written("まったく別のことを尋ねる，短くはない問題文である。")) == ()


def test_a_text_that_cannot_be_rendered_is_told(db: Session, personas: Personas) -> None:
    with pytest.raises(Invalid):
        rendered(written("長" * 100_000))
