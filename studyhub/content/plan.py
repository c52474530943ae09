"""What a synchronisation would do: a pure difference between files and what the database holds."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from studyhub.content.loader import Content, FoundFile, LoadedQuestion, LoadedStudySession
from studyhub.domain.questions import content_hash
from studyhub.formats.report import Report

NOUNS = ("syllabi", "mappings", "blueprints", "terms", "questions", "courses", "worksheets", "study_sessions")

Fingerprints = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Fingerprints by key of everything in the database that came from files and is not retired."""

    syllabi: Fingerprints = field(default_factory=dict)
    mappings: Fingerprints = field(default_factory=dict)
    blueprints: Fingerprints = field(default_factory=dict)
    terms: Fingerprints = field(default_factory=dict)
    questions: Fingerprints = field(default_factory=dict)
    courses: Fingerprints = field(default_factory=dict)
    worksheets: Fingerprints = field(default_factory=dict)
    study_sessions: Fingerprints = field(default_factory=dict)
    edited_here: frozenset[str] = frozenset()
    """Keys of the study sessions that were made or edited in the site: files no longer decide about them."""
    questions_edited_here: frozenset[str] = frozenset()
    """Likewise of the questions."""


@dataclass(frozen=True, slots=True)
class NounPlan:
    """Keys, sorted. Retired: in the database, but no longer in the files."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.retired)


@dataclass(frozen=True, slots=True)
class Plan:
    syllabi: NounPlan
    mappings: NounPlan
    blueprints: NounPlan
    terms: NounPlan
    questions: NounPlan
    courses: NounPlan
    worksheets: NounPlan
    study_sessions: NounPlan
    left_alone: tuple[str, ...] = ()
    """Study sessions of the files that the site edits itself."""
    questions_left_alone: tuple[str, ...] = ()

    def by_noun(self) -> Mapping[str, NounPlan]:
        return {noun: getattr(self, noun) for noun in NOUNS}

    @property
    def is_empty(self) -> bool:
        return all(plan.is_empty for plan in self.by_noun().values())


def plan_sync(content: Content, snapshot: Snapshot, report: Report) -> Plan:
    """`report` is what the checks said about this content (`checks.check`), reading included.

    Items with an error stay as the database has them. Where an error belongs to no item, for instance
    because a file could not be read at all, nothing is retired: what is missing may stand in that file.
    """
    authored = fingerprints(content)
    left_alone = authored.study_sessions.keys() & snapshot.edited_here
    pages = {key: value for key, value in authored.study_sessions.items() if key not in left_alone}
    questions_left_alone = authored.questions.keys() & snapshot.questions_edited_here
    questions = {key: value for key, value in authored.questions.items() if key not in questions_left_alone}
    wanted = replace(authored, study_sessions=pages, questions=questions)
    faulty = report.faulty_items
    complete = all(finding.item for finding in report.errors)
    plans = {
        noun: _compare(getattr(wanted, noun), getattr(snapshot, noun), faulty, complete) for noun in NOUNS
    }
    return Plan(
        **plans,
        left_alone=tuple(sorted(left_alone)),
        questions_left_alone=tuple(sorted(questions_left_alone)),
    )


def _compare(wanted: Fingerprints, held: Fingerprints, faulty: frozenset[str], complete: bool) -> NounPlan:
    usable = {key: value for key, value in wanted.items() if key not in faulty}
    retired = held.keys() - usable.keys() - faulty if complete else set()
    changed = {key for key in usable.keys() & held.keys() if usable[key] != held[key]}
    return NounPlan(
        added=tuple(sorted(usable.keys() - held.keys())),
        changed=tuple(sorted(changed)),
        retired=tuple(sorted(retired)),
        unchanged=tuple(sorted(held.keys() - changed - retired)),
    )


def fingerprints(content: Content) -> Snapshot:
    """What the database would hold after a synchronisation. Mappings are keyed `<from>--<to>`."""
    return Snapshot(
        syllabi={found.item.id: fingerprint(found.item) for found in content.syllabi},
        mappings={
            f"{found.item.from_syllabus}--{found.item.to_syllabus}": fingerprint(found.item)
            for found in content.mappings
        },
        blueprints={found.item.id: fingerprint(found.item) for found in content.blueprints},
        terms={found.item.term: fingerprint(found.item) for found in content.terms},
        questions={loaded.question.id: question_fingerprint(loaded) for loaded in content.questions},
        courses={loaded.course.id: fingerprint(loaded.course) for loaded in content.courses},
        worksheets={found.item.id: fingerprint(found.item) for found in content.worksheets},
        study_sessions={
            loaded.page.id: study_session_fingerprint(loaded) for loaded in content.study_sessions
        },
    )


def fingerprint(item: object) -> str:
    """SHA-256 (64 characters) of a frozen dataclass and all it holds."""
    return digest(asdict(item))  # type: ignore[call-overload]


def question_fingerprint(loaded: LoadedQuestion) -> str:
    """Changes with the revision, the status and the figures, but not with the place in the files."""
    question = loaded.question
    return digest([content_hash(question), question.status, _files(loaded.figures)])


def study_session_fingerprint(loaded: LoadedStudySession) -> str:
    """Changes with the page, its course and place in it, and its files."""
    files = _files(loaded.materials + loaded.figures)
    return digest([loaded.page.source, loaded.course_id, loaded.position, files])


def _files(files: tuple[FoundFile, ...]) -> list[list[str]]:
    return sorted([file.name, file.sha256] for file in files)


def digest(value: object) -> str:
    """SHA-256 of plain values in canonical JSON."""
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
