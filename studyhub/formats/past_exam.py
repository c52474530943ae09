"""Real past examinations as rows, one question each, in JSON lines or CSV.

Columns (others are reported and ignored):

| column | meaning |
|---|---|
| `number` | number of the question in its examination, from 1 |
| `small_category` | 1 to 63, the small category of syllabus Ver. 6.5; becomes the topic `ip-6.5:<n>` |
| `stem` | the question as plain text; Markdown tables in it stay tables, all else is shown as it stands |
| `choices` | the choices: a JSON list; in CSV a JSON list in one cell, or one choice a line |
| `answer` | index of the right choice, from 0 |
| `needs_figure` | true when the question cannot be answered without a figure: it comes in as a draft |
| `source` | `令和5年度 ITパスポート試験 問1`; becomes 「出典：令和5年度 ITパスポート試験 公開問題 問1」 |

The id is `ip-<file stem>-<number>`, so that importing a file again changes nothing. Reasons, explanation,
level and expected facility are not given and stay empty. A row whose choices are faulty (an empty one, or
two alike, as character recognition leaves them) comes in as a draft with a warning; a row that is no
question at all is an error, and the others come in.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from studyhub.domain.questions import Choice, Question, QuestionStatus, SingleChoice
from studyhub.formats.report import Findings, Located, Reading

COLUMNS = ("number", "small_category", "stem", "choices", "answer", "needs_figure", "source")
SYLLABUS = "ip-6.5"
SMALL_CATEGORIES = range(1, 64)
MAX_CELL_CHARACTERS = 20_000

_Rows = Iterator[tuple[int, Mapping[str, Any]]]


def read_jsonl(text: str, file: str) -> Reading[Question]:
    findings = Findings(file)
    return _read(_json_rows(text, findings), file, findings)


def read_csv(text: str, file: str) -> Reading[Question]:
    findings = Findings(file)
    return _read(_csv_rows(text, findings), file, findings)


def _json_rows(text: str, findings: Findings) -> _Rows:
    for line, content in enumerate(text.split("\n"), start=1):
        if not content.strip():
            continue
        try:
            row = json.loads(content)
        except (ValueError, RecursionError) as error:
            findings.error("json", line, reason=str(error))
            continue
        if isinstance(row, dict):
            yield line, row
        else:
            findings.error("not-a-mapping", line)


def _csv_rows(text: str, findings: Findings) -> _Rows:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        for row in rows:
            yield rows.line_num, {name: value for name, value in row.items() if name and value is not None}
    except csv.Error as error:
        findings.error("not-readable", rows.line_num, reason=str(error))


def _read(rows: _Rows, file: str, findings: Findings) -> Reading[Question]:
    items: list[Located[Question]] = []
    lines: dict[str, int] = {}
    prefix = re.sub(r"[^a-z0-9]+", "-", PurePath(file).stem.lower()).strip("-")
    for line, row in rows:
        question = _Row(row, line, findings).question(prefix)
        if question is None:
            continue
        if question.id in lines:
            params: dict[str, Any] = {
                "value": question.id,
                "first_file": file,
                "first_line": lines[question.id],
            }
            findings.error("duplicate-id", line, question.id, **params)
            continue
        lines[question.id] = line
        items.append(Located(question, file, line))
    return Reading(tuple(items), findings.report())


class _Row:
    """Reads one row; `question` is None when the row was reported as an error."""

    def __init__(self, row: Mapping[str, Any], line: int, findings: Findings) -> None:
        self._row, self._line, self._findings = row, line, findings

    def question(self, prefix: str) -> Question | None:
        before = self._findings.error_count
        number = self._whole_number("number")
        item = f"ip-{prefix}-{number}"
        category = self._whole_number("small_category")
        stem, source = self._text("stem"), self._text("source")
        texts, answer = self._choices(), self._whole_number("answer")
        if category is not None and category not in SMALL_CATEGORIES:
            self._error("no-such-category", value=category)
        if answer is not None and texts and not 0 <= answer < len(texts):
            self._error("answer-out-of-range", value=answer)
        draft = self._truth("needs_figure") | self._has_faulty_choices(texts, item)
        for column in self._row.keys() - set(COLUMNS):
            self._findings.warning("unknown-field", self._line, item, field=column)
        if self._findings.error_count > before:
            return None
        return Question(
            id=item,
            status=QuestionStatus.DRAFT if draft else QuestionStatus.PUBLISHED,
            level=None,
            topics=(f"{SYLLABUS}:{category}",),
            stem=as_markdown(stem),
            body=SingleChoice(
                tuple(Choice(as_markdown(text), place == answer) for place, text in enumerate(texts))
            ),
            # Where a choice carries its own letter, another order would contradict it.
            keep_order=any(_OWN_LETTER.search(text) for text in texts),
            source_line=source_line(source),
        )

    def _error(self, code: str, **params: Any) -> None:
        self._findings.error(code, self._line, **params)

    def _value(self, column: str) -> Any:
        value = self._row.get(column)
        if value is None or value == "":
            self._error("missing-column", field=column)
            return None
        return value

    def _text(self, column: str) -> str:
        value = self._value(column)
        if value is not None and not isinstance(value, str):
            self._error("not-text", field=column)
            return ""
        text = (value or "").strip()
        if len(text) > MAX_CELL_CHARACTERS:
            self._error("too-large", limit=MAX_CELL_CHARACTERS)
        return text

    def _whole_number(self, column: str) -> int | None:
        value = self._value(column)
        if value is None:
            return None
        if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}", str(value).strip()):
            self._error("not-a-whole-number", field=column, value=value)
            return None
        return int(value)

    def _truth(self, column: str) -> bool:
        value = self._row.get(column, False)
        folded = str(value).strip().lower()
        if folded not in {"true", "false", "0", "1", ""}:
            self._error("not-true-or-false", field=column, value=value)
        return folded in {"true", "1"}

    def _choices(self) -> list[str]:
        value = self._value("choices")
        if isinstance(value, str):
            value = _choices_of_cell(value)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) < 2 or not all(isinstance(text, str) for text in value):
            self._error("bad-choices")
            return []
        return [text.strip() for text in value]

    def _has_faulty_choices(self, texts: list[str], item: str) -> bool:
        for number, text in enumerate(texts):
            if not text:
                self._findings.warning("empty-choice", self._line, item, number=number + 1)
            elif text in texts[:number]:
                first = texts.index(text) + 1
                self._findings.warning("duplicate-choice", self._line, item, first=first, second=number + 1)
        return len({text for text in texts if text}) < len(texts)


def _choices_of_cell(cell: str) -> Any:
    if not cell.lstrip().startswith("["):
        return cell.strip().split("\n")
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None if not cell.strip() else [cell]


def source_line(source: str) -> str:
    """Names the published paper, as its publisher asks whoever uses it."""
    named = re.sub(r"試験\s*問\s*(\d+)$", r"試験 公開問題 問\1", source)
    return f"出典：{named}"


_TABLE = re.compile(r"(?:^[ \t]*\|.*\|[ \t]*(?:\n|\Z))+", re.MULTILINE)
_TABLE_RULE = re.compile(r"[ \t]*\|(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t]*")
_TABLE_NOTE = re.compile(r"^\[表\]\s*(?=\|)", re.MULTILINE)
_OWN_LETTER = re.compile(r"\|\s*[ア-エ]\s*\|")
_SPECIAL = re.compile(r"[\\`*_{}\[\]#$|]")
_LINE_START = re.compile(r"^(\d+)([.])(?=\s)|^([-+!])|^(:)(?=\s)")


def as_markdown(text: str) -> str:
    """Plain text as Markdown that shows just this text; every line a paragraph; tables stay tables."""
    text = _TABLE_NOTE.sub("", text)
    pieces: list[str] = []
    end = 0
    for found in _TABLE.finditer(text):
        table = _table(found[0].strip("\n").split("\n"))
        if table:
            pieces += [_paragraphs(text[end : found.start()]), table]
            end = found.end()
    pieces.append(_paragraphs(text[end:]))
    return "\n\n".join(piece for piece in pieces if piece)


def _table(lines: list[str]) -> str:
    """Empty for lines that are no table. The line under the heading may be missing."""
    if len(lines) < 2 or len({line.strip().count("|") for line in lines}) > 1:
        return ""
    heading, *rows = lines
    if _TABLE_RULE.fullmatch(rows[0]):
        rows = rows[1:]
    rule = "|" + " --- |" * (heading.strip().count("|") - 1)
    return "\n".join([_cells(heading), rule, *map(_cells, rows)])


def _paragraphs(text: str) -> str:
    return "\n\n".join(_escaped_line(line.strip()) for line in text.split("\n") if line.strip())


def _escaped_line(line: str) -> str:
    return _LINE_START.sub(_escape_start, _escaped(line))


def _escape_start(start: re.Match[str]) -> str:
    if start[1]:
        return f"{start[1]}\\{start[2]}"
    return f"\\{start[3]}" if start[3] else "&#58;"


def _escaped(text: str) -> str:
    entities = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(lambda sign: f"\\{sign[0]}", entities)


def _cells(row: str) -> str:
    """Line breaks inside cells are the one piece of HTML that the rows use."""
    cells = row.strip()[1:-1].split("|")
    shown = (_escaped(cell.strip()).replace("&lt;br&gt;", "<br>") for cell in cells)
    return f"| {' | '.join(shown)} |"
