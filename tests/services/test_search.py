"""What the index holds, and that it follows the content."""

from __future__ import annotations

from datetime import datetime
from threading import Event

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from studyhub.config import Config
from studyhub.domain.search import parse_query
from studyhub.jobs.runner import Worker
from studyhub.persistence import search_index
from studyhub.persistence.models import (
    Material,
    QuestionRevision,
    SearchDocument,
    SlidePage,
    StoredFile,
    StudySession,
    StudySessionRevision,
    Term,
)
from studyhub.persistence.session import transaction
from studyhub.services import jobs, search
from studyhub.services.search_documents import question_documents
from tests.factories.questions import make_question, make_syllabus
from tests.factories.study_sessions import make_course, make_study_session


def reindex(db: Session, *, full: bool = False) -> tuple[list[str], int]:
    """The documents that were written, and how many were removed."""
    batches = search.plan_reindex(db, full=full)
    for batch in batches:
        search.store_batch(db, batch)
    written = [document.ref for batch in batches for document in batch.written]
    return written, sum(len(batch.removed) for batch in batches)


def found(db: Session, asked: str) -> list[str]:
    query = parse_query(asked)
    refs = select(SearchDocument.ref).where(search_index.contains(db, query))
    return list(db.scalars(refs.order_by(*search_index.best_first(db, query))))


def define(db: Session, name: str, definition: str = "意味です。") -> Term:
    term = Term(term=name, reading="よみ", definition=definition, content_hash="")
    term.abbreviations, term.topics, term.see = [{"short": "PK", "long": "public key"}], [], []
    db.add(term)
    db.flush()
    return term


def add_slide(db: Session, now: datetime, study_session: StudySession, said: str) -> None:
    db.add(StoredFile(id="f" * 36, sha256="", name="p", media_type="image/webp", size=1, created_at=now))
    db.flush()
    material = Material(study_session_id=study_session.id, file_id="f" * 36, path="s.pdf", role="slides")
    db.add(material)
    db.flush()
    page = SlidePage(material_id=material.id, number=1, text=said, image_id="f" * 36, width=1, height=1)
    db.add(page)
    db.flush()


@pytest.fixture
def study_session(db: Session, now: datetime) -> StudySession:
    return make_study_session(db, now, make_course(db), key="hearing")


def test_each_section_of_the_notes_is_a_document(db: Session, study_session: StudySession) -> None:
    reindex(db)
    rows = {row.ref: row for row in db.scalars(select(SearchDocument))}
    assert sorted(rows) == ["hearing#", "hearing#first", "hearing#second"]
    assert (rows["hearing#second"].title, rows["hearing#second"].body) == ("まとめ", "本文です。")
    assert rows["hearing#second"].path == "/study-sessions/hearing#second"
    assert "相手の困りごとを聞ける" in rows["hearing#"].body


def test_slides_are_found_by_their_text_even_across_a_broken_line(
    db: Session, now: datetime, study_session: StudySession
) -> None:
    add_slide(db, now, study_session, "情報セキュ\nリティの基本")
    reindex(db)
    assert found(db, "セキュリティ") == ["hearing/1"]


def test_a_word_of_two_characters_and_a_single_character_are_found(db: Session) -> None:
    define(db, "公開鍵", "暗号と認証に使う。")
    reindex(db)
    for asked in ("暗号", "認証", "鍵", "公", "ＰＫ", "public"):
        assert found(db, asked) == ["公開鍵"], asked
    assert found(db, "暗証") == []


def test_pairs_that_do_not_stand_together_are_no_hit(db: Session) -> None:
    define(db, "甲", "東京と京都")
    define(db, "乙", "東京都")
    reindex(db)
    assert found(db, "東京都") == ["乙"]


def test_the_title_counts_more_than_the_text(db: Session) -> None:
    define(db, "甲", "暗号のこと")
    define(db, "復号と暗号")
    define(db, "暗号化")
    define(db, "暗号")
    reindex(db)
    assert found(db, "暗号") == ["暗号", "暗号化", "復号と暗号", "甲"]


def test_neither_key_nor_explanation_of_a_question_is_indexed(db: Session, now: datetime) -> None:
    make_question(db, now, make_syllabus(db)[0], key="q-1")
    reindex(db)
    assert found(db, "適切 選択肢3") == ["q-1"]
    assert found(db, "解説") == []
    assert found(db, "理由0") == []


@pytest.mark.parametrize("name", ["choices", "rights"])
def test_the_order_of_choices_tells_nothing(db: Session, now: datetime, name: str) -> None:
    """The authored order of the items is the answer of an ordering and of a matching question."""
    question = make_question(db, now, make_syllabus(db)[0])
    revision = db.get_one(QuestionRevision, question.current_revision_id)
    revision.html = {"stem": "", "choices": [], name: ["<p>三</p>", "<p>一</p>", "<p>二</p>"]}
    db.flush()
    assert [document.body for document in question_documents(db)] == ["一\n三\n二"]


def test_parts_of_a_scenario_are_indexed(db: Session, now: datetime) -> None:
    question = make_question(db, now, make_syllabus(db)[0])
    revision = db.get_one(QuestionRevision, question.current_revision_id)
    part = {"stem": "<p>小問です</p>", "choices": ["<p>乙案</p>"], "explanation": "秘密", "reasons": ["秘密"]}
    revision.html = {"stem": "", "text": "", "parts": [part]}
    db.flush()
    assert [document.body for document in question_documents(db)] == ["小問です\n乙案"]


@pytest.mark.parametrize("status", ["draft", "review", "retired"])
def test_only_published_questions_are_indexed(db: Session, now: datetime, status: str) -> None:
    make_question(db, now, make_syllabus(db)[0], status=status)
    assert reindex(db) == ([], 0)


def test_only_what_changed_is_written(db: Session, study_session: StudySession) -> None:
    term = define(db, "公開鍵")
    assert len(reindex(db)[0]) == 4
    assert reindex(db) == ([], 0)
    term.definition = "誰に見せてもよい鍵。"
    db.flush()
    assert reindex(db) == (["公開鍵"], 0)
    assert found(db, "誰") == ["公開鍵"]
    assert found(db, "意味") == []


def test_documents_of_a_changed_study_session_are_replaced_together(
    db: Session, study_session: StudySession
) -> None:
    reindex(db)
    revision = db.get_one(StudySessionRevision, study_session.current_revision_id)
    revision.segments = [
        ["html", '<h2 id="first">はじめに</h2><p>本文です。</p><h2 id="new">鍵</h2><p>暗号</p>']
    ]
    revision.toc = [
        {"anchor": "first", "text": "はじめに", "level": 2},
        {"anchor": "new", "text": "鍵", "level": 2},
    ]
    db.flush()
    (batch,) = search.plan_reindex(db)
    assert ([document.ref for document in batch.written], len(batch.removed)) == (["hearing#new"], 1)
    search.store_batch(db, batch)
    assert found(db, "まとめ") == []
    assert found(db, "暗号") == ["hearing#new"]


def test_what_is_gone_is_found_no_more(db: Session, study_session: StudySession) -> None:
    reindex(db)
    study_session.status = "retired"
    db.flush()
    assert reindex(db) == ([], 3)
    assert found(db, "本文") == []
    table = "search_index" if db.get_bind().dialect.name == "sqlite" else "search_vectors"
    assert db.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_a_full_run_writes_everything_anew(db: Session, study_session: StudySession) -> None:
    reindex(db)
    search_index.remove(db, list(db.scalars(select(SearchDocument.id))))
    assert found(db, "本文") == []
    assert len(reindex(db, full=True)[0]) == 3
    assert len(found(db, "本文")) == 2


def test_batches_are_short_transactions(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "BATCH", 2)
    for number in range(5):
        define(db, f"語{number}")
    assert [len(batch) for batch in search.plan_reindex(db)] == [2, 2, 1]


def test_the_worker_brings_the_index_in_step(engine: Engine, config: Config, now: datetime) -> None:
    with transaction(engine) as db:
        define(db, "公開鍵")
        jobs.enqueue(db, "reindex_search", {}, now, unique_key="reindex_search")
    assert Worker(engine, config, clock=lambda: now).run_all(Event()) == 1
    with transaction(engine) as db:
        assert found(db, "公開鍵") == ["公開鍵"]
