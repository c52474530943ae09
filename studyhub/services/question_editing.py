"""Questions written in the site: each saving that changes what is asked makes a revision; none is ever changed.

Three steps, so that rendering holds no transaction: ask where the question's figures are, render, write. A question
that came from files or an import and is saved here belongs to the site from then on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from studyhub.domain import questions as domain
from studyhub.domain.corrections import RightNumber, bodies, key_of, option_maps, same_keys
from studyhub.domain.errors import Conflict, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.question_steps import key_stem, next_key, status_when_saved
from studyhub.domain.questions import Origin, QuestionStatus
from studyhub.persistence.models import Question, QuestionRevision, QuestionTopic, Response, StoredFile, Topic
from studyhub.persistence.settings import load_settings
from studyhub.services import audit, drafts
from studyhub.services.content_sync.followups import ask_for_rebuilding, ask_for_reindexing
from studyhub.services.content_sync.outcome import FaultyContent, quiet
from studyhub.services.content_sync.questions import revision_hash
from studyhub.services.content_sync.rendering import lay_question
from studyhub.services.content_sync.sheet import Place, Sheet
from studyhub.services.content_sync.snapshot import wait_for_other_syncs
from studyhub.services.markdown import kept_renderer
from studyhub.services.question_checks import Known, named_figures, require_publishable

_FILE = re.compile(r"/files/([0-9a-f-]{36})")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class NewerRevision(Conflict):
    """Somebody saved meanwhile; ``number`` is that of the revision now."""

    def __init__(self, number: int) -> None:
        super().__init__("開いている間に、別の版が保存されました。開き直して確かめてください。")
        self.number = number


class KeyChanged(Conflict):
    """Officers have answered the question: another key is a correction, which marks their answers anew."""

    def __init__(self, key: str) -> None:
        super().__init__("回答した職員がいるため、正解は「訂正」として変えてください。")
        self.key = key


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that the question names relative to itself, as a file of the pool does."""

    address: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RenderedQuestion:
    """``figures`` are the hashes of the pictures it names: one that is redrawn makes a new revision."""

    question: domain.Question
    html: dict[str, Any]
    plain: str
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CreateQuestion:
    """The key is made from the main topic unless ``wanted_key`` is there; ``draft`` names the draft that ends."""

    rendered: RenderedQuestion
    wanted_key: str = ""
    draft: str = ""


@dataclass(frozen=True, slots=True)
class ReviseQuestion:
    """``base_revision`` is the number of the revision the form was opened on. The status stays what it is."""

    key: str
    rendered: RenderedQuestion
    base_revision: int


def figures_for(db: Session, question: domain.Question) -> dict[str, Figure]:
    """By the last part of their names: what the newest revision of the question shows, and what was uploaded since."""
    named = named_figures(question)
    if not named:
        return {}
    html = db.scalar(
        select(QuestionRevision.html)
        .join(Question, Question.current_revision_id == QuestionRevision.id)
        .where(Question.key == question.id)
    )
    return figures_in(db, html or {}) | uploaded_figures(db, named)


def figures_in(db: Session, html: Mapping[str, Any]) -> dict[str, Figure]:
    return _figures(db, sorted(set(_FILE.findall(str(html)))))


def uploaded_figures(db: Session, names: Iterable[str]) -> dict[str, Figure]:
    """Of the names that `question_figures` gave out."""
    return _figures(db, sorted({stem for name in names if _ID.fullmatch(stem := name.partition(".")[0])}))


def _figures(db: Session, ids: Sequence[str]) -> dict[str, Figure]:
    """By the name a file came with, and by the one that holds its address."""
    if not ids:
        return {}
    rows = db.execute(
        select(StoredFile.name, StoredFile.id, StoredFile.sha256).where(
            StoredFile.id.in_(ids), StoredFile.media_type.startswith("image/")
        )
    )
    found: dict[str, Figure] = {}
    for name, id_, sha256 in rows:
        figure = Figure(f"/files/{id_}", sha256)
        found |= {name: figure, figure_name(id_, name): figure}
    return found


def figure_name(file_id: str, name: str) -> str:
    """What a picture uploaded for a question is called in it: unlike its own name, nobody else's is called so."""
    return f"{file_id}{PurePosixPath(name).suffix.lower()}"


def render_question(question: domain.Question, figures: Mapping[str, Figure]) -> RenderedQuestion:
    """Outside any transaction. Raises Invalid when a text cannot be rendered."""

    def address(name: str) -> str | None:
        found = figures.get(PurePosixPath(name).name)
        return found.address if found else None

    sheet = Sheet()
    place = Place("", 0, question.id, address)
    take = lay_question(sheet, question, place, "", "", {})
    try:
        sheet.render_by(kept_renderer(), quiet)
    except FaultyContent as error:
        reason = error.report.errors[0].params["reason"]
        raise Invalid("文章を表示できません。%(reason)s", field="stem", reason=reason) from error
    prepared = take()
    assert prepared.html is not None
    return RenderedQuestion(question, prepared.html, prepared.plain, figure_hashes(question, figures))


def figure_hashes(question: domain.Question, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    return tuple(sorted(figures[name].sha256 for name in named_figures(question) if name in figures))


def create_question(db: Session, actor: Actor, command: CreateQuestion, now: datetime) -> str:
    """A draft; returns its key. Raises Invalid for topics that there are not."""
    require(actor, Permission.WRITE_CONTENT)
    topics = topic_ids(db, command.rendered.question.topics)
    key = command.wanted_key or free_key(db, command.rendered.question.main_topic)
    rendered = _named(command.rendered, key, QuestionStatus.DRAFT)
    row = Question(
        key=key,
        status=QuestionStatus.DRAFT.value,
        origin=Origin.STUDIO.value,
        author_id=actor.user_id or None,
        main_topic_id=topics[0],
        teaches=rendered.question.teaches or "",
    )
    db.add(row)
    db.flush()
    add_revision(db, actor, row, rendered, 1, now)
    replace_topics(db, row, topics)
    drafts.drop_draft(db, actor, drafts.QUESTION, command.draft or key)
    return key


def revise_question(db: Session, actor: Actor, command: ReviseQuestion, now: datetime) -> int:
    """The number of the revision afterwards; saving what is there already makes none.

    Raises NotFound, NewerRevision, KeyChanged, Invalid for topics there are not, and Unpublishable when officers would
    at once be shown what the checks call an error.
    """
    require(actor, Permission.WRITE_CONTENT)
    row, before = locked(db, command.key)
    if before.number != command.base_revision:
        raise NewerRevision(before.number)
    held = domain.from_data(before.data)
    rendered = _named(command.rendered, row.key, QuestionStatus(row.status))
    changed = not says_the_same(held, rendered.question) or before.html != rendered.html
    drafts.drop_draft(db, actor, drafts.QUESTION, row.key)
    if not changed:
        return before.number
    if changes_key(held, rendered.question) and was_answered(db, row.id):
        raise KeyChanged(row.key)
    store_revision(db, actor, row, before, rendered, now)
    return before.number + 1


def store_revision(
    db: Session,
    actor: Actor,
    row: Question,
    before: QuestionRevision,
    rendered: RenderedQuestion,
    now: datetime,
    known: Known | None = None,
) -> None:
    """Of a question that is locked and whose content changes."""
    topics = topic_ids(db, rendered.question.topics)
    was = QuestionStatus(row.status)
    if was is QuestionStatus.PUBLISHED:
        require_publishable(db, rendered.question, known)
    status = status_when_saved(was, changed=True, needs_review=load_settings(db).questions_need_review)
    add_revision(db, actor, row, _named(rendered, row.key, status), before.number + 1, now)
    row.status = status.value
    row.origin = Origin.STUDIO.value
    row.teaches = rendered.question.teaches or ""
    if replace_topics(db, row, topics):
        ask_for_rebuilding(db, [row.id], now)
    if was is QuestionStatus.PUBLISHED:
        ask_for_reindexing(db, now)
    db.flush()


def current(db: Session, key: str) -> tuple[Question, QuestionRevision]:
    """Raises NotFound."""
    found = db.execute(
        select(Question, QuestionRevision)
        .join(QuestionRevision, QuestionRevision.id == Question.current_revision_id)
        .where(Question.key == key)
    ).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


def locked(db: Session, key: str) -> tuple[Question, QuestionRevision]:
    """Until the transaction ends, as corrections lock it. Raises NotFound."""
    statement = select(Question).where(Question.key == key).with_for_update(key_share=True)
    row = db.scalars(statement.execution_options(populate_existing=True)).first()
    if row is None or row.current_revision_id is None:
        raise NotFound
    return row, db.get_one(QuestionRevision, row.current_revision_id)


def free_key(db: Session, main_topic: str) -> str:
    """Waits for whoever takes keys at the same time."""
    wait_for_other_syncs(db)
    stem = key_stem(main_topic)
    return next_key(stem, db.scalars(select(Question.key).where(Question.key.startswith(f"{stem}-"))))


def topic_ids(db: Session, keys: Sequence[str]) -> list[int]:
    """In the order of the keys. Raises Invalid."""
    known = {row.key: row.id for row in db.execute(select(Topic.key, Topic.id).where(Topic.key.in_(keys)))}
    if not keys:
        raise Invalid("分野を一つ以上選んでください。最初のものが主な分野になります。", field="topics")
    for key in keys:
        if key not in known:
            raise Invalid("分野「%(value)s」はシラバスにありません。", field="topics", value=key)
    return [known[key] for key in dict.fromkeys(keys)]


def replace_topics(db: Session, row: Question, ids: Sequence[int]) -> bool:
    """Whether anything changed."""
    held = {link.topic_id: link for link in db.scalars(
        select(QuestionTopic).where(QuestionTopic.question_id == row.id).order_by(QuestionTopic.position)
    )}  # fmt: skip
    row.main_topic_id = ids[0]
    if list(held) == list(ids):
        return False
    for topic_id, link in held.items():
        if topic_id not in ids:
            db.delete(link)
    for position, topic_id in enumerate(ids):
        if topic_id in held:
            held[topic_id].position = position
        else:
            db.add(QuestionTopic(question_id=row.id, topic_id=topic_id, position=position))
    db.flush()
    return True


def add_revision(
    db: Session, actor: Actor, row: Question, rendered: RenderedQuestion, number: int, now: datetime
) -> None:
    question = rendered.question
    revision = QuestionRevision(
        question_id=row.id,
        number=number,
        content_hash=revision_hash(question, rendered.figures),
        kind=question.kind.value,
        level=question.level.value if question.level else None,
        data=domain.to_data(question),
        html=rendered.html,
        plain=rendered.plain,
        expected_facility=question.expected_facility,
        source_line=question.source_line or "",
        created_at=now,
        created_by=actor.user_id or None,
    )
    db.add(revision)
    db.flush()
    row.current_revision_id = revision.id
    db.flush()


def says_the_same(one: domain.Question, other: domain.Question) -> bool:
    """But for the status, and for the order of what has none."""
    if set(one.attributes) == set(other.attributes):
        one = replace(one, attributes=other.attributes)
    return replace(one, status=other.status) == other


def changes_key(old: domain.Question, new: domain.Question) -> bool:
    """Of the same options. Where the options are others, a new question is asked, and old answers keep their marks."""
    if option_maps(old, new) is None:
        return False
    keys = [[key_of(body) for body in bodies(question)] for question in (old, new)]
    if any(isinstance(key, RightNumber) for key in keys[0]) or not all(map(_has_key, (old, new))):
        return keys[0] != keys[1]
    return not (same_keys(old, new) and same_keys(new, old))


def _has_key(question: domain.Question) -> bool:
    return all(
        any(choice.correct for choice in body.choices)
        for body in bodies(question)
        if isinstance(body, domain.SingleChoice | domain.MultipleChoice)
    )


def was_answered(db: Session, question_id: int) -> bool:
    of_question = select(QuestionRevision.id).where(QuestionRevision.question_id == question_id)
    return bool(db.scalar(select(exists().where(Response.revision_id.in_(of_question)))))


def _named(rendered: RenderedQuestion, key: str, status: QuestionStatus) -> RenderedQuestion:
    return replace(rendered, question=replace(rendered.question, id=key, status=status))


@dataclass(frozen=True, slots=True)
class RestoreRevision:
    """``base_revision`` is the number of the newest as the lecturer saw it."""

    key: str
    number: int
    base_revision: int


def restore_revision(db: Session, actor: Actor, command: RestoreRevision, now: datetime) -> int:
    """What an earlier revision said, as a new one; returns its number. Raises as `revise_question` does."""
    require(actor, Permission.WRITE_CONTENT)
    row, _newest = locked(db, command.key)
    old = db.scalars(
        select(QuestionRevision).where(
            QuestionRevision.question_id == row.id, QuestionRevision.number == command.number
        )
    ).first()
    if old is None:
        raise NotFound
    figures = figures_in(db, old.html)
    question = domain.from_data(old.data)
    rendered = RenderedQuestion(question, dict(old.html), old.plain, figure_hashes(question, figures))
    number = revise_question(db, actor, ReviseQuestion(command.key, rendered, command.base_revision), now)
    audit.record(db, actor.user_id, "question.restore", "question", row.key, now, revision=command.number)
    return number
