"""Brings real past questions into the database, from rows as `formats.past_exam` reads them.

They do not lie in question_pool/, so a synchronisation leaves them alone. Importing a file again changes nothing;
a corrected row makes a new revision of its question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from studyhub.domain.errors import Conflict
from studyhub.domain.questions import Origin, Question, QuestionStatus
from studyhub.formats import past_exam
from studyhub.formats.report import Finding, Findings, Located, Reading, Report, Severity
from studyhub.formats.yaml_fields import MAX_FILE_BYTES
from studyhub.persistence.session import reading, transaction
from studyhub.services.content_sync.fitting import findings, question_values
from studyhub.services.content_sync.followups import ask_for_rebuilding, ask_for_reindexing
from studyhub.services.content_sync.outcome import FaultyContent, Progress, quiet
from studyhub.services.content_sync.questions import (
    HeldQuestion,
    PreparedQuestion,
    held_questions,
    refuse_unknown_topics,
    revision_hash,
    store_questions,
)
from studyhub.services.content_sync.rendering import lay_question
from studyhub.services.content_sync.sheet import Place, Sheet
from studyhub.services.content_sync.snapshot import wait_for_other_syncs

READERS: Mapping[str, Callable[[str, str], Reading[Question]]] = {
    ".jsonl": past_exam.read_jsonl,
    ".csv": past_exam.read_csv,
}


_NUL = re.compile(r"\x00|\\u0000")
"""A character that PostgreSQL cannot store, bare or as JSON writes it."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import does, or would do. `drafts` counts those that wait for a figure or a correction."""

    added: tuple[Located[Question], ...]
    changed: tuple[Located[Question], ...]
    unchanged: int
    drafts: int
    warnings: tuple[Finding, ...]
    left_alone: tuple[str, ...] = ()
    """Keys of the rows that somebody edited in the site since: the site decides about them."""

    @property
    def written(self) -> tuple[Located[Question], ...]:
        return self.added + self.changed


def preview_import(engine: Engine, paths: Iterable[Path]) -> ImportPlan:
    """Raises FaultyContent when a row has an error, Invalid when the syllabus is not there yet."""
    found, report = read_files(paths)
    with reading(engine) as db:
        refuse_unknown_topics(db, [located.item for located in found])
        return _plan(found, held_questions(db, (located.item.id for located in found)), report)


def import_questions(
    engine: Engine, paths: Iterable[Path], now: datetime, *, progress: Progress = quiet
) -> ImportPlan:
    """All rows or none. Raises FaultyContent, Invalid, and Conflict when another import came in between."""
    found, report = read_files(paths)
    keys = [located.item.id for located in found]
    with reading(engine) as db:
        refuse_unknown_topics(db, [located.item for located in found])
        held = held_questions(db, keys)
    plan = _plan(found, held, report)
    prepared = _render(plan.written, held, progress)
    if not prepared:
        return plan
    with transaction(engine) as db:
        wait_for_other_syncs(db)
        if held_questions(db, keys) != held:
            raise Conflict("取り込みの間に問題が書き換えられました。もう一度実行してください。")
        stored = store_questions(db, prepared, "import", now)
        ask_for_rebuilding(db, stored.retopiced, now)
        ask_for_reindexing(db, now)
    return plan


def read_files(paths: Iterable[Path]) -> tuple[tuple[Located[Question], ...], Report]:
    """Every row of every file, and the warnings. Raises FaultyContent with all errors of all files."""
    readings = [_read_file(path) for path in paths]
    found = tuple(located for reading_ in readings for located in reading_.items)
    said = [finding for reading_ in readings for finding in reading_.report.findings]
    unfitting = [
        finding
        for located in found
        for finding in findings(located.file, located.line, located.item.id, question_values(located.item))
    ]
    report = Report((*said, *_repeated(found), *unfitting))
    if not report.ok:
        raise FaultyContent(report)
    return found, report


def _read_file(path: Path) -> Reading[Question]:
    noted = Findings(str(path))
    read = READERS.get(path.suffix.lower())
    if read is None:
        noted.error("unknown-format", 0)
        return Reading((), noted.report())
    try:
        data = path.read_bytes()
        if len(data) > MAX_FILE_BYTES:
            noted.error("too-large", 0, limit=MAX_FILE_BYTES)
        text = data.decode("utf-8-sig")
        if _NUL.search(text):
            noted.error("not-readable", 0, reason="NUL")
    except OSError as error:
        noted.error("not-readable", 0, reason=error.strerror or str(error))
    except UnicodeDecodeError as error:
        noted.error("not-utf8", data.count(b"\n", 0, error.start) + 1)
    return Reading((), noted.report()) if noted.error_count else read(text, str(path))


def _repeated(found: Sequence[Located[Question]]) -> Iterable[Finding]:
    """Two files of the same name in different folders give the same ids."""
    first: dict[str, Located[Question]] = {}
    for located in found:
        before = first.setdefault(located.item.id, located)
        if before is not located:
            params: dict[str, object] = {
                "value": located.item.id,
                "first_file": before.file,
                "first_line": before.line,
            }
            yield Finding(Severity.ERROR, located.file, located.line, "duplicate-id", located.item.id, params)


def _plan(found: Sequence[Located[Question]], held: Mapping[str, HeldQuestion], report: Report) -> ImportPlan:
    edited_here = {key for key, row in held.items() if row.origin == Origin.STUDIO}
    found = [located for located in found if located.item.id not in edited_here]
    added = tuple(located for located in found if located.item.id not in held)
    changed = tuple(
        located
        for located in found
        if (row := held.get(located.item.id)) and not _says_the_same(row, located.item)
    )
    return ImportPlan(
        added=added,
        changed=changed,
        unchanged=len(found) - len(added) - len(changed),
        drafts=sum(located.item.status is QuestionStatus.DRAFT for located in found),
        warnings=report.warnings,
        left_alone=tuple(sorted(edited_here)),
    )


def _says_the_same(row: HeldQuestion, question: Question) -> bool:
    return row.revision_hash == revision_hash(question) and row.status == question.status.value


def _render(
    written: Sequence[Located[Question]], held: Mapping[str, HeldQuestion], progress: Progress
) -> list[PreparedQuestion]:
    sheet = Sheet()
    hashes = {key: row.revision_hash for key, row in held.items()}
    taken = [
        lay_question(
            sheet,
            located.item,
            Place(located.file, located.line, located.item.id),
            revision_hash(located.item),
            "",
            hashes,
        )
        for located in written
    ]
    sheet.render(progress)
    return [take() for take in taken]
