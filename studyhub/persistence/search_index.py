"""The inverted index, as each engine has it: FTS5 in SQLite, a tsvector with GIN in PostgreSQL.

Both hold the tokens that ``domain.search`` makes, without their places: whether a text really contains a word of
several tokens is told by its normalised text. So both engines find the same, in the same order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, TextClause, and_, bindparam, case, func, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from studyhub.domain.search import Kind, Query, Token, tokens_of
from studyhub.persistence.models import SearchDocument

_WRITE = {
    "sqlite": "INSERT INTO search_index (rowid, tokens) VALUES (:id, :tokens)",
    "postgresql": (
        "INSERT INTO search_vectors (document_id, tokens)"
        " VALUES (:id, array_to_tsvector(string_to_array(:tokens, ' ')))"
    ),
}
_REMOVE = {
    "sqlite": "DELETE FROM search_index WHERE rowid IN :ids",
    "postgresql": "DELETE FROM search_vectors WHERE document_id IN :ids",
}
_FIND = {
    "sqlite": "search_documents.id IN (SELECT rowid FROM search_index WHERE search_index MATCH :tokens)",
    "postgresql": (
        "search_documents.id IN"
        " (SELECT document_id FROM search_vectors WHERE search_vectors.tokens @@ CAST(:tokens AS tsquery))"
    ),
}


def write(db: Session, normal_texts: Mapping[int, str]) -> None:
    """By id of the document; replaces what the index held of them."""
    remove(db, normal_texts.keys())
    rows = [{"id": id_, "tokens": " ".join(tokens_of(normal))} for id_, normal in normal_texts.items()]
    if rows:
        db.execute(text(_WRITE[_engine(db)]), rows)


def remove(db: Session, ids: Collection[int]) -> None:
    if ids:
        statement = text(_REMOVE[_engine(db)]).bindparams(bindparam("ids", expanding=True))
        db.execute(statement, {"ids": list(ids)})


def contains(db: Session, query: Query) -> ColumnElement[bool]:
    """That a document holds every word of the query, which has at least one."""
    tokens = dict.fromkeys(token for word in query.words for token in word.tokens)
    compared = (
        _place_of(db, SearchDocument.normal_text, word.text) > 0
        for word in query.words
        if word.needs_comparing
    )
    return and_(_held(db, tokens), *compared)


def best_first(db: Session, query: Query) -> tuple[ColumnElement[int], ...]:
    """The title is the query, begins with it, holds its words, or none of that; then by kind; then as they were written.

    Questions follow everything else: their text is no title, and thousands of them would hide what explains the words.
    Titles alone are looked at: looking into the text of everything found costs more than all the rest.
    """
    title = SearchDocument.normal_title
    title_says = case(
        (title == query.text, 0),
        (_place_of(db, title, query.text) == 1, 1),
        (and_(*(_place_of(db, title, word.text) > 0 for word in query.words)), 2),
        else_=3,
    )
    kinds = {kind.value: place for place, kind in enumerate(Kind)}
    return (
        case((SearchDocument.kind == Kind.QUESTION, 1), else_=0),
        title_says,
        case(kinds, value=SearchDocument.kind),
        SearchDocument.id.expression,
    )


def _held(db: Session, tokens: Collection[Token]) -> TextClause:
    """Tokens hold nothing that either query language would read as an operator or a quotation mark."""
    if _engine(db) == "sqlite":
        wanted = " AND ".join(f'"{token.text}"{" *" if token.prefix else ""}' for token in tokens)
    else:
        wanted = " & ".join(f"'{token.text}'{':*' if token.prefix else ''}" for token in tokens)
    return text(_FIND[_engine(db)]).bindparams(tokens=wanted)


def _place_of(db: Session, column: InstrumentedAttribute[str], word: str) -> ColumnElement[int]:
    """From 1; 0 when it is not there."""
    find = func.instr if _engine(db) == "sqlite" else func.strpos
    place: ColumnElement[int] = find(column, word)
    return place


def _engine(db: Session) -> str:
    return db.get_bind().dialect.name
