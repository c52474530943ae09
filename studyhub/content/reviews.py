"""Whether each published question was answered, without seeing the key, by people who agree with it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator

from studyhub.content.loader import LoadedQuestion
from studyhub.domain.questions import QuestionStatus, to_data
from studyhub.formats.report import Finding, Located, Severity
from studyhub.formats.review_csv import Review

AGREEING = 2
"""Answers as the key says that a published question needs, and none that differs."""
_NOT_SHOWN = ("reason", "reason_true", "reason_false", "explanation")
_SHOWN = ("stem", "kind", "choices", "answer", "items", "pairs", "text", "parts")


def asked_hash(loaded: LoadedQuestion) -> str:
    """Identifies what somebody is asked and what counts as right: stem, choices, key and figures.

    Other fields, such as the explanation or the topics, may be mended without asking anew.
    """
    data = to_data(loaded.question)
    asked = {name: _without_reasons(data[name]) for name in _SHOWN if name in data}
    asked["figures"] = sorted(figure.sha256 for figure in loaded.figures)
    canonical = json.dumps(asked, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _without_reasons(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_reasons(inner) for name, inner in value.items() if name not in _NOT_SHOWN}
    return [_without_reasons(inner) for inner in value] if isinstance(value, list) else value


def check_reviews(
    questions: Iterable[LoadedQuestion], reviews: Iterable[Located[Review]]
) -> Iterator[Finding]:
    """Real past questions need none: their keys are the examiner's."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for found in reviews:
        count = counts[found.item.question_id, found.item.asked]
        count[0] += found.item.agreed
        count[1] += found.item.answered
    for loaded in questions:
        question = loaded.question
        if question.status is not QuestionStatus.PUBLISHED or question.source_line is not None:
            continue
        agreed, answered = counts.get((question.id, asked_hash(loaded)), (0, 0))
        if agreed < AGREEING or agreed < answered:
            params: dict[str, object] = {"agreed": agreed, "answered": answered, "wanted": AGREEING}
            yield Finding(Severity.ERROR, loaded.file, loaded.line, "not-reviewed", question.id, params)
