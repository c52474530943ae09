"""A table of people: one row a post. Somebody with a concurrent post stands in two rows with the same login.

docs/people.md describes the columns for those who fill them in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from studyhub.domain.days import FIRST_DAY, LAST_DAY, is_usual
from studyhub.domain.identity import Role
from studyhub.domain.organisation import Level, PostKind
from studyhub.domain.people import NAME_LENGTH, is_kana, is_login, normal_kana, normal_name
from studyhub.domain.sign_in import normal_login
from studyhub.formats.report import Findings, Located, Reading
from studyhub.formats.table import Row, UnreadableTable, read_table

UnitPath = tuple[tuple[Level, str], ...]
"""Names from the bureau downwards; levels may be left out."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "login": ("ログインID", "login", "user", "ユーザーID"),
    "staff_number": ("職員番号", "staff number", "employee number"),
    "name": ("氏名", "name", "名前"),
    "family_name": ("姓", "family name", "last name"),
    "given_name": ("名", "given name", "first name"),
    "kana": ("フリガナ", "ふりがな", "氏名カナ", "kana"),
    "family_kana": ("セイ", "せい", "姓カナ", "family kana"),
    "given_kana": ("メイ", "めい", "名カナ", "given kana"),
    "email": ("メール", "メールアドレス", "email", "e-mail", "mail"),
    "roles": ("権限", "役割", "roles", "role"),
    "bureau": ("局", "bureau"),
    "division": ("部", "division"),
    "section": ("課", "section"),
    "team": ("係", "team"),
    "title": ("職名", "役職", "title"),
    "kind": ("区分", "本務兼務", "kind"),
    "heads_unit": ("所属長", "heads unit", "head"),
    "starts_on": ("着任日", "開始日", "starts on", "from"),
    "ends_on": ("離任日", "終了日", "ends on", "until"),
}
"""Field -> the headings it may have; the first one names it in messages."""

_ROLES = {
    "職員": Role.OFFICER, "学習者": Role.OFFICER, "一般": Role.OFFICER, "officer": Role.OFFICER,
    "講師": Role.LECTURER, "lecturer": Role.LECTURER,
    "管理職": Role.SUPERVISOR, "supervisor": Role.SUPERVISOR,
    "管理者": Role.ADMINISTRATOR, "administrator": Role.ADMINISTRATOR,
}  # fmt: skip
_KINDS = {
    "": PostKind.MAIN, "本務": PostKind.MAIN, "main": PostKind.MAIN,
    "兼務": PostKind.CONCURRENT, "concurrent": PostKind.CONCURRENT,
}  # fmt: skip
_YES = {"○", "〇", "◯", "1", "yes", "true", "y", "はい", "有", "●"}
_NO = {"", "0", "no", "false", "n", "いいえ", "無", "×", "-"}
_LENGTHS = {
    "staff_number": 40,
    "title": 60,
    "email": 254,
    "bureau": 120,
    "division": 120,
    "section": 120,
    "team": 120,
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_REIWA = re.compile(r"(?:令和|R\.?)\s*(\d{1,2}|元)[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?", re.IGNORECASE)
_REIWA_ZERO = 2018
_SPREADSHEET_ZERO = date(1899, 12, 30)
_SPREADSHEET_DAYS = range(25_569, 60_001)
"""From 1970 to 2064: what a cell with a day holds when it is formatted as a number."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """None says that the table says nothing: what is stored stays."""

    login: str
    family_name: str
    given_name: str
    family_kana: str | None = None
    given_kana: str | None = None
    staff_number: str | None = None
    email: str | None = None
    roles: frozenset[Role] | None = None


@dataclass(frozen=True, slots=True)
class PostRow:
    unit: UnitPath
    title: str = ""
    kind: PostKind = PostKind.MAIN
    heads_unit: bool = False
    starts_on: date | None = None
    """None is the day of the import, or the start of the same post that is held already."""
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class PeopleRow:
    person: PersonRow
    post: PostRow | None


def read_people(content: bytes, file: str) -> Reading[PeopleRow]:
    """Every good row, and for every bad one each of its faults."""
    findings = Findings(file)
    try:
        rows = read_table(content)
    except UnreadableTable as error:
        findings.error(error.code, error.line, "", **error.params)
        return Reading((), findings.report())
    places = _places(rows[0], findings) if rows else {}
    if len(rows) < 2:
        findings.error("table-empty", 0)
    if findings.error_count:
        return Reading((), findings.report())
    located = [_read_row(row, places, findings) for row in rows[1:]]
    items = tuple(found for found in located if found is not None)
    _compare_rows(items, findings)
    return Reading(items, findings.report())


def _places(header: Row, findings: Findings) -> dict[str, int]:
    """Field -> place of its column."""
    fields = {_folded_heading(heading): field for field, headings in COLUMNS.items() for heading in headings}
    places: dict[str, int] = {}
    for place, heading in enumerate(header.cells):
        field = fields.get(_folded_heading(heading))
        if field is None and heading:
            findings.warning("table-unknown-column", header.line, column=heading)
        elif field in places:
            findings.error("table-duplicate-column", header.line, column=heading)
        elif field is not None:
            places[field] = place
    needed = ["login"] if "name" in places else ["login", "family_name", "given_name"]
    for field in needed:
        if field not in places:
            findings.error("missing-column", header.line, field=COLUMNS[field][0])
    return places


def _read_row(row: Row, places: dict[str, int], findings: Findings) -> Located[PeopleRow] | None:
    cells = {f: row.cells[place] if place < len(row.cells) else "" for f, place in places.items()}
    reader = _RowReader(row.line, cells, findings)
    before = findings.error_count
    person, post = reader.person(), reader.post()
    if findings.error_count > before:
        return None
    return Located(PeopleRow(person, post), findings.file, row.line)


class _RowReader:
    """Reads the cells of one row; what is wrong becomes a finding and the row is left out."""

    def __init__(self, line: int, cells: Mapping[str, str], findings: Findings) -> None:
        self._line, self._cells, self._findings = line, cells, findings
        self._login = normal_login(cells.get("login", ""))
        self._named = self._login if is_login(self._login) else self._cell("login")
        """As typed where it is no login."""

    def person(self) -> PersonRow:
        if not self._login:
            self._error("people-missing", column=COLUMNS["login"][0])
        elif not is_login(self._login):
            self._error("people-login", value=self._named)
        family_name, given_name = self._names()
        family_kana, given_kana = self._kana()
        return PersonRow(
            self._login,
            family_name,
            given_name,
            family_kana,
            given_kana,
            _half_width(self._bounded("staff_number")) or None,
            self._email(),
            self._roles(),
        )

    def post(self) -> PostRow | None:
        unit = tuple((level, name) for level in Level if (name := normal_name(self._bounded(level.value))))
        title = normal_name(self._bounded("title"))
        kind = _KINDS.get(_folded(self._cell("kind")))
        if kind is None:
            self._error("people-kind", value=self._cell("kind"))
        heads = self._yes_or_no("heads_unit")
        starts_on, ends_on = self._date("starts_on"), self._date("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self._error("people-dates-order")
        if not unit and (title or heads or starts_on or ends_on or kind is PostKind.CONCURRENT):
            self._error("people-post-without-unit")
        return PostRow(unit, title, kind or PostKind.MAIN, heads, starts_on, ends_on) if unit else None

    def _names(self) -> tuple[str, str]:
        family, given = normal_name(self._cell("family_name")), normal_name(self._cell("given_name"))
        whole = normal_name(self._cell("name"))
        if whole and not (family and given):
            family, _, given = whole.partition(" ")
            if not given:
                self._error("people-full-name", value=whole)
                return family, given
        if not (family or given) and "name" in self._cells:
            self._error("people-missing", column=COLUMNS["name"][0])
            return family, given
        for field, name in (("family_name", family), ("given_name", given)):
            if not name:
                self._error("people-missing", column=COLUMNS[field][0])
            elif len(name) > NAME_LENGTH:
                self._error("people-too-long", column=COLUMNS[field][0], limit=NAME_LENGTH)
        return family, given

    def _kana(self) -> tuple[str | None, str | None]:
        family, given = normal_kana(self._cell("family_kana")), normal_kana(self._cell("given_kana"))
        if not (family or given):
            family, _, given = normal_kana(self._cell("kana")).partition(" ")
        for field, kana in (("family_kana", family), ("given_kana", given)):
            if not is_kana(kana):
                self._error("people-kana", column=COLUMNS[field][0], value=kana)
        return family or None, given or None

    def _email(self) -> str | None:
        email = _half_width(self._bounded("email"))
        if email and not _EMAIL.fullmatch(email):
            self._error("people-email", value=email)
        return email or None

    def _roles(self) -> frozenset[Role] | None:
        words = [_folded(word) for word in re.split(r"[,;、，；・/\s]+", self._cell("roles")) if word]
        for word in words:
            if word not in _ROLES:
                self._error("people-role", value=word)
        return frozenset(_ROLES[word] for word in words if word in _ROLES) or None

    def _yes_or_no(self, field: str) -> bool:
        word = _folded(self._cell(field))
        if word not in _YES | _NO:
            self._error("people-yes-or-no", column=COLUMNS[field][0], value=word)
        return word in _YES

    def _date(self, field: str) -> date | None:
        text = self._cell(field)
        if not text:
            return None
        found = parse_date(text)
        column = COLUMNS[field][0]
        if found is None:
            self._error("people-date", column=column, value=text)
        elif not is_usual(found):
            self._error("people-date-range", column=column, value=text, first=FIRST_DAY, last=LAST_DAY)
        return found

    def _bounded(self, field: str) -> str:
        text = self._cell(field)
        if len(text) > _LENGTHS[field]:
            self._error("people-too-long", column=COLUMNS[field][0], limit=_LENGTHS[field])
        return text

    def _cell(self, field: str) -> str:
        return "".join(sign if sign.isprintable() else " " for sign in self._cells.get(field, "")).strip()

    def _error(self, code: str, **params: object) -> None:
        self._findings.error(code, self._line, self._named, **params)


def parse_date(text: str) -> date | None:
    """Western or Reiwa years, with hyphens, slashes, dots or 年月日, or eight digits, or a spreadsheet's number."""
    plain = _half_width(text)
    if re.fullmatch("[0-9]{5}", plain) and int(plain) in _SPREADSHEET_DAYS:
        return _SPREADSHEET_ZERO + timedelta(days=int(plain))
    if found := _REIWA.fullmatch(plain):
        year, month, day = found.groups()
        parts: tuple[str, ...] = (str(_REIWA_ZERO + (1 if year == "元" else int(year))), month, day)
    elif found := _DATE.fullmatch(plain):
        parts = tuple(part for part in found.groups() if part is not None)
    else:
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


def _compare_rows(items: tuple[Located[PeopleRow], ...], findings: Findings) -> None:
    """Rows of one person must agree about the person, and no two people share a staff number."""
    first: dict[str, Located[PeopleRow]] = {}
    rows: dict[PeopleRow, int] = {}
    owners: dict[str, Located[PeopleRow]] = {}
    for located in items:
        person, line = located.item.person, located.line
        if located.item in rows:
            findings.error("people-repeated", line, person.login, other=rows[located.item])
            continue
        rows[located.item] = line
        _compare(first.setdefault(person.login, located), located, findings)
        owner = owners.setdefault(person.staff_number or f"login {person.login}", located)
        if owner.item.person.login != person.login:
            value = person.staff_number
            findings.error("people-staff-number-twice", line, person.login, value=value, other=owner.line)


def _compare(earlier: Located[PeopleRow], later: Located[PeopleRow], findings: Findings) -> None:
    """An empty cell agrees with everything."""
    for field in PersonRow.__slots__:
        one, other = getattr(earlier.item.person, field), getattr(later.item.person, field)
        if one is not None and other is not None and one != other:
            column, login = COLUMNS[field][0], later.item.person.login
            findings.error("people-differs", later.line, login, column=column, other=earlier.line)


def _folded_heading(heading: str) -> str:
    plain = _folded(heading).replace("必須", "").replace("任意", "")
    return re.sub(r"[\s_*()\[\]・-]", "", plain)


def _folded(text: str) -> str:
    return _half_width(text).casefold()


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
