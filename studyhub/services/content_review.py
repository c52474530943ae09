"""Answers given without seeing the key: which questions still need some, and taking them in beside the pool."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from studyhub.content import blind
from studyhub.content.loader import REVIEWS, Content, LoadedQuestion, load
from studyhub.content.reviews import asked_hash, check_reviews
from studyhub.domain.errors import Invalid
from studyhub.domain.questions import QuestionStatus, Scenario
from studyhub.formats import review_csv
from studyhub.formats.review_csv import Review


@dataclass(frozen=True, slots=True)
class Taken:
    """``differing`` names the questions whose answer was not the key, with what was answered."""

    answered: int
    differing: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    """Ids that are not in the pool, or were asked in another wording than the present one."""


def sheets(root: Path, *, every: bool = False) -> list[dict[str, Any]]:
    """Of the published questions that lack agreeing answers, or of all with ``every``; scenarios are left out."""
    content = load(root)
    wanting = {finding.item for finding in check_reviews(content.questions, content.reviews or ())}
    return [blind.sheet(q) for q in _askable(content) if every or q.question.id in wanting]


def take_answers(root: Path, text: str, day: date) -> Taken:
    """``text`` is a CSV with the columns ``id``, ``asked`` and ``answer``; the outcome is added to the reviews.

    Raises Invalid when a column is missing.
    """
    content = load(root)
    askable = {loaded.question.id: loaded for loaded in _askable(content)}
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows or not {"id", "asked", "answer"} <= set(rows[0]):
        raise Invalid("id、asked、answer の列が要ります。")
    added, differing, unknown = [], [], []
    for row in rows:
        loaded = askable.get(row["id"])
        if loaded is None or asked_hash(loaded) != row["asked"]:
            unknown.append(row["id"])
            continue
        agrees = blind.is_key(loaded.question, row["answer"] or "")
        added.append(Review(row["id"], row["asked"], day, int(agrees), 1))
        if not agrees:
            differing.append((row["id"], row["answer"] or ""))
    _store(root, [found.item for found in content.reviews or ()], added)
    return Taken(len(added), tuple(differing), tuple(unknown))


def _askable(content: Content) -> list[LoadedQuestion]:
    return [
        loaded
        for loaded in content.questions
        if loaded.question.status is QuestionStatus.PUBLISHED
        and loaded.question.source_line is None
        and not isinstance(loaded.question.body, Scenario)
    ]


def _store(root: Path, before: list[Review], added: list[Review]) -> None:
    """One row for each question, wording and day."""
    counts: dict[tuple[str, str, date], tuple[int, int]] = {}
    for review in [*before, *added]:
        key = (review.question_id, review.asked, review.day)
        agreed, answered = counts.get(key, (0, 0))
        counts[key] = (agreed + review.agreed, answered + review.answered)
    rows = [Review(*key, *count) for key, count in counts.items()]
    (root / "question_pool" / REVIEWS).write_text(review_csv.write(rows), encoding="utf-8")
