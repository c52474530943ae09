"""An import of questions in the browser: the file is kept, looked at, shown, and taken in after a second yes.

Small files are worked on at once; large ones by a job, whose page shows how far it is. What was looked at is named by
a digest: when questions change before the second yes, nothing is taken in.
"""

from __future__ import annotations

import fcntl
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from studyhub.domain.errors import Conflict, Invalid, NotFound, StudyHubError
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.formats.question_rows import LIMITS
from studyhub.formats.question_table import heading
from studyhub.formats.report import Finding, Language
from studyhub.persistence.session import reading, transaction
from studyhub.services import jobs, kept_json
from studyhub.services.content_sync.outcome import FaultyContent, Progress, quiet
from studyhub.services.question_table import (
    Fate,
    ImportPlan,
    plan_import,
    read_file,
    render_plan,
    store_import,
)

JOB = "import_questions"
KEPT_FOR = timedelta(days=7)
SMALL_BYTES = 300_000
FEW_QUESTIONS = 80
_TITLE_CHARACTERS = 80
_FILE, _NAME, _PREVIEW, _OUTCOME, _TURN = "file", "name.json", "preview.json", "outcome.json", "turn"


@dataclass(frozen=True, slots=True)
class ImportFinding:
    is_error: bool
    line: int
    item: str
    sentences: Mapping[str, str]
    """By language."""


@dataclass(frozen=True, slots=True)
class ImportLine:
    """``fields`` name what changes in a question that is there already."""

    key: str
    line: int
    fate: str
    title: str
    kind: str
    status: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportPreview:
    file: str
    digest: str
    counts: Mapping[str, int]
    """By fate, and ``faulty``: the questions with an error, which have no fate."""
    lines: tuple[ImportLine, ...]
    """Of what is new or changed."""
    findings: tuple[ImportFinding, ...]
    """Errors first."""

    @property
    def errors(self) -> int:
        return sum(finding.is_error for finding in self.findings)


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """``refusal`` is a msgid with its parameters, empty when it was taken in; ``findings`` say where it lies."""

    written: int
    refusal: str
    params: Mapping[str, object]
    findings: tuple[ImportFinding, ...]


def keep(instance: Path, actor: Actor, content: bytes, name: str) -> UUID:
    require(actor, Permission.WRITE_CONTENT)
    if not content and name:
        raise Invalid("選んだファイルは空です。中身のあるファイルを選んでください。", field="file")
    if not content:
        raise Invalid("ファイルを選んでください。", field="file")
    if len(content) > LIMITS.file_bytes:
        limit = LIMITS.file_bytes // 1_000_000
        raise Invalid("ファイルが大きすぎます（%(limit)s MBまで）。", field="file", limit=limit)
    import_id = uuid4()
    place = _folder(instance, import_id)
    place.mkdir(parents=True, mode=0o700)
    (place / _FILE).write_bytes(content)
    kept_json.write(place / _NAME, name[-200:])
    return import_id


def is_small(instance: Path, import_id: UUID) -> bool:
    return (existing(instance, import_id) / _FILE).stat().st_size <= SMALL_BYTES


def ask(db: Session, actor: Actor, import_id: UUID, step: str, now: datetime) -> int:
    """``step`` is look or take_in."""
    require(actor, Permission.WRITE_CONTENT)
    payload = {"import": str(import_id), "step": step, "actor": actor.user_id}
    return jobs.enqueue(db, JOB, payload, now, unique_key=job_key(import_id))


def job_key(import_id: UUID) -> str:
    return f"{JOB}:{import_id}"


def look(engine: Engine, instance: Path, import_id: UUID) -> ImportPreview:
    """Says what would happen; changes nothing but the file of what was found."""
    place = existing(instance, import_id)
    name = str(kept_json.read(place / _NAME))
    found = read_file((place / _FILE).read_bytes(), name)
    with reading(engine) as db:
        plan = plan_import(db, found)
    (place / _OUTCOME).unlink(missing_ok=True)
    kept_json.write(place / _PREVIEW, _said(name, plan))
    preview = preview_of(instance, import_id)
    assert preview is not None
    return preview


def confirm(instance: Path, import_id: UUID, digest: str) -> ImportPreview:
    """Raises Conflict when ``digest`` is not of what lies there to be confirmed, Invalid where there are errors."""
    preview = preview_of(instance, import_id)
    if preview is None or preview.digest != digest:
        raise Conflict("確認した内容と違います。もう一度確認してください。")
    if preview.errors:
        raise Invalid("誤りのある行があるため、取り込みませんでした。")
    return preview


def take_in(
    engine: Engine, actor: Actor, instance: Path, import_id: UUID, now: datetime, progress: Progress = quiet
) -> None:
    """All or nothing; a refusal is kept for the page. Once is once: who asks while it is being taken in waits, and what
    was taken in is not taken in again."""
    with _alone(existing(instance, import_id)):
        done = outcome_of(instance, import_id)
        if done is None or done.refusal:
            _take_in(engine, actor, instance, import_id, now, progress)


def _take_in(
    engine: Engine, actor: Actor, instance: Path, import_id: UUID, now: datetime, progress: Progress
) -> None:
    place = existing(instance, import_id)
    preview = preview_of(instance, import_id)
    found = read_file((place / _FILE).read_bytes(), str(kept_json.read(place / _NAME)))
    try:
        with reading(engine) as db:
            plan = plan_import(db, found)
        if preview is None or plan.digest != preview.digest:
            raise Conflict("確認のあとで問題が変わりました。もう一度確認してください。")
        prepared = render_plan(plan, progress)
        with transaction(engine) as db:
            written = store_import(db, actor, found, plan, prepared, now)
    except FaultyContent as faulty:
        sentence = Invalid("表示できない文章があるため、何も取り込みませんでした。")
        _note_refusal(place, sentence, faulty.report.errors)
    except StudyHubError as refused:
        _note_refusal(place, refused, ())
    else:
        kept_json.write(place / _OUTCOME, {"written": written})


def _note_refusal(place: Path, refused: StudyHubError, findings: Iterable[Finding]) -> None:
    told = {"refusal": refused.message, "params": refused.params}
    kept_json.write(place / _OUTCOME, told | {"findings": [_finding(each) for each in findings]})


def preview_of(instance: Path, import_id: UUID) -> ImportPreview | None:
    """None while nobody has looked at the file. Raises NotFound when it is kept no longer."""
    found = kept_json.read(existing(instance, import_id) / _PREVIEW)
    if found is None:
        return None
    return ImportPreview(
        file=found["file"],
        digest=found["digest"],
        counts=found["counts"],
        lines=tuple(ImportLine(**{**line, "fields": tuple(line["fields"])}) for line in found["lines"]),
        findings=tuple(ImportFinding(**finding) for finding in found["findings"]),
    )


def outcome_of(instance: Path, import_id: UUID) -> ImportOutcome | None:
    found = kept_json.read(existing(instance, import_id) / _OUTCOME)
    if found is None:
        return None
    findings = tuple(ImportFinding(**finding) for finding in found.get("findings", ()))
    return ImportOutcome(found.get("written", 0), found.get("refusal", ""), found.get("params", {}), findings)


def existing(instance: Path, import_id: UUID) -> Path:
    place = _folder(instance, import_id)
    if not (place / _FILE).is_file():
        raise NotFound("この取り込みは見つかりません。7日たつと、ファイルは消されます。")
    return place


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Between processes and threads; the kernel frees the lock if we die."""
    with (place / _TURN).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def forget_old(instance: Path, now: datetime) -> None:
    before = (now - KEPT_FOR).timestamp()
    for place in instance.glob(f"{_FOLDER}/*"):
        if place.stat().st_mtime < before:
            shutil.rmtree(place)


_FOLDER = "question_imports"


def _folder(instance: Path, import_id: UUID) -> Path:
    return instance / _FOLDER / str(import_id)


def _said(name: str, plan: ImportPlan) -> dict[str, Any]:
    report, faulty = plan.report, set(map(id, plan.faulty))
    counts = Counter(each.fate for each in plan.questions if id(each) not in faulty)
    return {
        "file": name,
        "digest": plan.digest,
        "counts": {**{fate.value: counts[fate] for fate in Fate}, "faulty": plan.faulty_count},
        "lines": [
            {
                "key": each.question.id,
                "line": each.line,
                "fate": each.fate.value,
                "title": " ".join(each.question.stem.split())[:_TITLE_CHARACTERS],
                "kind": each.question.kind.value,
                "status": each.question.status.value,
                "fields": list(each.fields),
            }
            for each in plan.written
            if id(each) not in faulty
        ],
        "findings": [_finding(each) for each in (*report.errors, *report.warnings)],
    }


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "is_error": found.severity == "error",
        "line": found.line,
        "item": found.item,
        "sentences": {"ja": _sentence(found, "ja"), "en": _sentence(found, "en")},
    }


def _sentence(found: Finding, language: Language) -> str:
    """With its cell, where it is known."""
    said = found.sentence(language)
    if "at_cell" not in found.params:
        return said
    column = heading(str(found.params["at_field"]), 0)  # as the faults of reading name it
    params = {"cell": found.params["at_cell"], "column": column, "sentence": said}
    return replace(found, code="question-at", params=params).sentence(language)
