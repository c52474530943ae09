"""From uploaded files to a draft of a study session: what can be read from them is proposed, and stands at once.

Three steps, so that nothing slow holds a transaction: the files are checked (`upload_checks`), a proposal is made from
them and rendered, and then all of it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from studyhub.content import markdown_scan
from studyhub.domain import outline
from studyhub.domain.editing import SessionFields, SessionKind
from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Actor
from studyhub.formats import study_session as formats
from studyhub.formats.report import Language
from studyhub.formats.upload_kinds import UploadKind
from studyhub.persistence.models import Course, Question, StudySession, Syllabus, Term, Topic, Worksheet
from studyhub.services.courses import create_course
from studyhub.services.materials import Attached, Role, attach, linkable, roles_of
from studyhub.services.study_session_editing import (
    CreateStudySession,
    RenderedNotes,
    create_study_session,
    editable,
    render_notes,
)
from studyhub.services.upload_checks import CheckedUpload, Received, free_path

DEFAULT_MINUTES = 60
FIRST_COURSE = "勉強会"
MOST_FINDINGS = 10
UNTITLED = "題名のない勉強会"
_LONGEST_TITLE = 200
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)")
_PLACEHOLDER_KEY = "new-study-session"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the site knows and a proposal needs. `course` is the key of the one the lecturer used last, if any."""

    course: str
    courses: Mapping[str, str]
    """Titles by key."""
    words: Mapping[str, Sequence[str]]
    """Topics by the words that tell of them."""
    topics: frozenset[str]
    questions: frozenset[str]
    worksheets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """`course_title` is that of a course to be made; `remarks` say what was left out of what the files name."""

    fields: SessionFields
    body: str
    notes: RenderedNotes
    attached: tuple[tuple[str, Attached], ...]
    """By path."""
    refusals: tuple[Invalid, ...]
    remarks: tuple[Invalid, ...] = ()
    course_title: str = ""
    check: tuple[str, ...] = ()
    wanted_key: str = ""
    survey: formats.WantedSurvey | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nothing:
    """None of the files could be taken."""

    refusals: tuple[Invalid, ...]


def knowledge(db: Session, actor: Actor) -> Knowledge:
    """A constant number of statements whatever the size."""
    courses = select(Course.key, Course.title).where(~Course.retired).order_by(Course.position, Course.id)
    used = (
        select(Course.key)
        .join(StudySession, StudySession.course_id == Course.id)
        .where(StudySession.author_id == actor.user_id, ~Course.retired)
        .order_by(StudySession.id.desc())
        .limit(1)
    )
    titles = {row.key: row.title for row in db.execute(courses)}
    topics = frozenset(db.scalars(select(Topic.key).where(~Topic.retired)))
    return Knowledge(
        course=db.scalar(used) or next(iter(titles), ""),
        courses=titles,
        words=_words(db, topics),
        topics=topics,
        questions=frozenset(db.scalars(select(Question.key))),
        worksheets=frozenset(db.scalars(select(Worksheet.key))),
    )


def _words(db: Session, topics: frozenset[str]) -> dict[str, list[str]]:
    """Names of the topics of current syllabi that have none below them, and terms with their abbreviations."""
    child = aliased(Topic)
    leaves = (
        select(Topic.key, Topic.name)
        .join(Syllabus, Syllabus.id == Topic.syllabus_id)
        .where(Syllabus.status == "current", ~Topic.retired)
        .where(~select(child.id).where(child.parent_id == Topic.id).exists())
    )
    words: dict[str, list[str]] = {}
    for key, name in db.execute(leaves):
        words.setdefault(name, []).append(key)
    for term, abbreviations, told in db.execute(select(Term.term, Term.abbreviations, Term.topics)):
        for word in (term, *(each.get("short", "") for each in abbreviations)):
            words.setdefault(word, []).extend(topic for topic in told if topic in topics)
    return words


def propose(
    upload: CheckedUpload, known: Knowledge, actor: Actor, *, with_speaker_notes: bool
) -> Proposal | Nothing:
    """An upload without any file proposes an empty session. Renders notes: outside any transaction."""
    refusals = list(upload.refusals)
    authored, rest = _authored(upload, refusals, actor)
    if authored is None and (upload.page is not None or (refusals and not rest)):
        return Nothing(tuple(refusals))
    attached = _placed(rest, authored)
    addresses = {path: f"/files/{each.file.address}" for path, each in attached}
    if authored is not None:
        try:
            notes = render_notes(authored.body, addresses)
        except Invalid as refusal:
            refusals.append(refusal)
            authored = None
            if not rest:
                return Nothing(tuple(refusals))
        else:
            return _from_page(upload, authored, notes, attached, refusals, known, actor)
    fields, course_title = _suggested(attached, known, actor)
    body = _outline(attached, with_speaker_notes=with_speaker_notes)
    try:
        notes = render_notes(body, addresses)
    except Invalid:
        # Slides so strange that no outline can be made of them still make a study session.
        body, notes = "", render_notes("", addresses)
    return Proposal(fields, body, notes, attached, tuple(refusals), course_title=course_title)


def start_study_session(db: Session, actor: Actor, proposal: Proposal, now: datetime) -> str:
    """A draft with its files; returns its key."""
    fields = proposal.fields
    if not fields.course:
        fields = replace(fields, course=create_course(db, actor, proposal.course_title, now))
    command = CreateStudySession(
        fields=fields,
        notes=proposal.notes,
        check=proposal.check,
        wanted_key=proposal.wanted_key,
        survey=proposal.survey,
        sources=proposal.sources,
    )
    key = create_study_session(db, actor, command, now)
    row = editable(db, key)
    for path, each in proposal.attached:
        attach(db, row, each, path, now)
    return key


def _authored(
    upload: CheckedUpload, refusals: list[Invalid], actor: Actor
) -> tuple[formats.StudySessionPage | None, list[Received]]:
    """The page of the session, from its archive or from the first Markdown file, and the files beside it."""
    rest = list(upload.files)
    if upload.page is not None:
        return read_page("session.md", upload.page, refusals, actor), rest
    for file in rest:
        if file.kind is UploadKind.NOTES:
            rest.remove(file)
            page = read_page(file.name, file.text, refusals, actor)
            return page, rest
    return None, rest


def read_page(name: str, text: str, refusals: list[Invalid], actor: Actor) -> formats.StudySessionPage | None:
    """Markdown with or without front matter; what the front matter leaves out is filled in."""
    filled, title = _with_front_matter(text, name)
    reading = formats.read_page(filled, name)
    if reading.items:
        page = reading.items[0].item
        return replace(page, id="" if page.id == _PLACEHOLDER_KEY else page.id, title=page.title or title)
    language: Language = "en" if actor.locale.value == "en" else "ja"
    refusals.extend(
        Invalid(
            "「%(name)s」の%(line)s行目：%(reason)s",
            name=name, line=finding.line, reason=finding.sentence(language),
        )
        for finding in reading.report.errors[:MOST_FINDINGS]
    )  # fmt: skip
    return None


def _with_front_matter(text: str, name: str) -> tuple[str, str]:
    """Missing fields go to the end of the front matter, so that lines keep their numbers."""
    matched = _FRONT_MATTER.match(text)
    front, body = (matched[1], text[matched.end() :]) if matched else ("", text)
    heading = _HEADING.match(body)
    stem = name.rsplit(".", 1)[0].replace("_", " ")
    title = outline.one_line(heading[1] if heading else stem)[:_LONGEST_TITLE] or UNTITLED
    needed = {
        "id": _PLACEHOLDER_KEY,
        "title": '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"',
        "status": "draft",
        "minutes": str(DEFAULT_MINUTES),
    }
    missing = [f"{key}: {value}\n" for key, value in needed.items() if not _names(front, key)]
    if heading and not _names(front, "title"):
        body = body[heading.end() :]
    return f"---\n{front}{''.join(missing)}---\n{body}", title


def _names(front: str, key: str) -> bool:
    return re.search(rf"^{key}[ \t]*:", front, re.MULTILINE) is not None


def _placed(
    received: Sequence[Received], page: formats.StudySessionPage | None
) -> tuple[tuple[str, Attached], ...]:
    """With their paths; what the page names keeps the path, the title and the role that the page says."""
    named = {material.file: material for material in page.materials} if page else {}
    mentioned = markdown_scan.relative_addresses(page.body) if page else ()
    in_notes = {PurePosixPath(address).name: address for address in mentioned}
    taken: set[str] = set()
    placed = []
    for each in roles_of(received):
        # Beside a lone Markdown file there are no folders: a figure goes where the notes look for it.
        path = in_notes.get(each.file.path, each.file.path)
        material = named.get(path)
        is_named = material is not None or path in in_notes.values()
        path = path if is_named else free_path(linkable(path), taken)
        taken.add(path.casefold())
        if material is not None:
            each = Attached(each.file, _authored_role(each, material), material.title or each.title)
        placed.append((path, each))
    order = list(named)
    placed.sort(key=lambda pair: order.index(pair[0]) if pair[0] in named else len(order))
    return tuple(placed)


def _authored_role(attached: Attached, material: formats.Material) -> Role:
    wants_slides = material.role is formats.MaterialRole.SLIDES
    if attached.role is Role.VIDEO or (attached.role is Role.FIGURE and not wants_slides):
        return attached.role if attached.role is Role.VIDEO else Role.HANDOUT
    return Role.SLIDES if wants_slides and attached.file.deck is not None else Role.HANDOUT


def _from_page(
    upload: CheckedUpload,
    page: formats.StudySessionPage,
    notes: RenderedNotes,
    attached: tuple[tuple[str, Attached], ...],
    refusals: Iterable[Invalid],
    known: Knowledge,
    actor: Actor,
) -> Proposal:
    remarks = list(_unknown(page, known))
    course, course_title = _course(upload, known)
    paths = {path for path, _ in attached}
    remarks += [
        Invalid("「%(name)s」が見当たりません。あとから資料に加えてください。", name=material.file)
        for material in page.materials
        if material.file not in paths
    ]
    suggested, _ = _suggested(attached, known, actor)
    fields = SessionFields(
        title=page.title,
        course=course,
        title_en=page.title_en,
        summary=page.summary,
        summary_en=page.summary_en,
        kind=SessionKind(page.kind.value),
        held_on=page.held_on,
        starts_at=page.starts_at if page.held_on else None,
        place=page.place,
        minutes=page.minutes,
        lecturers=page.lecturers or suggested.lecturers,
        topics=tuple(topic for topic in page.topics if topic in known.topics)
        or _topics(page.body, attached, known),
        objectives=page.objectives or suggested.objectives,
        worksheet=page.worksheet if page.worksheet in known.worksheets else None,
    )
    return Proposal(
        fields=fields,
        body=page.body,
        notes=notes,
        attached=attached,
        refusals=tuple(refusals),
        remarks=tuple(remarks),
        course_title=course_title,
        check=tuple(key for key in page.check if key in known.questions),
        wanted_key=page.id,
        survey=page.survey,
        sources=page.sources,
    )


def _unknown(page: formats.StudySessionPage, known: Knowledge) -> Iterable[Invalid]:
    for topic in page.topics:
        if topic not in known.topics:
            yield Invalid("分野「%(value)s」はシラバスにないため、外しました。", value=topic)
    for key in page.check:
        if key not in known.questions:
            yield Invalid("確認の問題「%(value)s」は問題集にないため、外しました。", value=key)


def _course(upload: CheckedUpload, known: Knowledge) -> tuple[str, str]:
    """Its key, or the title of one to be made: that of the archive, else the one used last."""
    items = formats.read_course(upload.course, "course.yaml").items if upload.course else ()
    if items:
        course = items[0].item
        by_title = {title: key for key, title in known.courses.items()}
        key = course.id if course.id in known.courses else by_title.get(course.title, "")
        return key, "" if key else course.title
    return known.course, "" if known.course else FIRST_COURSE


def _suggested(
    attached: Sequence[tuple[str, Attached]], known: Knowledge, actor: Actor
) -> tuple[SessionFields, str]:
    decks = [each.file.deck for _, each in attached if each.role is Role.SLIDES and each.file.deck]
    pages = sum(len(deck.pages) for deck in decks)
    names = [each.file.stem for _, each in attached]
    fields = SessionFields(
        title=(
            outline.suggested_title(decks[0], names[0])
            if decks
            else outline.one_line(names[0])
            if names
            else ""
        )
        or UNTITLED,
        course=known.course,
        minutes=outline.suggested_minutes(pages) if pages else DEFAULT_MINUTES,
        lecturers=(actor.display_name,),
        topics=_topics("", attached, known),
        objectives=next((found for deck in decks if (found := outline.suggested_objectives(deck))), ()),
    )
    return fields, "" if known.course else FIRST_COURSE


def _topics(body: str, attached: Sequence[tuple[str, Attached]], known: Knowledge) -> tuple[str, ...]:
    texts = [body, *(each.file.deck.text for _, each in attached if each.file.deck)]
    return outline.suggested_topics("\n".join(texts), known.words)


def _outline(attached: Sequence[tuple[str, Attached]], *, with_speaker_notes: bool) -> str:
    """Sections of the slides, then the figures, so that they can be seen and put where they belong."""
    decks = (each.file.deck for _, each in attached if each.role is Role.SLIDES and each.file.deck)
    parts = [outline.outline(deck, with_notes=with_speaker_notes) for deck in decks]
    figures = [
        f"![{outline.escaped(each.title)}]({path})" for path, each in attached if each.role is Role.FIGURE
    ]
    if figures:
        parts.append("\n\n".join(["## 図", *figures]) + "\n")
    return "\n".join(part for part in parts if part)
