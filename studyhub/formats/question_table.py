"""Questions as rows of a spreadsheet, one question a row, and back; a scenario has a row of its own and one a part.

What is written here and read again is the same question. Cells that a spreadsheet program would take for a formula, or
whose blanks it would lose, get an apostrophe in front, which reading takes off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import assert_never

from studyhub.domain.question_editing import as_people
from studyhub.domain.questions import (
    Kind,
    Level,
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
    kind_of,
)
from studyhub.formats.table_writing import TableFormat, write_csv, write_xlsx

COLUMNS: Mapping[str, tuple[str, str]] = {
    "id": ("ID", "ID"),
    "part": ("設問", "Part"),
    "kind": ("種類", "Kind"),
    "status": ("状態", "Status"),
    "topics": ("分野", "Topics"),
    "level": ("水準", "Level"),
    "text": ("状況文", "Scenario text"),
    "stem": ("問題文", "Stem"),
    "right": ("正解", "Right answer"),
    "tolerance": ("許す誤差", "Tolerance"),
    "unit": ("単位", "Unit"),
    "explanation": ("解説", "Explanation"),
    "terms": ("用語", "Terms"),
    "teaches": ("学べる所", "Taught at"),
    "people": ("10人中の正解者", "Right out of 10"),
    "as_of": ("確かめた年月", "Checked in"),
    "sources": ("出典", "Sources"),
    "keep_order": ("並べ替えない", "Keep the order"),
    "attributes": ("性質", "Attributes"),
    "source_line": ("出典の表示", "Source line"),
}
"""Field -> its heading in Japanese and English."""
ROW_COLUMNS: Mapping[str, tuple[str, str]] = {
    "choice": ("選択肢", "Choice "),
    "partner": ("対応", "Partner "),
    "reason": ("理由", "Reason "),
}
"""Likewise of each choice, item or pair; the heading ends with its number."""
LEAST_ROWS = 4
KINDS: Mapping[Kind, tuple[str, str]] = {
    Kind.SINGLE_CHOICE: ("単一選択", "single_choice"),
    Kind.MULTIPLE_CHOICE: ("複数選択", "multiple_choice"),
    Kind.TRUE_FALSE: ("正誤", "true_false"),
    Kind.NUMERIC: ("数値", "numeric"),
    Kind.ORDERING: ("並べ替え", "ordering"),
    Kind.MATCHING: ("組合せ", "matching"),
    Kind.SCENARIO: ("状況文と設問", "scenario"),
}
STATUSES: Mapping[QuestionStatus, tuple[str, str]] = {
    QuestionStatus.DRAFT: ("下書き", "draft"),
    QuestionStatus.REVIEW: ("確認待ち", "review"),
    QuestionStatus.PUBLISHED: ("公開", "published"),
    QuestionStatus.RETIRED: ("廃止", "retired"),
}
LEVELS: Mapping[Level, tuple[str, str]] = {
    Level.RECALL: ("想起", "recall"),
    Level.UNDERSTAND: ("理解", "understand"),
    Level.APPLY: ("応用", "apply"),
}
TRUTH: Mapping[bool, tuple[str, str]] = {True: ("正しい", "true"), False: ("正しくない", "false")}
YES = ("はい", "yes")
_GUARDED = ("=", "+", "-", "@", "'")
Cells = dict[str, str]


def protected(text: str) -> str:
    """With an apostrophe in front where the text would otherwise not come back as it is."""
    needs = (
        text[:1] in {"=", "+", "-", "@"} or text[:1].isspace() or (text[:1] == "'" and _is_guarded(text[1:]))
    )
    return f"'{text}" if text and needs else text


def unprotected(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and _is_guarded(cell[1:]) else cell


def _is_guarded(rest: str) -> bool:
    return rest[:1] in _GUARDED or rest[:1].isspace()


def write_questions(
    format_: TableFormat, questions: Sequence[Question], language: int, notes: Sequence[Sequence[str]] = ()
) -> bytes:
    """``language`` is 0 for Japanese and 1 for English words; ``notes`` fill a second sheet in XLSX."""
    fields = fields_for(questions)
    headings = [heading(field, language) for field in fields]
    rows = [
        [protected(cells.get(field, "")) for field in fields]
        for question in questions
        for cells in rows_of(question, language)
    ]
    if format_ is TableFormat.CSV:
        return write_csv(headings, rows)
    sheets: list[tuple[str, Sequence[str], Iterable[Sequence[str]]]] = [
        (("問題", "Questions")[language], headings, rows)
    ]
    if notes:
        sheets.append((("書き方", "How to fill in")[language], notes[0], notes[1:]))
    return write_xlsx(sheets)


def fields_for(questions: Iterable[Question]) -> list[str]:
    """Every field, with as many choices as the longest question has."""
    most = max([LEAST_ROWS, *(_row_count(question) for question in questions)])
    rows = [f"{name}{number}" for number in range(1, most + 1) for name in ROW_COLUMNS]
    before, after = list(COLUMNS)[:9], list(COLUMNS)[9:]
    return [*before, *rows, *after]


def heading(field: str, language: int) -> str:
    if field in COLUMNS:
        return COLUMNS[field][language]
    name = field.rstrip("0123456789")
    return f"{ROW_COLUMNS[name][language]}{field.removeprefix(name)}"


def _row_count(question: Question) -> int:
    return max((len(_rows(body)) for body in _bodies(question)), default=0)


def _bodies(question: Question) -> Iterator[SimpleBody]:
    if isinstance(question.body, Scenario):
        yield from (part.body for part in question.body.parts)
    else:
        yield question.body


def rows_of(question: Question, language: int) -> Iterator[Cells]:
    body = question.body
    own = _own_cells(question, language)
    if not isinstance(body, Scenario):
        yield own | _body_cells(body, language)
        return
    yield own | {"text": body.text}
    for number, part in enumerate(body.parts, start=1):
        yield {"id": question.id, "part": str(number)} | _part_cells(part, language)


def _own_cells(question: Question, language: int) -> Cells:
    return {
        "id": question.id,
        "kind": KINDS[question.kind][language],
        "status": STATUSES[question.status][language],
        "topics": "\n".join(question.topics),
        "level": LEVELS[question.level][language] if question.level else "",
        "stem": question.stem,
        "explanation": question.explanation,
        "terms": "\n".join(question.terms),
        "teaches": question.teaches or "",
        "people": as_people(question.expected_facility),
        "as_of": question.as_of or "",
        "sources": "\n".join(question.sources),
        "keep_order": YES[language] if question.keep_order else "",
        "attributes": "\n".join(attribute.value for attribute in question.attributes),
        "source_line": question.source_line or "",
    }


def _part_cells(part: Part, language: int) -> Cells:
    return {
        "kind": KINDS[kind_of(part.body)][language],
        "stem": part.stem,
        "explanation": part.explanation,
        "keep_order": YES[language] if part.keep_order else "",
    } | _body_cells(part.body, language)


def _body_cells(body: SimpleBody, language: int) -> Cells:
    cells = _row_cells(_rows(body))
    match body:
        case SingleChoice(choices) | MultipleChoice(choices):
            right = [str(place) for place, choice in enumerate(choices, start=1) if choice.correct]
            return cells | {"right": ",".join(right)}
        case TrueFalse(answer):
            return cells | {"right": TRUTH[answer][language]}
        case Numeric(value, tolerance, unit):
            return {"right": str(value), "tolerance": _or_nothing(tolerance), "unit": unit}
        case Ordering() | Matching():
            return cells
        case _:
            assert_never(body)


def _rows(body: SimpleBody) -> list[tuple[str, str, str]]:
    """Choice, partner and reason of each row; true stands first."""
    match body:
        case SingleChoice(choices) | MultipleChoice(choices):
            return [(choice.text, "", choice.reason) for choice in choices]
        case TrueFalse(_, reason_true, reason_false):
            return [("", "", reason_true), ("", "", reason_false)]
        case Numeric():
            return []
        case Ordering(items):
            return [(item, "", "") for item in items]
        case Matching(pairs):
            return [(pair.left, pair.right, pair.reason) for pair in pairs]
        case _:
            assert_never(body)


def _row_cells(rows: Sequence[tuple[str, str, str]]) -> Cells:
    return {
        f"{name}{number}": text
        for number, texts in enumerate(rows, start=1)
        for name, text in zip(ROW_COLUMNS, texts, strict=True)
    }


def _or_nothing(tolerance: Decimal) -> str:
    return str(tolerance) if tolerance else ""
