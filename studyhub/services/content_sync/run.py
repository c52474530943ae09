"""Files into the database: read, check, compare, render, and then one short transaction, all or nothing.

Reading and rendering hold no transaction. What was compared with is looked at again inside the transaction, so that
two synchronisations at once cannot mix.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from studyhub.content.loader import Content, FoundFile
from studyhub.content.plan import NounPlan, Plan, Snapshot, plan_sync
from studyhub.domain.errors import Conflict
from studyhub.persistence.session import reading, transaction
from studyhub.services.content_sync import (
    glossary,
    questions,
    rendering,
    study_sessions,
    syllabi,
    worksheets,
)
from studyhub.services.content_sync.attachments import (
    Attachments,
    prepare_attachments,
    record_attachments,
)
from studyhub.services.content_sync.followups import ask_for_rebuilding, ask_for_reindexing
from studyhub.services.content_sync.inspection import load_checked
from studyhub.services.content_sync.outcome import Outcome, Progress, quiet
from studyhub.services.content_sync.sheet import Sheet
from studyhub.services.content_sync.snapshot import take_snapshot, wait_for_other_syncs


@dataclass(frozen=True, slots=True)
class _Held:
    """What the database held when it was compared with."""

    questions: dict[str, str]
    """Hash of the current revision by key; likewise of pages."""
    pages: dict[str, str]
    attachments: Attachments


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Rendered and ready to be written."""

    terms: list[glossary.PreparedTerm]
    questions: list[questions.PreparedQuestion]
    pages: list[study_sessions.PreparedStudySession]


def sync(
    engine: Engine, content_root: Path, files_root: Path, now: datetime, *, progress: Progress = quiet
) -> Outcome:
    """Raises FaultyContent when the files have errors, Conflict when another synchronisation came in between."""
    content, report = load_checked(content_root)
    with reading(engine) as db:
        snapshot = take_snapshot(db)
        plan = plan_sync(content, snapshot, report)
        if plan.is_empty:
            return Outcome(plan, report)
        held = _look_up(db, content, plan, files_root)
    prepared = _prepare(content, plan, held, progress)
    with transaction(engine) as db:
        wait_for_other_syncs(db)
        if _of_the_files(take_snapshot(db), content) != _of_the_files(snapshot, content):
            raise Conflict("ほかの同期が先に終わりました。もう一度実行してください。")
        return _apply(db, content, plan, held, prepared, now, Outcome(plan, report))


def preview(engine: Engine, content_root: Path) -> Outcome:
    """What `sync` would do. Raises FaultyContent."""
    content, report = load_checked(content_root)
    with reading(engine) as db:
        return Outcome(plan_sync(content, take_snapshot(db), report), report)


def _of_the_files(snapshot: Snapshot, content: Content) -> Snapshot:
    """What somebody makes in the studio meanwhile is no reason to start again."""
    authored = {loaded.page.id for loaded in content.study_sessions}
    asked = {loaded.question.id for loaded in content.questions}
    return replace(
        snapshot,
        edited_here=snapshot.edited_here & authored,
        questions_edited_here=snapshot.questions_edited_here & asked,
    )


def _written(plan: NounPlan) -> frozenset[str]:
    return frozenset(plan.added + plan.changed)


def _look_up(db: Session, content: Content, plan: Plan, files_root: Path) -> _Held:
    asked, pages = _written(plan.questions), _written(plan.study_sessions)
    held = questions.held_questions(db, asked)
    found = _files(content, asked, pages)
    return _Held(
        questions={key: row.revision_hash for key, row in held.items()},
        pages=study_sessions.held_page_hashes(db),
        attachments=prepare_attachments(db, found, files_root),
    )


def _files(content: Content, asked: frozenset[str], pages: frozenset[str]) -> list[FoundFile]:
    of_questions = [file for q in content.questions if q.question.id in asked for file in q.figures]
    of_pages = [
        file for s in content.study_sessions if s.page.id in pages for file in s.figures + s.materials
    ]
    return of_questions + of_pages


def _prepare(content: Content, plan: Plan, held: _Held, progress: Progress) -> _Prepared:
    sheet = Sheet()
    terms, asked, pages = _written(plan.terms), _written(plan.questions), _written(plan.study_sessions)
    take_terms = [rendering.lay_term(sheet, found) for found in content.terms if found.item.term in terms]
    take_questions = [
        rendering.lay_loaded_question(sheet, loaded, held.questions, held.attachments)
        for loaded in content.questions
        if loaded.question.id in asked
    ]
    take_pages = [
        rendering.lay_page(sheet, loaded, held.pages, held.attachments)
        for loaded in content.study_sessions
        if loaded.page.id in pages
    ]
    sheet.render(progress)
    return _Prepared(
        terms=[take() for take in take_terms],
        questions=[take() for take in take_questions],
        pages=[take() for take in take_pages],
    )


def _apply(
    db: Session,
    content: Content,
    plan: Plan,
    held: _Held,
    prepared: _Prepared,
    now: datetime,
    outcome: Outcome,
) -> Outcome:
    moved = _apply_syllabi(db, content, plan)
    glossary.store_terms(db, prepared.terms, plan.terms.retired)
    record_attachments(db, held.attachments, now)
    stored = questions.store_questions(db, prepared.questions, "pool", now)
    questions.retire_questions(db, plan.questions.retired)
    courses = _written(plan.courses)
    study_sessions.store_courses(
        db, [loaded.course for loaded in content.courses if loaded.course.id in courses], plan.courses.retired
    )
    sheets = _written(plan.worksheets)
    worksheets.store_worksheets(
        db, [found.item for found in content.worksheets if found.item.id in sheets], plan.worksheets.retired
    )
    pages = study_sessions.store_study_sessions(
        db, prepared.pages, plan.study_sessions.retired, syllabi.topic_ids(db), held.attachments, now
    )
    ask_for_rebuilding(db, stored.retopiced | questions.questions_of_topics(db, moved), now)
    ask_for_reindexing(db, now)
    return Outcome(plan, outcome.report, stored.created + stored.revised, pages)


def _apply_syllabi(db: Session, content: Content, plan: Plan) -> set[int]:
    """Returns the topics that moved in their tree."""
    trees, maps, prints = _written(plan.syllabi), _written(plan.mappings), _written(plan.blueprints)
    moved = syllabi.store_syllabi(
        db, [found.item for found in content.syllabi if found.item.id in trees], plan.syllabi.retired
    )
    mappings = [found.item for found in content.mappings]
    syllabi.store_mappings(db, [m for m in mappings if syllabi.mapping_key(m) in maps], plan.mappings.retired)
    blueprints = [found.item for found in content.blueprints]
    syllabi.store_blueprints(db, [b for b in blueprints if b.id in prints], plan.blueprints.retired)
    syllabi.place(db, [found.item.id for found in content.syllabi], [b.id for b in blueprints])
    return moved
