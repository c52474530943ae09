"""Questions out of the site and into it, as a spreadsheet or as the site's own YAML: what would change is said first.

``plan_import`` changes nothing. ``store_import`` makes the plan again inside its transaction and refuses when it is no
longer the one that was looked at. Rendering stands between the two and holds no transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from studyhub.content.plan import digest
from studyhub.domain import questions as domain
from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.question_lines import parts_as_text
from studyhub.domain.question_steps import key_stem, next_key
from studyhub.domain.questions import QuestionStatus
from studyhub.formats import pool_yaml, question_rows
from studyhub.formats.report import Finding, Findings, Located, Reading, Report, Severity
from studyhub.persistence.models import Question, QuestionRevision, Response
from studyhub.persistence.settings import load_settings
from studyhub.services import audit
from studyhub.services.content_sync.fitting import findings as unfitting
from studyhub.services.content_sync.fitting import question_values
from studyhub.services.content_sync.followups import ask_for_rebuilding, ask_for_reindexing
from studyhub.services.content_sync.outcome import Progress
from studyhub.services.content_sync.questions import (
    BATCH,
    PreparedQuestion,
    batches,
    revision_hash,
    store_questions,
)
from studyhub.services.content_sync.rendering import lay_question
from studyhub.services.content_sync.sheet import Address, Place, Sheet
from studyhub.services.content_sync.snapshot import wait_for_other_syncs
from studyhub.services.question_checks import Known, check, load_known, named_figures
from studyhub.services.question_editing import (
    Figure,
    changes_key,
    figure_hashes,
    figures_in,
    says_the_same,
    uploaded_figures,
)

MOST_QUESTIONS = 5_000
RESERVED = frozenset(
    {"new", "part", "preview", "topics", "teaching", "figures", "drafts", "bulk", "reports", "export", "template",
     "import", "imports"}
)  # fmt: skip
_YAML = (".yaml", ".yml")
_COLUMNS = {
    "missing-stem": "stem", "missing-explanation": "explanation", "missing-facility": "people", "missing-as-of": "as_of",
    "missing-level": "level", "no-topics": "topics", "unknown-topic": "topics", "unknown-term": "terms",
    "bad-teaches": "teaches", "unknown-session": "teaches", "unknown-anchor": "teaches", "not-one-key": "right",
    "no-key": "right",
}  # fmt: skip
"""Where in a table the fault of a question lies."""


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """``fields`` name what differs from what is held; ``line`` is where it stands in the file."""

    question: domain.Question
    line: int
    fate: Fate
    fields: tuple[str, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def item(self) -> str:
        """As findings name it."""
        return self.question.id or str(self.line)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """``report`` says what keeps the file out, and what is only to be known."""

    questions: tuple[PlannedQuestion, ...]
    report: Report
    digest: str

    @property
    def faulty(self) -> tuple[PlannedQuestion, ...]:
        """Of those that could be read."""
        return tuple(each for each in self.questions if each.item in self.report.faulty_items)

    @property
    def faulty_count(self) -> int:
        """With those that could not."""
        return len(self.faulty) + len(self.report.faulty_items - {each.item for each in self.faulty})

    @property
    def written(self) -> tuple[PlannedQuestion, ...]:
        return tuple(each for each in self.questions if each.fate is not Fate.UNCHANGED)


@dataclass(frozen=True, slots=True)
class _Held:
    question: domain.Question
    revision: int
    answered: bool
    figures: Mapping[str, Figure]


def read_file(content: bytes, name: str) -> Reading[domain.Question]:
    """By the ending of the name: YAML, or else a table."""
    if not name.lower().endswith(_YAML):
        return question_rows.read_questions(content, name)
    noted = Findings(name)
    if len(content) > question_rows.LIMITS.file_bytes:
        noted.error("too-large", 0, limit=question_rows.LIMITS.file_bytes)
        return Reading((), noted.report())
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    except UnicodeDecodeError as error:
        noted.error("not-utf8", content.count(b"\n", 0, error.start) + 1)
        return Reading((), noted.report())
    return pool_yaml.read(text, name)


def plan_import(db: Session, reading: Reading[domain.Question]) -> ImportPlan:
    """As many statements however many questions, but for batches of them."""
    held = _held(db, [located.item.id for located in reading.items if located.item.id])
    named = {name for located in reading.items for name in named_figures(located.item)}
    uploaded = uploaded_figures(db, named)
    known, needs_review = load_known(db), load_settings(db).questions_need_review
    planned = tuple(_planned(located, held, uploaded) for located in reading.items)
    found = [*reading.report.findings, *_of_file(reading)]
    for each, located in zip(planned, reading.items, strict=True):
        faults = _faults(each, held.get(each.question.id), located, known, needs_review)
        found.extend(_in_cell(fault, reading.columns) for fault in faults)
    seen = [[each.question.id or each.line, each.fate, domain.to_data(each.question)] for each in planned]
    versions = sorted([key, row.revision, row.question.status] for key, row in held.items())
    return ImportPlan(planned, Report(tuple(_in_order(found))), digest([seen, versions, needs_review]))


def render_plan(plan: ImportPlan, progress: Progress) -> list[PreparedQuestion]:
    """Outside any transaction. Raises FaultyContent with every text that cannot be rendered."""
    sheet = Sheet()
    takes = []
    for each in plan.written:
        place = Place("", each.line, each.question.id or str(each.line), _address(each.figures))
        hash_ = revision_hash(each.question, figure_hashes(each.question, each.figures))
        takes.append(lay_question(sheet, each.question, place, hash_, "", {}))
    sheet.render(progress)
    return [take() for take in takes]


def store_import(
    db: Session,
    actor: Actor,
    reading: Reading[domain.Question],
    plan: ImportPlan,
    prepared: Sequence[PreparedQuestion],
    now: datetime,
) -> int:
    """All or nothing; how many were written. Raises Invalid for a file with errors, Conflict when the plan that was
    looked at is no longer true."""
    require(actor, Permission.WRITE_CONTENT)
    if not plan.report.ok:
        raise Invalid("誤りのある行があるため、取り込みませんでした。")
    wait_for_other_syncs(db)
    if plan_import(db, reading).digest != plan.digest:
        raise Conflict("確認のあとで問題が変わりました。もう一度確認してください。")
    if not prepared:
        return 0
    named = _with_keys(db, prepared, plan.written)
    stored = store_questions(db, named, "studio", now, author_id=actor.user_id or None)
    ask_for_rebuilding(db, stored.retopiced, now)
    ask_for_reindexing(db, now)
    counts = {"new": stored.created, "revised": stored.revised}
    audit.record(db, actor.user_id, "question.import_file", "question", len(named), now, **counts)
    return len(named)


def _planned(
    located: Located[domain.Question], held: Mapping[str, _Held], uploaded: Mapping[str, Figure]
) -> PlannedQuestion:
    question, row = located.item, held.get(located.item.id)
    if row is None:
        return PlannedQuestion(question, located.line, Fate.NEW, (), uploaded)
    if says_the_same(row.question, question) and row.question.status == question.status:
        return PlannedQuestion(question, located.line, Fate.UNCHANGED, (), row.figures)
    before, after = parts_as_text(row.question), parts_as_text(question)
    fields = [name for name in before if before[name] != after[name]]
    if row.question.status != question.status:
        fields.append("status")
    return PlannedQuestion(question, located.line, Fate.CHANGED, tuple(fields), {**uploaded, **row.figures})


def _of_file(reading: Reading[domain.Question]) -> Iterator[Finding]:
    if len(reading.items) > MOST_QUESTIONS:
        params: dict[str, object] = {"limit": MOST_QUESTIONS, "count": len(reading.items)}
        yield Finding(Severity.ERROR, "", 0, "question-many", "", params)
    first: dict[str, Located[domain.Question]] = {}
    for located in reading.items:
        key = located.item.id
        before = first.setdefault(key, located)
        if key and before is not located:
            params = {"value": key, "first_file": before.file, "first_line": before.line}
            yield Finding(Severity.ERROR, located.file, located.line, "duplicate-id", key, params)


def _faults(
    planned: PlannedQuestion,
    held: _Held | None,
    located: Located[domain.Question],
    known: Known,
    needs_review: bool,
) -> Iterator[Finding]:
    question, line = planned.question, planned.line
    if planned.fate is Fate.UNCHANGED:
        return
    item = planned.item
    if question.id in RESERVED:
        yield Finding(Severity.ERROR, "", line, "question-reserved", item, {"value": question.id})
    yield from unfitting(located.file, line, item, question_values(question))
    if held and held.answered and changes_key(held.question, question):
        yield Finding(Severity.ERROR, "", line, "question-correct-it", item)
    if question.status is QuestionStatus.PUBLISHED and needs_review:
        yield Finding(Severity.ERROR, "", line, "question-needs-review", item)
    strict = question.status is QuestionStatus.PUBLISHED
    for each in check(question, frozenset(planned.figures), known):
        # What is missing keeps no draft out; a topic that there is not would leave it without a place.
        counts = strict or each.code in {"no-topics", "unknown-topic"}
        severity = each.severity if counts else Severity.WARNING
        yield replace(each, severity=severity, line=line, item=item)


def _in_cell(fault: Finding, columns: Mapping[str, str]) -> Finding:
    """With the cell, as faults of reading name it, where the question stands in a table that has the column."""
    name = _COLUMNS.get(fault.code, "")
    if name not in columns:
        return fault
    cell = f"{columns[name]}{fault.line}"
    return replace(fault, params={**fault.params, "at_cell": cell, "at_field": name})


def _in_order(found: Iterable[Finding]) -> list[Finding]:
    return sorted(found, key=lambda each: (each.severity is not Severity.ERROR, each.line))


def _held(db: Session, keys: Sequence[str]) -> dict[str, _Held]:
    found: dict[str, _Held] = {}
    answered = (
        exists()
        .where(Response.revision_id == QuestionRevision.id, QuestionRevision.question_id == Question.id)
        .correlate(Question)
    )
    current = select(Question, QuestionRevision, answered.label("answered")).join(
        QuestionRevision, QuestionRevision.id == Question.current_revision_id
    )
    for batch in batches(sorted(set(keys)), BATCH):
        for row, revision, was_answered in db.execute(current.where(Question.key.in_(batch))):
            question = replace(domain.from_data(revision.data), status=QuestionStatus(row.status))
            figures = figures_in(db, revision.html) if named_figures(question) else {}
            found[row.key] = _Held(question, revision.number, bool(was_answered), figures)
    return found


def _address(figures: Mapping[str, Figure]) -> Address:
    def address(name: str) -> str | None:
        found = figures.get(name.rpartition("/")[2])
        return found.address if found else None

    return address


def _with_keys(
    db: Session, prepared: Sequence[PreparedQuestion], planned: Sequence[PlannedQuestion]
) -> list[PreparedQuestion]:
    """New questions get keys here, where nobody else takes one at the same time."""
    taken = set(db.scalars(select(Question.key))) if any(not each.question.id for each in prepared) else set()
    named = []
    for entry, plan in zip(prepared, planned, strict=True):
        if not entry.question.id:
            key = next_key(key_stem(entry.question.main_topic), taken)
            taken.add(key)
            question = replace(entry.question, id=key)
            hash_ = revision_hash(question, figure_hashes(question, plan.figures))
            entry = replace(entry, question=question, revision_hash=hash_)
        named.append(entry)
    return named
