"""Keeps the search index in step with what can be found.

Reading and comparing hold no transaction; what differs is written in short ones. The documents of one study session
are always replaced together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from studyhub.domain.search import normalise
from studyhub.persistence import search_index
from studyhub.persistence.models import SearchDocument
from studyhub.services.search_documents import Document, all_documents

BATCH = 200
"""Documents a transaction, about; a study session is never divided."""


@dataclass(slots=True)
class Batch:
    """Written in one transaction."""

    written: list[Document] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    """Ids of documents of what is no longer there."""

    def __len__(self) -> int:
        return len(self.written) + len(self.removed)


def plan_reindex(db: Session, *, full: bool = False) -> list[Batch]:
    """What differs from the index; with ``full`` every document, as after damage to the index."""
    wanted = {document.identity: document for document in all_documents(db)}
    rows = db.execute(
        select(
            SearchDocument.id,
            SearchDocument.kind,
            SearchDocument.ref,
            SearchDocument.parent,
            SearchDocument.content_hash,
        )
    ).all()
    held = {(row.kind, row.ref): row for row in rows}
    groups: defaultdict[str, Batch] = defaultdict(Batch)
    for identity, document in wanted.items():
        if full or identity not in held or held[identity].content_hash != document.content_hash:
            groups[_group(document.parent, document.ref)].written.append(document)
    for identity, row in held.items():
        if identity not in wanted:
            groups[_group(row.parent, row.ref)].removed.append(row.id)
    return _batches(groups.values())


def store_batch(db: Session, batch: Batch) -> None:
    if batch.removed:
        search_index.remove(db, batch.removed)
        db.execute(delete(SearchDocument).where(SearchDocument.id.in_(batch.removed)))
    refs = [document.ref for document in batch.written]
    found = db.scalars(select(SearchDocument).where(SearchDocument.ref.in_(refs)))
    rows = {(row.kind, row.ref): row for row in found}
    written = []
    for document in batch.written:
        row = rows.get(document.identity)
        if row is None:
            row = SearchDocument(kind=document.kind.value, ref=document.ref)
            db.add(row)
        _fill(row, document)
        written.append(row)
    db.flush()
    search_index.write(db, {row.id: row.normal_text for row in written})


def _fill(row: SearchDocument, document: Document) -> None:
    row.parent = document.parent
    row.title = document.title
    row.body = document.body
    row.normal_title = normalise(document.title).text
    row.normal_text = f"{row.normal_title} {normalise(document.body).text}"
    row.path = document.path
    row.content_hash = document.content_hash


def _group(parent: str, ref: str) -> str:
    return f"study session {parent}" if parent else ref


def _batches(groups: Iterable[Batch]) -> list[Batch]:
    batches: list[Batch] = []
    for group in groups:
        if not batches or len(batches[-1]) >= BATCH:
            batches.append(Batch())
        batches[-1].written += group.written
        batches[-1].removed += group.removed
    return batches
