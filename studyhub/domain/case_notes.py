"""Case notes: trouble met at work, and what went well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from studyhub.domain.errors import Invalid

TAGS_SYLLABUS = "tokyo-dx"
"""Notes are tagged with the groups of this syllabus."""
TAGS_DEPTH = 1
MAX_TITLE = 120
MAX_TEXT = 4000
MAX_COMMENT = 1000
MOST_TOPICS = 5
MEETING_WEEK = timedelta(days=7)


class NoteKind(StrEnum):
    """課題 or 好事例."""

    TROUBLE = "trouble"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class NoteFields:
    """A note as its author writes it; ``text`` is Markdown, ``unit_id`` the bureau it is about."""

    kind: NoteKind
    title: str
    text: str
    happened_on: date
    unit_id: int | None = None
    topics: tuple[str, ...] = ()

    def check(self, today: date) -> None:
        """Raises Invalid."""
        if not self.title.strip() or len(self.title) > MAX_TITLE:
            raise Invalid("題名を%(limit)s字以内で書いてください。", field="title", limit=MAX_TITLE)
        if not self.text.strip() or len(self.text) > MAX_TEXT:
            raise Invalid("内容を%(limit)s字以内で書いてください。", field="text", limit=MAX_TEXT)
        if self.happened_on > today:
            raise Invalid("今日までの日を選んでください。", field="happened_on")
        if len(self.topics) > MOST_TOPICS:
            raise Invalid("テーマは%(limit)sつまで選べます。", field="topics", limit=MOST_TOPICS)


def checked_comment(text: str) -> str:
    """Raises Invalid."""
    text = text.strip()
    if not text or len(text) > MAX_COMMENT:
        raise Invalid("コメントを%(limit)s字以内で書いてください。", field="text", limit=MAX_COMMENT)
    return text


def week_before(today: date) -> date:
    """From when a meeting of today looks back, unless another day is asked for."""
    return today - MEETING_WEEK
