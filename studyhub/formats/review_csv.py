"""Who answered a question without seeing its key: ``question_pool/review.csv``, a row for each round of answers.

Columns: ``id``, ``asked`` (``content.reviews.asked_hash`` of the question as it was shown), ``date``, ``agreed`` (how many
answered as the key says) and ``answered`` (how many answered).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date

from studyhub.formats.report import Findings, Located, Reading

COLUMNS = ("id", "asked", "date", "agreed", "answered")


@dataclass(frozen=True, slots=True)
class Review:
    question_id: str
    asked: str
    day: date
    agreed: int
    answered: int


def read(text: str, file: str) -> Reading[Review]:
    findings = Findings(file)
    rows = csv.DictReader(io.StringIO(text))
    for column in COLUMNS:
        if column not in (rows.fieldnames or ()):
            findings.error("missing-column", 1, field=column)
    if findings.error_count:
        return Reading((), findings.report())
    found = (_review(row, rows.line_num, findings) for row in rows)
    items = tuple(Located(review, file, line) for review, line in found if review is not None)
    return Reading(items, findings.report())


def _review(row: dict[str, str], line: int, findings: Findings) -> tuple[Review | None, int]:
    try:
        review = Review(
            row["id"], row["asked"], date.fromisoformat(row["date"]), int(row["agreed"]), int(row["answered"])
        )
    except (TypeError, ValueError):
        findings.error("bad-review", line, str(row["id"] or ""))
        return None, line
    if not 0 <= review.agreed <= review.answered:
        findings.error("bad-review", line, review.question_id)
        return None, line
    return review, line


def write(reviews: list[Review]) -> str:
    """Sorted by question and day, so that a difference between two versions is short."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for r in sorted(reviews, key=lambda r: (r.question_id, r.day, r.asked)):
        writer.writerow([r.question_id, r.asked, r.day.isoformat(), r.agreed, r.answered])
    return out.getvalue()
