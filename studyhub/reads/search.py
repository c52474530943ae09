"""Finds what people may read: where it stands and why it was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, case, cast, exists, or_, select
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.inquiries import InquiryState
from studyhub.domain.search import Kind, Passage, Query, highlight, parse_query, snippet
from studyhub.persistence import search_index
from studyhub.persistence.models import CaseNote, Inquiry, Question, SearchDocument, StudySession, Topic
from studyhub.persistence.study_sessions import visible_to
from studyhub.reads.rows import AnyRow

HITS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hit stands: a study session, or the topic a question belongs to."""

    title: str
    title_en: str
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    kind: Kind
    path: str
    title: tuple[Passage, ...]
    snippet: tuple[Passage, ...]
    place: Place | None
    slide: int | None
    """Number of the slide, from 1."""
    is_whole: bool
    """The study session itself, not one of its sections."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """``query`` is what was typed, as far as it counts; ``words`` what was searched for."""

    query: str
    words: tuple[str, ...]
    kind: Kind | None
    counts: dict[Kind, int]
    """Of every kind, whichever is shown."""
    page: int
    hits: tuple[Hit, ...]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def shown(self) -> int:
        """All pages together."""
        return self.counts[self.kind] if self.kind else self.total

    @property
    def pages(self) -> int:
        return max(1, -(-self.shown // HITS_A_PAGE))


def search_page(db: Session, actor: Actor, typed: str, kind: Kind | None, page: int) -> SearchPage:
    """``page`` counts from 1; one that is not there becomes the last."""
    query = parse_query(typed)
    words = tuple(word.text for word in query.words)
    if not words:
        return SearchPage(typed, (), kind, dict.fromkeys(Kind, 0), 1, ())
    found = _ranked(db, actor, query)
    counts = dict.fromkeys(Kind, 0) | {
        Kind(of): number for of, number in Counter(of for _, of in found).items()
    }
    shown = [id_ for id_, of in found if kind in (None, of)]
    page = max(1, min(page, -(-len(shown) // HITS_A_PAGE)))
    rows = _documents(db, shown[(page - 1) * HITS_A_PAGE : page * HITS_A_PAGE])
    study_sessions = _study_sessions(db, {row.parent for row in rows if row.parent})
    topics = _topics(db, {row.ref for row in rows if row.kind == Kind.QUESTION})
    hits = tuple(_hit(row, query, study_sessions.get(row.parent) or topics.get(row.ref)) for row in rows)
    return SearchPage(typed, words, kind, counts, page, hits)


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    """Asked of the content itself, so that what was withdrawn is gone before the index knows."""
    document = SearchDocument
    return or_(
        document.kind == Kind.TERM,
        exists().where(StudySession.key == document.parent, visible_to(actor)),
        (document.kind == Kind.QUESTION)
        & exists().where(Question.key == document.ref, Question.status == "published"),
        exists().where(Inquiry.id == _number_of(Kind.INQUIRY), Inquiry.state == InquiryState.ANSWERED.value),
        exists().where(CaseNote.id == _number_of(Kind.CASE_NOTE), CaseNote.withdrawn_at.is_(None)),
    )


def _number_of(kind: Kind) -> ColumnElement[int | None]:
    """What a document of the kind is about, found by its primary key; others are named by words."""
    return case((SearchDocument.kind == kind, cast(SearchDocument.ref, Integer)))


def _ranked(db: Session, actor: Actor, query: Query) -> list[tuple[int, str]]:
    """Id and kind of everything found, in one go: asking for counts and for the page each would compare all texts."""
    asked = (
        select(SearchDocument.id, SearchDocument.kind)
        .where(search_index.contains(db, query), _visible_to(actor))
        .order_by(*search_index.best_first(db, query))
    )
    return [(id_, kind) for id_, kind in db.execute(asked)]


def _documents(db: Session, ids: Sequence[int]) -> Sequence[AnyRow]:
    document = SearchDocument
    columns = (document.kind, document.ref, document.parent, document.title, document.body, document.path)
    rows = db.execute(select(document.id, *columns).where(document.id.in_(ids))) if ids else ()
    by_id = {row.id: row for row in rows}
    return [by_id[id_] for id_ in ids]


def _study_sessions(db: Session, keys: Collection[str]) -> dict[str, Place]:
    asked = select(StudySession.key, StudySession.title, StudySession.title_en, StudySession.status)
    rows = db.execute(asked.where(StudySession.key.in_(keys))) if keys else ()
    return {row.key: Place(row.title, row.title_en, row.status == "draft") for row in rows}


def _topics(db: Session, question_keys: Collection[str]) -> dict[str, Place]:
    asked = select(Question.key, Topic.name, Topic.name_en).join(Topic, Topic.id == Question.main_topic_id)
    rows = db.execute(asked.where(Question.key.in_(question_keys))) if question_keys else ()
    return {row.key: Place(row.name, row.name_en) for row in rows}


def _hit(row: AnyRow, query: Query, place: Place | None) -> Hit:
    kind = Kind(row.kind)
    return Hit(
        kind=kind,
        path=row.path,
        title=highlight(row.title, query),
        snippet=snippet(row.body, query),
        place=place,
        slide=int(row.ref.rpartition("/")[2]) if kind is Kind.SLIDE else None,
        is_whole=kind is Kind.STUDY_SESSION and row.ref.endswith("#"),
    )
