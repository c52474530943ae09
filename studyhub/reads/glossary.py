"""The glossary as a list by reading, and the page of a term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.glossary import ROWS, answers_to, hiragana, place_of, row_of
from studyhub.domain.identity import Actor
from studyhub.domain.search import Kind, parse_name
from studyhub.persistence import search_index
from studyhub.persistence.models import SearchDocument, StudySession, Syllabus, Term, Topic
from studyhub.persistence.study_sessions import visible_to
from studyhub.reads.rows import AnyRow

TERMS_A_PAGE = 60
MOST_PLACES = 12
_OFFERED_DEPTH = 1
"""Fields and large categories are offered as a filter; smaller topics are reached from a term."""


@dataclass(frozen=True, slots=True)
class GlossaryFilter:
    """Each is empty when nothing is asked for. ``row`` is one of ``domain.glossary.ROWS``."""

    text: str = ""
    topic: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class Abbreviation:
    short: str
    long: str


@dataclass(frozen=True, slots=True)
class Entry:
    term: str
    term_en: str
    reading: str
    definition: str
    abbreviations: tuple[Abbreviation, ...]


@dataclass(frozen=True, slots=True)
class TopicChoice:
    key: str
    name: str
    name_en: str
    depth: int


@dataclass(frozen=True, slots=True)
class GlossaryPage:
    """``rows`` counts the terms of each row under the other filters; ``groups`` are those of this page, by row."""

    filter: GlossaryFilter
    total: int
    shown: int
    rows: Mapping[str, int]
    groups: Mapping[str, Sequence[Entry]]
    topics: tuple[tuple[str, str, tuple[TopicChoice, ...]], ...]
    """Title, English title and topics of each syllabus that has terms."""
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class UsedAt:
    """A study session that speaks of the term, and the sections or slides where it does."""

    title: str
    title_en: str
    path: str
    places: tuple[tuple[str, str], ...]
    """Heading and address."""


@dataclass(frozen=True, slots=True)
class TermPage:
    entry: Entry
    html: str
    topics: tuple[TopicChoice, ...]
    used_at: tuple[UsedAt, ...]


def glossary_page(db: Session, asked: GlossaryFilter, page: int) -> GlossaryPage:
    """Without any filter the first row is shown. ``page`` counts from 1."""
    terms = _terms(db)
    topics = _topics(db)
    found = [term for term in terms if _answers(term, asked, topics)]
    found.sort(key=lambda term: place_of(term.term, term.reading))
    rows = Counter(row_of(term.term, term.reading) for term in found)
    if not (asked.text or asked.topic or asked.row):
        asked = GlossaryFilter(row=next((row for row in ROWS if rows[row]), ""))
    shown = [term for term in found if asked.row in ("", row_of(term.term, term.reading))]
    pages = max(1, -(-len(shown) // TERMS_A_PAGE))
    page = max(1, min(page, pages))
    groups: dict[str, list[Entry]] = {}
    for term in shown[(page - 1) * TERMS_A_PAGE : page * TERMS_A_PAGE]:
        groups.setdefault(row_of(term.term, term.reading), []).append(_entry(term))
    return GlossaryPage(
        filter=asked,
        total=len(terms),
        shown=len(shown),
        rows={row: rows[row] for row in ROWS},
        groups=groups,
        topics=_offered(db, terms, topics, asked.topic),
        page=page,
        pages=pages,
    )


def term_page(db: Session, actor: Actor, name: str) -> TermPage:
    """Raises NotFound."""
    term = _term(db, name)
    topics = db.scalars(select(Topic).where(Topic.key.in_(term.topics)).order_by(Topic.id)).all()
    return TermPage(
        entry=_entry(term),
        html=term.html,
        topics=tuple(TopicChoice(topic.key, topic.name, topic.name_en, topic.depth) for topic in topics),
        used_at=_used_at(db, actor, term),
    )


def term_note(db: Session, name: str) -> TermPage:
    """The term alone, for a note beside a text that uses it. Raises NotFound."""
    term = _term(db, name)
    return TermPage(_entry(term), term.html, (), ())


def _term(db: Session, name: str) -> Term:
    # PostgreSQL does not even compare a text that holds a NUL.
    term = None if "\0" in name else db.scalars(select(Term).where(Term.term == name)).first()
    if term is None:
        raise NotFound("「%(term)s」は用語集にありません。", term=name[:120])
    return term


def _terms(db: Session) -> list[AnyRow]:
    columns = (Term.term, Term.term_en, Term.reading, Term.definition, Term.abbreviations, Term.topics)
    return sorted(db.execute(select(*columns)), key=lambda term: (hiragana(term.reading), term.term))


def _entry(term: Term | AnyRow) -> Entry:
    spelt = tuple(Abbreviation(found["short"], found["long"]) for found in term.abbreviations)
    return Entry(term.term, term.term_en, term.reading, term.definition, spelt)


def _answers(term: AnyRow, asked: GlossaryFilter, topics: Mapping[str, AnyRow]) -> bool:
    if asked.topic and not any(asked.topic in _line(key, topics) for key in term.topics):
        return False
    if not asked.text:
        return True
    spelt = [text for found in term.abbreviations for text in found.values()]
    return answers_to(asked.text, [term.term, term.reading, term.term_en, *spelt])


def _topics(db: Session) -> dict[str, AnyRow]:
    """By key, in the order of their trees, each with its parent's key."""
    topic, parent = Topic, Topic.__table__.alias("parent")
    rows = db.execute(
        select(
            topic.key, topic.name, topic.name_en, topic.depth, topic.syllabus_id, parent.c.key.label("parent")
        )
        .outerjoin(parent, parent.c.id == topic.parent_id)
        .order_by(topic.syllabus_id, topic.position)
    )
    return {row.key: row for row in rows}


def _line(key: str, topics: Mapping[str, AnyRow]) -> list[str]:
    """The topic and those above it."""
    line: list[str] = []
    while key in topics:
        line.append(key)
        key = topics[key].parent
    return line


def _offered(
    db: Session, terms: Sequence[AnyRow], topics: Mapping[str, AnyRow], chosen: str
) -> tuple[tuple[str, str, tuple[TopicChoice, ...]], ...]:
    used = {above for term in terms for key in term.topics for above in _line(key, topics)}
    offered: dict[str, list[TopicChoice]] = {}
    for key, topic in topics.items():
        if key == chosen or (key in used and topic.depth <= _OFFERED_DEPTH):
            choice = TopicChoice(key, topic.name, topic.name_en, topic.depth)
            offered.setdefault(topic.syllabus_id, []).append(choice)
    syllabi = db.execute(select(Syllabus.id, Syllabus.title, Syllabus.title_en).order_by(Syllabus.position))
    return tuple((row.title, row.title_en, tuple(offered[row.id])) for row in syllabi if row.id in offered)


def _used_at(db: Session, actor: Actor, term: Term) -> tuple[UsedAt, ...]:
    """First the study sessions that explain it, then where else it is written."""
    places = _places(db, actor, term.term)
    asked = select(StudySession.key, StudySession.title, StudySession.title_en)
    keys = [*term.see, *(row.parent for row in places)]
    rows = {
        row.key: row for row in db.execute(asked.where(StudySession.key.in_(set(keys)), visible_to(actor)))
    }
    return tuple(
        UsedAt(rows[key].title, rows[key].title_en, f"/study-sessions/{key}", _places_in(key, places))
        for key in dict.fromkeys(keys)
        if key in rows
    )


def _places(db: Session, actor: Actor, name: str) -> Sequence[AnyRow]:
    query = parse_name(name)
    if not query.words:
        return ()
    document = SearchDocument
    return db.execute(
        select(document.parent, document.ref, document.title, document.path)
        .where(
            search_index.contains(db, query),
            document.kind.in_((Kind.STUDY_SESSION.value, Kind.SLIDE.value)),
            exists().where(StudySession.key == document.parent, visible_to(actor)),
        )
        .order_by(document.kind.desc(), document.id)
        .limit(MOST_PLACES)
    ).all()


def _places_in(key: str, places: Collection[AnyRow]) -> tuple[tuple[str, str], ...]:
    """Without the study session as a whole, which the list names already."""
    return tuple((row.title, row.path) for row in places if row.parent == key and not row.ref.endswith("#"))
