"""What must hold for one question by itself."""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, assert_never

from studyhub.content.loader import LoadedQuestion
from studyhub.domain.questions import (
    Choice,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Part,
    Question,
    QuestionStatus,
    Scenario,
    SimpleBody,
    SingleChoice,
    TrueFalse,
)
from studyhub.formats.report import Finding, Findings

LONGER_KEY_RATIO = 1.6
LONGER_KEY_CHARACTERS = 12


def check_question(loaded: LoadedQuestion) -> tuple[Finding, ...]:
    """A question that is only a draft may still lack texts: these are then warnings.

    A real past question (one with a source line) comes without reasons and explanation.
    """
    findings = _OfQuestion(loaded)
    question = loaded.question
    match question.body:
        case Scenario(text, parts):
            _scenario(findings, text, parts)
        case body:
            if not question.stem.strip():
                findings.error("missing-stem")
            _body(findings, body)
    _texts(findings, question)
    return findings.report().findings


class _OfQuestion(Findings):
    """Findings that carry the question's place and key, and know how strict to be."""

    def __init__(self, loaded: LoadedQuestion) -> None:
        super().__init__(loaded.file)
        self._line = loaded.line
        self.question = loaded.question

    def error(self, code: str, line: int = 0, item: str = "", /, **params: object) -> None:
        super().error(code, line or self._line, item or self.question.id, **params)

    def warning(self, code: str, line: int = 0, item: str = "", /, **params: object) -> None:
        super().warning(code, line or self._line, item or self.question.id, **params)

    def lacking(self, code: str, **params: Any) -> None:
        if self.question.source_line is not None:
            return
        if self.question.status in {QuestionStatus.DRAFT, QuestionStatus.RETIRED}:
            self.warning(code, **params)
        else:
            self.error(code, **params)


def _texts(findings: _OfQuestion, question: Question) -> None:
    if not question.explanation.strip():
        findings.lacking("missing-explanation")
    if question.expected_facility is None:
        findings.lacking("missing-facility")
    if question.as_of is None:
        findings.lacking("missing-as-of")
    if question.level is None:
        findings.lacking("missing-level")


def _scenario(findings: _OfQuestion, text: str, parts: tuple[Part, ...]) -> None:
    if not text.strip() or not parts:
        findings.error("missing-stem")
    for part in parts:
        _body(findings, part.body)


def _body(findings: _OfQuestion, body: SimpleBody) -> None:
    match body:
        case SingleChoice(choices):
            _choices(findings, choices)
            keys = sum(choice.correct for choice in choices)
            if keys != 1:
                findings.error("not-one-key", count=keys)
            else:
                _key_length(findings, choices)
        case MultipleChoice(choices):
            _choices(findings, choices)
            if not any(choice.correct for choice in choices):
                findings.error("no-key")
        case TrueFalse(_, reason_true, reason_false):
            _reasons(findings, (reason_true, reason_false))
        case Numeric():
            pass
        case Ordering(items):
            _distinct(findings, items)
        case Matching(pairs):
            _distinct(findings, tuple(pair.left for pair in pairs))
        case _:
            assert_never(body)


def _choices(findings: _OfQuestion, choices: tuple[Choice, ...]) -> None:
    _distinct(findings, tuple(choice.text for choice in choices))
    _reasons(findings, [choice.reason for choice in choices])


def _reasons(findings: _OfQuestion, reasons: Iterable[str]) -> None:
    for number, reason in enumerate(reasons, start=1):
        if not reason.strip():
            findings.lacking("missing-reason", number=number)


def _distinct(findings: _OfQuestion, texts: tuple[str, ...]) -> None:
    if len(texts) < 2:
        findings.error("too-few-choices", count=len(texts))
    for number, text in enumerate(texts, start=1):
        if not text.strip():
            findings.error("empty-choice", number=number)
    for first, second in _alike(texts):
        findings.error("duplicate-choice", first=first + 1, second=second + 1)


def _alike(texts: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Pairs that differ in nothing but width, case, blanks and punctuation."""
    plain = [plain_text(text) or text for text in texts]
    for first, second in combinations(range(len(texts)), 2):
        if plain[first] and plain[first] == plain[second]:
            yield first, second


def plain_text(text: str) -> str:
    """Letters and digits, signs and symbols; without punctuation that carries no meaning here."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if not sign.isspace() and sign not in "、。,.・「」『』\"'`*")


def _key_length(findings: _OfQuestion, choices: tuple[Choice, ...]) -> None:
    key = next(len(choice.text) for choice in choices if choice.correct)
    longest = max((len(choice.text) for choice in choices if not choice.correct), default=0)
    if key > longest * LONGER_KEY_RATIO and key - longest >= LONGER_KEY_CHARACTERS:
        findings.warning("key-is-longest", key=key, other=longest)
