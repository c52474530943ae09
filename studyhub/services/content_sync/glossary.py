"""Terms of the glossary. They have no revisions: nothing that was answered hangs on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from studyhub.content.plan import fingerprint
from studyhub.formats.glossary_yaml import Term as AuthoredTerm
from studyhub.persistence.models import Term
from studyhub.services.content_sync.questions import BATCH, batches


@dataclass(frozen=True, slots=True)
class PreparedTerm:
    term: AuthoredTerm
    html: str
    plain: str


def store_terms(db: Session, prepared: Sequence[PreparedTerm], retired: Iterable[str]) -> None:
    rows: dict[str, Term] = {}
    for batch in batches([entry.term.term for entry in prepared], BATCH):
        rows.update((row.term, row) for row in db.scalars(select(Term).where(Term.term.in_(batch))))
    for entry in prepared:
        row = rows.get(entry.term.term)
        if row is None:
            row = Term(term=entry.term.term)
            db.add(row)
        _fill(row, entry)
    for batch in batches(list(retired), BATCH):
        db.execute(delete(Term).where(Term.term.in_(batch)).execution_options(synchronize_session=False))
    db.flush()


def _fill(row: Term, entry: PreparedTerm) -> None:
    term = entry.term
    row.term_en = term.term_en
    row.reading = term.reading
    row.definition = entry.plain
    row.html = entry.html
    row.abbreviations = [{"short": found.short, "long": found.long} for found in term.abbreviations]
    row.topics = list(term.topics)
    row.see = list(term.see)
    row.content_hash = fingerprint(term)
