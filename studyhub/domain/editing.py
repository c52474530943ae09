"""Writing study sessions: what a form holds, which state a session is in, and anchors that stay."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from studyhub.domain.days import is_usual
from studyhub.domain.errors import Invalid

KEEP_DELETED = timedelta(days=30)
LONGEST_NOTES_BYTES = 200_000
MOST_MINUTES = 1440
_LONGEST_SLUG = 60
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
LONGEST_LINE = 5_000
"""Characters. What looks for headings and figures takes quadratic time in the length of a line."""
_ANCHOR = re.compile(r"\{:?[ \t]*#([A-Za-z][\w.-]*)[^}]*\}[ \t]*$")


class SessionKind(StrEnum):
    STUDY_SESSION = "study_session"
    WORKSHOP = "workshop"
    CASE_NOTE = "case_note"


class SessionState(StrEnum):
    """As the studio tells them apart; only a published session is known to officers."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    RETIRED = "retired"
    DELETED = "deleted"


def session_state(status: str, publish_at: datetime | None, deleted_at: datetime | None) -> SessionState:
    if deleted_at is not None:
        return SessionState.DELETED
    if status == SessionState.DRAFT and publish_at is not None:
        return SessionState.SCHEDULED
    return SessionState(status)


@dataclass(frozen=True, slots=True)
class SessionFields:
    """What a lecturer fills in. ``starts_at`` is Japanese time; ``course``, ``topics`` and ``worksheet`` are keys."""

    title: str
    course: str
    title_en: str = ""
    summary: str = ""
    summary_en: str = ""
    kind: SessionKind = SessionKind.STUDY_SESSION
    held_on: date | None = None
    starts_at: time | None = None
    place: str = ""
    minutes: int = 60
    lecturers: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    worksheet: str | None = None


def require_sound(fields: SessionFields) -> None:
    """Raises Invalid, naming the field of the form."""
    if not fields.title.strip():
        raise Invalid("題名を入力してください。", field="title")
    for name, text, limit in _bounded_texts(fields):
        if len(text) > limit:
            raise Invalid("%(limit)s字以内で入力してください。", field=name, limit=limit)
    if not 1 <= fields.minutes <= MOST_MINUTES:
        raise Invalid("1分から1440分までの長さを入力してください。", field="minutes")
    if fields.held_on is not None and not is_usual(fields.held_on):
        raise Invalid("日付を入力してください。", field="held_on")
    if fields.starts_at is not None and fields.held_on is None:
        raise Invalid("開始時刻を決めるときは、開催日も入力してください。", field="held_on")


def _bounded_texts(fields: SessionFields) -> Iterable[tuple[str, str, int]]:
    yield "title", fields.title, 200
    yield "title_en", fields.title_en, 200
    yield "place", fields.place, 200
    yield "summary", fields.summary, 2000
    yield "summary_en", fields.summary_en, 2000
    for name in fields.lecturers:
        yield "lecturers", name, 120
    for objective in fields.objectives:
        yield "objectives", objective, 500


def slug(*texts: str) -> str:
    """Lower-case ASCII words joined by hyphens, of the first text that has any; empty when none has."""
    for text in texts:
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        if joined := "-".join(re.findall(r"[a-z0-9]+", plain)):
            return joined[:_LONGEST_SLUG].strip("-")
    return ""


def free_key(wanted: str, taken: Collection[str]) -> str:
    """``wanted``, with the first number behind it that makes it free."""
    if wanted not in taken:
        return wanted
    return next(key for number in range(2, len(taken) + 3) if (key := f"{wanted}-{number}") not in taken)


def tidied(body: str) -> str:
    """With the line ends of Unix. Raises Invalid for notes that are too large to be worked on."""
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    if len(text.encode()) > LONGEST_NOTES_BYTES:
        raise Invalid(
            "本文が大きすぎます（上限 %(limit)s バイト）。", field="body", limit=LONGEST_NOTES_BYTES
        )
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            raise Invalid(
                "本文の%(line)s行目が長すぎます（上限 %(limit)s 字）。改行を入れてください。",
                field="body", line=number, limit=LONGEST_LINE,
            )  # fmt: skip
    return text


def with_anchors(body: str) -> str:
    """Every section (``##``) with an explicit anchor, so that reading marks and links survive the next edit.

    An anchor that is made comes from the heading's own words: the same heading gets the same anchor wherever it is
    moved, and a removed section's anchor is not handed to another.
    """
    lines = body.split("\n")
    taken = {found[1] for line in lines if (found := _ANCHOR.search(line))}
    for number in _section_lines(lines):
        heading = _section_title(lines[number])
        if not heading or _ANCHOR.search(heading):
            continue
        anchor = free_key(_made_anchor(heading), taken)
        taken.add(anchor)
        lines[number] = f"## {heading} {{#{anchor}}}"
    return "\n".join(lines)


def _section_lines(lines: list[str]) -> Iterable[int]:
    """Numbers of the lines that are sections, those inside fenced code left out."""
    fence = ""
    for number, line in enumerate(lines):
        matched = _FENCE.match(line)
        if not fence and matched:
            fence = matched[1]
        elif fence:
            if matched and matched[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        elif line.startswith("##") and not line.startswith("###"):
            yield number


def _section_title(line: str) -> str:
    return line[2:].rstrip(" \t").rstrip("#").strip(" \t")


def _made_anchor(heading: str) -> str:
    words = slug(heading) if heading.isascii() else ""
    if words[:1].isalpha():
        return words
    return f"s-{hashlib.sha256(heading.encode()).hexdigest()[:8]}"


def parted(source: str) -> tuple[str, str]:
    """Front matter and notes of a revision's source, without the lines that part them."""
    matched = _FRONT_MATTER.match(source)
    if matched is None:
        return "", source.lstrip("\n")
    return matched[1], source[matched.end() :].lstrip("\n")


class Step(StrEnum):
    """What a session has before officers can learn from it."""

    CONTENT = "content"
    SOUND = "sound"
    """Nothing in the notes that the checks call an error."""
    TOPICS = "topics"
    OBJECTIVES = "objectives"
    SUMMARY = "summary"
    LECTURERS = "lecturers"
    HELD_ON = "held_on"
    CHECKS = "checks"


NEEDED = frozenset({Step.CONTENT, Step.SOUND})
"""Without these nothing is published."""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    step: Step
    done: bool

    @property
    def is_needed(self) -> bool:
        return self.step in NEEDED


def checklist(*, content: bool, errors: int, filled: Collection[Step]) -> tuple[ChecklistItem, ...]:
    """``filled`` are the steps that hold something, apart from the two that are needed."""
    done = {Step.CONTENT: content, Step.SOUND: not errors}
    return tuple(ChecklistItem(step, done.get(step, step in filled)) for step in Step)
