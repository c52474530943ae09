"""From what was authored to what is stored as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, assert_never

from studyhub.content.loader import FoundFile, LoadedQuestion, LoadedStudySession
from studyhub.content.plan import digest, question_fingerprint
from studyhub.domain.questions import (
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Part,
    Question,
    Scenario,
    SimpleBody,
    SingleChoice,
    TrueFalse,
)
from studyhub.formats.glossary_yaml import Term
from studyhub.formats.report import Located
from studyhub.services.content_sync.attachments import Attachments
from studyhub.services.content_sync.glossary import PreparedTerm
from studyhub.services.content_sync.questions import PreparedQuestion, revision_hash
from studyhub.services.content_sync.sheet import Address, Place, Sheet
from studyhub.services.content_sync.study_sessions import PreparedStudySession, RenderedPage

Prepared = TypeVar("Prepared")
Take = Callable[[], Prepared]
"""What an item becomes, once the sheet is rendered."""


def lay_term(sheet: Sheet, found: Located[Term]) -> Take[PreparedTerm]:
    number = sheet.lay(found.item.definition, Place(found.file, found.line, found.item.term))

    def take() -> PreparedTerm:
        rendered = sheet.rendered(number)
        return PreparedTerm(found.item, rendered.html, rendered.plain)

    return take


def lay_loaded_question(
    sheet: Sheet, loaded: LoadedQuestion, held: Mapping[str, str], attachments: Attachments
) -> Take[PreparedQuestion]:
    place = Place(loaded.file, loaded.line, loaded.question.id, addresses(loaded.figures, attachments))
    hash_ = revision_hash(loaded.question, [file.sha256 for file in loaded.figures])
    return lay_question(sheet, loaded.question, place, hash_, question_fingerprint(loaded), held)


def lay_question(
    sheet: Sheet, question: Question, place: Place, hash_: str, fingerprint: str, held: Mapping[str, str]
) -> Take[PreparedQuestion]:
    """`held` gives the hash of the current revision by key; one that says the same is not rendered again."""
    if held.get(question.id) == hash_:
        return lambda: PreparedQuestion(question, hash_, fingerprint)
    shape = _Layout(sheet, place).question(question)

    def take() -> PreparedQuestion:
        leading = (sheet.rendered(shape[name]).plain for name in ("text", "stem") if name in shape)
        plain = "\n".join(text for text in leading if text)
        return PreparedQuestion(question, hash_, fingerprint, sheet.fill(shape), plain)

    return take


def lay_page(
    sheet: Sheet, loaded: LoadedStudySession, held: Mapping[str, str], attachments: Attachments
) -> Take[PreparedStudySession]:
    files = loaded.figures + loaded.materials
    hash_ = digest([loaded.page.source, sorted([file.name, file.sha256] for file in files)])
    if held.get(loaded.page.id) == hash_:
        return lambda: PreparedStudySession(loaded, hash_, None)
    place = Place(loaded.file, loaded.page.body_line, loaded.page.id, addresses(files, attachments))
    number = sheet.lay(loaded.page.body, place, keep_ids=True)

    def take() -> PreparedStudySession:
        rendered = sheet.rendered(number)
        page = RenderedPage(
            segments=[list(segment) for segment in rendered.segments],
            toc=[{"anchor": h.anchor, "text": h.text, "level": h.level} for h in rendered.toc],
            plain=rendered.plain,
        )
        return PreparedStudySession(loaded, hash_, page)

    return take


def addresses(found: Sequence[FoundFile], attachments: Attachments) -> Address:
    known = {file.name: attachments.address_of(file) for file in found}
    return known.get


class _Layout:
    """The shape of `QuestionRevision.html`, with numbers of the sheet where the HTML will stand."""

    def __init__(self, sheet: Sheet, place: Place) -> None:
        self._sheet = sheet
        self._place = place

    def question(self, question: Question) -> dict[str, Any]:
        body = question.body
        shape: dict[str, Any] = {
            "stem": self._lines(question.stem),
            "explanation": self._block(question.explanation),
        }
        if isinstance(body, Scenario):
            parts = [self._part(part) for part in body.parts]
            return shape | {"text": self._lines(body.text), "choices": [], "reasons": [], "parts": parts}
        return shape | self._body(body)

    def _part(self, part: Part) -> dict[str, Any]:
        own = {"stem": self._lines(part.stem), "explanation": self._block(part.explanation)}
        return own | self._body(part.body)

    def _body(self, body: SimpleBody) -> dict[str, list[int]]:
        match body:
            case SingleChoice(choices) | MultipleChoice(choices):
                return {
                    "choices": self._inline(choice.text for choice in choices),
                    "reasons": self._inline(choice.reason for choice in choices),
                }
            case TrueFalse():
                return {"choices": [], "reasons": self._inline((body.reason_true, body.reason_false))}
            case Numeric():
                return {"choices": [], "reasons": []}
            case Ordering(items):
                return {"choices": self._inline(items), "reasons": []}
            case Matching(pairs):
                return {
                    "choices": self._inline(pair.left for pair in pairs),
                    "rights": self._inline(pair.right for pair in pairs),
                    "reasons": self._inline(pair.reason for pair in pairs),
                }
            case _:
                assert_never(body)

    def _block(self, markdown: str) -> int:
        return self._sheet.lay(markdown, self._place)

    def _lines(self, markdown: str) -> int:
        return self._sheet.lay(markdown, self._place, keep_lines=True)

    def _inline(self, texts: Iterable[str]) -> list[int]:
        return [self._sheet.lay(text, self._place, inline=True) for text in texts]
