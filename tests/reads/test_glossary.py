"""The list by reading, and where a term is used."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.persistence.models import Term
from studyhub.reads.glossary import (
    TERMS_A_PAGE,
    GlossaryFilter,
    GlossaryPage,
    glossary_page,
    term_note,
    term_page,
)
from tests.factories.questions import make_syllabus
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas
from tests.reads.test_search import reindexed


def define(db: Session, name: str, reading: str, *, topic: str = "", see: str = "", spelt: str = "") -> None:
    term = Term(
        term=name, reading=reading, definition="意味です。", html="<p>意味です。</p>", content_hash=""
    )
    term.abbreviations = [{"short": name, "long": spelt}] if spelt else []
    term.topics, term.see = [topic] if topic else [], [see] if see else []
    db.add(term)
    db.flush()


@pytest.fixture
def glossary(db: Session) -> Session:
    make_syllabus(db, leaves=("1", "61"))
    define(db, "暗号", "あんごう", topic="ip-6.5:61")
    define(db, "ISMS", "あいえすえむえす", topic="ip-6.5:61", spelt="Information Security Management System")
    define(db, "ガバナンス", "がばなんす", topic="ip-6.5:1")
    define(db, "TCP/IP", "てぃーしーぴーあいぴー")
    return db


def _terms(page: GlossaryPage) -> list[str]:
    return [entry.term for entries in page.groups.values() for entry in entries]


def test_the_first_row_is_shown_and_the_others_are_counted(glossary: Session) -> None:
    page = glossary_page(glossary, GlossaryFilter(), 1)
    assert _terms(page) == ["暗号"]
    assert {row: count for row, count in page.rows.items() if count} == {"あ": 1, "か": 1, "A-Z": 2}
    assert (page.filter.row, page.total) == ("あ", 4)


def test_what_is_written_in_latin_letters_stands_in_their_order(glossary: Session) -> None:
    define(glossary, "eKYC", "いーけーわいしー")
    assert _terms(glossary_page(glossary, GlossaryFilter(row="A-Z"), 1)) == ["eKYC", "ISMS", "TCP/IP"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("暗号", ["暗号"]),
        ("あんご", ["暗号"]),
        ("アンゴ", ["暗号"]),
        ("ｉｓｍｓ", ["ISMS"]),
        ("security", ["ISMS"]),
        ("tcp", ["TCP/IP"]),
        ("%", []),
        ("ん", ["暗号", "ガバナンス"]),
    ],
)
def test_terms_answer_to_their_name_reading_and_abbreviation(
    glossary: Session, text: str, terms: list[str]
) -> None:
    assert _terms(glossary_page(glossary, GlossaryFilter(text=text), 1)) == terms


def test_a_topic_shows_the_terms_of_all_that_is_below_it(glossary: Session) -> None:
    assert _terms(glossary_page(glossary, GlossaryFilter(topic="ip-6.5:1"), 1)) == ["ガバナンス"]
    assert len(_terms(glossary_page(glossary, GlossaryFilter(topic="ip-6.5:strategy"), 1))) == 3
    assert _terms(glossary_page(glossary, GlossaryFilter(topic="nowhere"), 1)) == []


def test_only_topics_with_terms_are_offered(glossary: Session) -> None:
    ((title, _, topics),) = glossary_page(glossary, GlossaryFilter(), 1).topics
    assert (title, [topic.key for topic in topics]) == (
        "ip-6.5",
        ["ip-6.5:strategy", "ip-6.5:1", "ip-6.5:61"],
    )


def test_a_long_row_has_pages(db: Session) -> None:
    for number in range(TERMS_A_PAGE + 1):
        define(db, f"語{number:03}", f"ご{number:03}")
    assert len(_terms(glossary_page(db, GlossaryFilter(), 1))) == TERMS_A_PAGE
    assert len(_terms(glossary_page(db, GlossaryFilter(), 2))) == 1
    assert glossary_page(db, GlossaryFilter(), 9).page == 2


def test_an_empty_glossary_is_an_empty_page(db: Session) -> None:
    page = glossary_page(db, GlossaryFilter(), 1)
    assert (page.total, dict(page.groups), page.pages) == (0, {}, 1)


def test_a_term_names_its_topics_and_the_study_sessions_that_use_it(
    glossary: Session, now: datetime, personas: Personas
) -> None:
    course = make_course(glossary)
    make_study_session(glossary, now, course, key="explains", title="詳しい回")
    make_study_session(glossary, now, course, key="uses", title="使う回")
    make_study_session(glossary, now, course, key="planned", status="draft")
    define(glossary, "本文", "ほんぶん", topic="ip-6.5:61", see="explains", spelt="body")
    reindexed(glossary)
    page = term_page(glossary, personas.officer, "本文")
    assert [topic.key for topic in page.topics] == ["ip-6.5:61"]
    assert [used.title for used in page.used_at] == ["詳しい回", "使う回"]
    assert page.used_at[1].places == (
        ("はじめに", "/study-sessions/uses#first"),
        ("まとめ", "/study-sessions/uses#second"),
    )
    assert [(found.short, found.long) for found in page.entry.abbreviations] == [("本文", "body")]
    assert len(term_page(glossary, personas.lecturer, "本文").used_at) == 3


def test_a_term_that_is_not_there_is_not_found(glossary: Session, personas: Personas) -> None:
    with pytest.raises(NotFound):
        term_page(glossary, personas.officer, "ない語")
    with pytest.raises(NotFound):
        term_note(glossary, "ない語")
    assert term_note(glossary, "TCP/IP").html == "<p>意味です。</p>"
