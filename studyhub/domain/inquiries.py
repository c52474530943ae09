"""Questions that officers ask the lecturers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from studyhub.domain.errors import Invalid

MAX_TITLE = 120
MAX_TEXT = 2000
MAX_ANSWER = 8000
MOST_A_DAY = 20
DAY = timedelta(days=1)
"""Window in which what a person asked is counted."""


class InquiryState(StrEnum):
    """Open ones are seen by the asker and those who may answer, answered ones by everybody signed in."""

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class About:
    """What an inquiry is about; nothing is set when it is about nothing the site holds.

    ``slide`` is the number through all slides of the study session, from 1.
    """

    study_session: str = ""
    slide: int | None = None
    question_id: int | None = None


@dataclass(frozen=True, slots=True)
class AskInquiry:
    title: str
    text: str
    about: About
    nameless: bool = False

    def check(self) -> None:
        """Raises Invalid."""
        if not self.title.strip() or len(self.title) > MAX_TITLE:
            raise Invalid("題名を%(limit)s字以内で書いてください。", field="title", limit=MAX_TITLE)
        if not self.text.strip() or len(self.text) > MAX_TEXT:
            raise Invalid("質問を%(limit)s字以内で書いてください。", field="text", limit=MAX_TEXT)


def checked_answer(text: str) -> str:
    """Raises Invalid."""
    text = text.strip()
    if not text or len(text) > MAX_ANSWER:
        raise Invalid("回答を%(limit)s字以内で書いてください。", field="text", limit=MAX_ANSWER)
    return text
