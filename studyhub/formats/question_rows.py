"""Reads a table of questions: every good one, and for each bad row its faults with the cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar, assert_never

from openpyxl.utils import get_column_letter

from studyhub.domain.errors import Invalid
from studyhub.domain.question_editing import as_facility
from studyhub.domain.questions import (
    Attribute,
    Choice,
    Kind,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Pair,
    Part,
    Question,
    QuestionStatus,
    Scenario,
    SimpleBody,
    SingleChoice,
    TrueFalse,
)
from studyhub.formats.question_table import (
    COLUMNS,
    KINDS,
    LEVELS,
    ROW_COLUMNS,
    STATUSES,
    TRUTH,
    YES,
    heading,
    unprotected,
)
from studyhub.formats.report import Findings, Located, Reading
from studyhub.formats.table import Limits, Row, UnreadableTable, read_table

LIMITS = Limits(file_bytes=20_000_000, rows=6_000, columns=200)
MOST_ROWS = 40
_KEY = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/]\d{1,2})?")
_ROW_HEADING = re.compile(r"(.*?)(\d{1,2})")
_YES = {*YES, "○", "true", "1"}
_NO = {"", "いいえ", "no", "false", "0", "×"}

Word = TypeVar("Word", bound=StrEnum)


def read_questions(content: bytes, file: str) -> Reading[Question]:
    """A row without an id is a new question: its id is empty."""
    findings = Findings(file)
    try:
        rows = read_table(content, LIMITS)
    except UnreadableTable as error:
        findings.error(error.code, error.line, "", **error.params)
        return Reading((), findings.report())
    if len(rows) < 2:
        findings.error("table-empty", 0)
        return Reading((), findings.report())
    places = _places(rows[0], findings)
    if findings.error_count:
        return Reading((), findings.report())
    return _Reader(places, findings).read(rows[1:])


def _places(header: Row, findings: Findings) -> dict[str, int]:
    """Field -> place of its column."""
    known = {_folded(name): each for each, names in COLUMNS.items() for name in (*names, each)}
    places: dict[str, int] = {}
    for place, text in enumerate(header.cells):
        found = known.get(_folded(text)) or _row_field(text)
        if found is None and text:
            findings.warning("table-unknown-column", header.line, column=text)
        elif found in places:
            findings.error("table-duplicate-column", header.line, column=text)
        elif found is not None:
            places[found] = place
    for needed in ("kind", "stem", "topics"):
        if needed not in places:
            findings.error("missing-column", header.line, field=COLUMNS[needed][0])
    return places


def _row_field(text: str) -> str | None:
    matched = _ROW_HEADING.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if matched is None or not 1 <= int(matched[2]) <= MOST_ROWS:
        return None
    names = {_folded(name): each for each, named in ROW_COLUMNS.items() for name in (*named, each)}
    found = names.get(_folded(matched[1]))
    return f"{found}{int(matched[2])}" if found else None


@dataclass(slots=True)
class _Begun:
    """A scenario whose parts are still being read."""

    question: Question
    line: int
    faulty: bool
    parts: list[Part] = field(default_factory=list)


class _Reader:
    def __init__(self, places: Mapping[str, int], findings: Findings) -> None:
        self._places, self._findings = places, findings
        self._items: list[Located[Question]] = []
        self._scenario: _Begun | None = None

    def read(self, rows: tuple[Row, ...]) -> Reading[Question]:
        for row in rows:
            before = self._findings.error_count
            cells = _Cells(row, self._places, self._findings)
            if cells["part"]:
                self._add_part(cells, before)
            else:
                self._end_scenario()
                self._begin(cells, before)
        self._end_scenario()
        columns = {name: get_column_letter(place + 1) for name, place in self._places.items()}
        return Reading(tuple(self._items), self._findings.report(), columns)

    def _begin(self, cells: _Cells, before: int) -> None:
        question = cells.question()
        faulty = self._findings.error_count > before
        if isinstance(question.body, Scenario):
            self._scenario = _Begun(question, cells.line, faulty)
        elif not faulty:
            self._items.append(Located(question, self._findings.file, cells.line))

    def _add_part(self, cells: _Cells, before: int) -> None:
        begun = self._scenario
        if begun is None or cells["id"] != begun.question.id:
            cells.fault("question-part-alone", "part")
            return
        part = cells.part()
        begun.faulty |= self._findings.error_count > before
        begun.parts.append(part)

    def _end_scenario(self) -> None:
        begun, self._scenario = self._scenario, None
        if begun is None or begun.faulty:
            return
        assert isinstance(begun.question.body, Scenario)
        body = Scenario(begun.question.body.text, tuple(begun.parts))
        whole = replace(begun.question, body=body)
        self._items.append(Located(whole, self._findings.file, begun.line))


class _Cells:
    """One row; what is wrong becomes a finding that names the cell."""

    def __init__(self, row: Row, places: Mapping[str, int], findings: Findings) -> None:
        self.line = row.line
        self._row, self._places, self._findings = row, places, findings

    def __getitem__(self, name: str) -> str:
        place = self._places.get(name)
        if place is None or place >= len(self._row.cells):
            return ""
        return unprotected(self._row.cells[place]).replace("\r\n", "\n")

    def fault(self, code: str, name: str, **params: object) -> None:
        place = self._places.get(name, 0)
        cell = f"{get_column_letter(place + 1)}{self.line}"
        item = self["id"] or f"{self.line}"
        self._findings.error(
            code, self.line, item, cell=cell, column=heading(name, 0), value=self[name][:60], **params
        )

    def question(self) -> Question:
        kind = self._word("kind", KINDS, Kind.SINGLE_CHOICE)
        body = Scenario(self["text"], ()) if kind is Kind.SCENARIO else self._body(kind)
        for needed in ("topics",) if kind is Kind.SCENARIO else ("topics", "stem"):
            if not self[needed]:
                self.fault("question-missing", needed)
        return Question(
            id=self._key(),
            status=self._word("status", STATUSES, QuestionStatus.DRAFT)
            if self["status"]
            else QuestionStatus.DRAFT,
            level=self._word("level", LEVELS, None) if self["level"] else None,
            topics=tuple(dict.fromkeys(re.split(r"[\s,、，;；]+", self["topics"].strip())))
            if self["topics"]
            else (),
            stem=self["stem"],
            body=body,
            explanation=self["explanation"],
            terms=self._lines("terms"),
            teaches=self["teaches"] or None,
            expected_facility=self._facility(),
            as_of=self._month(),
            sources=self._lines("sources"),
            keep_order=self._yes("keep_order"),
            source_line=self["source_line"] or None,
            attributes=self._attributes(),
        )

    def part(self) -> Part:
        kind = self._word("kind", KINDS, Kind.SINGLE_CHOICE)
        if kind is Kind.SCENARIO:
            self.fault("question-word", "kind", allowed=_allowed(KINDS))
            kind = Kind.SINGLE_CHOICE
        if not self["stem"]:
            self.fault("question-missing", "stem")
        return Part(self["stem"], self._body(kind), self["explanation"], self._yes("keep_order"))

    def _body(self, kind: Kind) -> SimpleBody:
        match kind:
            case Kind.SINGLE_CHOICE:
                return SingleChoice(self._choices())
            case Kind.MULTIPLE_CHOICE:
                return MultipleChoice(self._choices())
            case Kind.TRUE_FALSE:
                return TrueFalse(self._truth(), self["reason1"], self["reason2"])
            case Kind.NUMERIC:
                tolerance = self._number("tolerance") if self["tolerance"] else Decimal(0)
                return Numeric(self._number("right"), tolerance, self["unit"])
            case Kind.ORDERING:
                return Ordering(tuple(self[f"choice{number}"] for number in self._numbers()))
            case Kind.MATCHING:
                return Matching(
                    tuple(
                        Pair(self[f"choice{n}"], self[f"partner{n}"], self[f"reason{n}"])
                        for n in self._numbers()
                    )
                )
            case Kind.SCENARIO:
                raise ValueError("a scenario is read from several rows")
            case _:
                assert_never(kind)

    def _choices(self) -> tuple[Choice, ...]:
        numbers = self._numbers()
        right = self._right(len(numbers))
        return tuple(Choice(self[f"choice{n}"], n in right, self[f"reason{n}"]) for n in numbers)

    def _numbers(self) -> range:
        """Up to the last row that holds anything."""
        filled = [n for n in range(1, MOST_ROWS + 1) if any(self[f"{name}{n}"] for name in ROW_COLUMNS)]
        return range(1, max(filled, default=0) + 1)

    def _right(self, count: int) -> set[int]:
        words = [
            word
            for word in re.split(r"[\s,、，;；・]+", unicodedata.normalize("NFKC", self["right"]))
            if word
        ]
        if not all(word.isascii() and word.isdigit() and 1 <= int(word) <= count for word in words):
            self.fault("question-right", "right")
            return set()
        return {int(word) for word in words}

    def _truth(self) -> bool:
        folded = _folded(self["right"])
        for value, names in TRUTH.items():
            if folded in {_folded(name) for name in names} | ({"○", "〇"} if value else {"×"}):
                return value
        self.fault("question-truth", "right")
        return False

    def _number(self, name: str) -> Decimal:
        plain = unicodedata.normalize("NFKC", self[name]).replace("\N{MINUS SIGN}", "-").replace(",", "")
        try:
            number = Decimal(plain.strip())
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or len(plain) > 40 or abs(number.adjusted()) > 30:
            self.fault("question-number", name)
            return Decimal(0)
        return number

    def _facility(self) -> float | None:
        try:
            return as_facility(self["people"])
        except Invalid:
            self.fault("question-people", "people")
            return None

    def _month(self) -> str | None:
        text = unicodedata.normalize("NFKC", self["as_of"]).strip()
        matched = _MONTH.fullmatch(text)
        if matched and 1 <= int(matched[2]) <= 12:
            return f"{matched[1]}-{int(matched[2]):02d}"
        if text:
            self.fault("question-month", "as_of")
        return None

    def _key(self) -> str:
        key = self["id"].strip()
        if key and (not _KEY.fullmatch(key) or len(key) > 60):
            self.fault("question-key", "id")
        return key

    def _lines(self, name: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in self[name].split("\n") if line.strip())

    def _yes(self, name: str) -> bool:
        folded = _folded(self[name])
        if folded not in _YES | _NO:
            self.fault("question-word", name, allowed=", ".join(YES))
        return folded in _YES

    def _attributes(self) -> tuple[Attribute, ...]:
        words = [word for word in re.split(r"[\s,、，;；]+", self["attributes"].casefold()) if word]
        if any(word not in set(Attribute) for word in words):
            self.fault("question-word", "attributes", allowed=", ".join(Attribute))
        return tuple(Attribute(word) for word in words if word in set(Attribute))

    def _word(self, name: str, words: Mapping[Word, tuple[str, str]], otherwise: Word | None) -> Word:
        folded = _folded(self[name])
        for value, names in words.items():
            if folded in {_folded(each) for each in names}:
                return value
        self.fault("question-word", name, allowed=_allowed(words))
        return otherwise or next(iter(words))


def _allowed(words: Mapping[Word, tuple[str, str]]) -> str:
    return ", ".join(japanese for japanese, _ in words.values())


def _folded(text: str) -> str:
    return re.sub(r"[\s_()（）・-]", "", unicodedata.normalize("NFKC", text).casefold())
