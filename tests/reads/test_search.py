"""Who finds what, where it stands and why."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from studyhub.domain.search import Kind
from studyhub.reads.search import HITS_A_PAGE, SearchPage, search_page
from studyhub.services.search import plan_reindex, store_batch
from tests.factories.questions import make_question, make_syllabus
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas
from tests.services.test_search import add_slide, define


def reindexed(db: Session) -> None:
    for batch in plan_reindex(db):
        store_batch(db, batch)


@pytest.fixture
def site(db: Session, now: datetime) -> Session:
    """One of each kind that speaks of 本文."""
    study_session = make_study_session(db, now, make_course(db), key="hearing", title="聞き取り")
    add_slide(db, now, study_session, "表紙\n本文のスライド")
    question = make_question(db, now, make_syllabus(db)[0], key="q-1")
    assert question.current_revision is not None
    question.current_revision.plain = "本文に関する問題"
    define(db, "本文")
    db.flush()
    reindexed(db)
    return db


def _shown(page: SearchPage) -> list[tuple[str, str]]:
    return [(hit.kind.value, hit.path) for hit in page.hits]


def test_hits_say_where_they_are(site: Session, personas: Personas) -> None:
    page = search_page(site, personas.officer, "本文", None, 1)
    assert _shown(page) == [
        ("term", "/glossary/%E6%9C%AC%E6%96%87"),
        ("study_session", "/study-sessions/hearing#first"),
        ("study_session", "/study-sessions/hearing#second"),
        ("slide", "/study-sessions/hearing/slides/1"),
        ("question", "/practice?topic=ip-6.5%3A61"),
    ]
    places = [hit.place.title if hit.place else None for hit in page.hits]
    assert places == [None, "聞き取り", "聞き取り", "聞き取り", "項目 61"]
    assert [hit.slide for hit in page.hits] == [None, None, None, 1, None]


def test_hits_say_why_they_were_found(site: Session, personas: Personas) -> None:
    page = search_page(site, personas.officer, "本文", Kind.SLIDE, 1)
    (hit,) = page.hits
    assert [passage.text for passage in hit.snippet if passage.hit] == ["本文"]
    assert [passage.text for passage in hit.title] == ["表紙"]


def test_kinds_are_counted_whichever_is_shown(site: Session, personas: Personas) -> None:
    page = search_page(site, personas.officer, "本文", Kind.TERM, 1)
    found = {kind: count for kind, count in page.counts.items() if count}
    assert found == {Kind.TERM: 1, Kind.STUDY_SESSION: 2, Kind.SLIDE: 1, Kind.QUESTION: 1}
    assert (page.total, page.shown, len(page.hits)) == (5, 1, 1)


def test_twenty_hits_make_a_page(db: Session, personas: Personas) -> None:
    for number in range(45):
        define(db, f"語{number:02}", "暗号の一つ")
    reindexed(db)
    pages = [search_page(db, personas.officer, "暗号", None, number) for number in (1, 2, 3)]
    assert [len(page.hits) for page in pages] == [HITS_A_PAGE, HITS_A_PAGE, 5]
    assert len({hit.path for page in pages for hit in page.hits}) == 45
    assert search_page(db, personas.officer, "暗号", None, 99).page == 3
    assert search_page(db, personas.officer, "暗号", None, -1).page == 1


def test_drafts_are_found_by_those_who_may_see_them_and_by_nobody_else(
    db: Session, now: datetime, personas: Personas
) -> None:
    study_session = make_study_session(db, now, make_course(db), status="draft")
    add_slide(db, now, study_session, "本文のスライド")
    reindexed(db)
    for outsider in (personas.officer, personas.supervisor):
        page = search_page(db, outsider, "本文", None, 1)
        assert (page.total, page.hits) == (0, ())
    page = search_page(db, personas.lecturer, "本文", None, 1)
    assert page.total == 3
    assert all(hit.place and hit.place.is_draft for hit in page.hits)


def test_what_is_withdrawn_is_gone_before_the_index_knows(
    db: Session, now: datetime, personas: Personas
) -> None:
    study_session = make_study_session(db, now, make_course(db))
    question = make_question(db, now, make_syllabus(db)[0])
    reindexed(db)
    assert search_page(db, personas.officer, "本文", None, 1).total == 2
    assert search_page(db, personas.officer, "適切", None, 1).total == 1
    study_session.status, question.status = "retired", "review"
    db.flush()
    assert search_page(db, personas.officer, "本文", None, 1).total == 0
    assert search_page(db, personas.officer, "適切", None, 1).total == 0


@pytest.mark.parametrize(
    "asked",
    [
        '"', "'", "' OR '1'='1", '" OR tokens:*', "tokens:本文", "NEAR(本文 意味)", "本文 AND", "AND OR NOT", "*", "%", "_", "%%本文%%",
        "\\", "本文\\", "a & b | !c", "'a':*", "<->", "(本文", "^本文", "-本文", "--", ";DROP TABLE terms", "\x00本文", "\ud800", "本文" * 5000,
        "🗝️", "ﾟ", "\u3099", "ー", "\ufdfa", "a" * 10_000,
    ],
)  # fmt: skip
def test_no_query_does_harm(site: Session, personas: Personas, asked: str) -> None:
    page = search_page(site, personas.officer, asked, None, 1)
    assert page.total <= 5
    assert search_page(site, personas.officer, "本文", None, 1).total == 5


def test_an_empty_query_finds_nothing(site: Session, personas: Personas) -> None:
    page = search_page(site, personas.officer, " ", None, 1)
    assert (page.words, page.total, page.pages) == ((), 0, 1)
