"""Reads YAML field by field: every fault is noted with its line and reading goes on.

The composer's nodes are used instead of constructed values for two reasons: they know their line, and
their text is what the author wrote (`No`, `2026-11` and `15:00` stay as they are).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

import yaml

from studyhub.formats.report import Findings

MAX_FILE_BYTES = 2_000_000
DEEPEST = 50

Choice = TypeVar("Choice", bound=StrEnum)

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"
_KEY = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")


class Fields:
    """One YAML mapping. `item` names the thing it belongs to in findings."""

    def __init__(self, node: yaml.MappingNode, findings: Findings, item: str = "", offset: int = 0) -> None:
        self.item = item
        self.line = node.start_mark.line + 1 + offset
        self._findings = findings
        self._offset = offset
        self._nodes: dict[str, yaml.Node] = {}
        self._read: set[str] = set()
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name in self._nodes:
                self.error("duplicate-field", self._line_of(key), field=name)
            self._nodes[name] = value

    def error(self, code: str, line: int = 0, /, **params: object) -> None:
        self._findings.error(code, line or self.line, self.item, **params)

    def line_of(self, name: str) -> int:
        node = self._nodes.get(name)
        return self.line if node is None else self._line_of(node)

    def has(self, name: str) -> bool:
        return self._node(name) is not None

    def names(self) -> tuple[str, ...]:
        return tuple(self._nodes)

    def text(self, name: str, default: str | None = None) -> str:
        """Trailing white space is dropped; without a default the field is required."""
        node = self._node(name)
        if node is None:
            if default is None:
                self.error("missing-field", field=name)
            return default or ""
        return self._scalar(node, name).rstrip().lstrip("\n")

    def optional_text(self, name: str) -> str | None:
        return self.text(name, "") or None

    def key(self, name: str) -> str:
        """A required identifier of lower-case letters, digits, hyphens and dots."""
        value = self.text(name)
        if value and not _KEY.fullmatch(value):
            self.error("bad-key", self.line_of(name), value=value)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one, an absent field as an empty one."""
        node = self._node(name)
        if node is None:
            return ()
        if isinstance(node, yaml.ScalarNode):
            return (node.value.strip(),)
        found = (self._scalar(child, name).strip() for child in self._children(node))
        return tuple(text for text in found if text)

    def lists_texts(self, name: str) -> bool:
        """Whether the field is a text or a list that starts with one, for fields that allow two shapes."""
        node = self._node(name)
        first = node.value[0] if isinstance(node, yaml.SequenceNode) and node.value else node
        return isinstance(first, yaml.ScalarNode)

    def boolean(self, name: str, default: bool | None = None) -> bool:
        value = self.text(name, None if default is None else str(default).lower())
        if value not in {"true", "false"}:
            if value:
                self.error("not-true-or-false", self.line_of(name), field=name, value=value)
            return False
        return value == "true"

    def integer(self, name: str, default: int | None = None) -> int:
        value = self.text(name, None if default is None else str(default))
        if not re.fullmatch(r"-?\d{1,9}", value):
            if value:
                self.error("not-a-whole-number", self.line_of(name), field=name, value=value)
            return 0
        return int(value)

    def decimal(self, name: str, default: str | None = None) -> Decimal:
        value = self.text(name, default)
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            if value:
                self.error("not-a-number", self.line_of(name), field=name, value=value)
            return Decimal(0)
        return number

    def optional_number(self, name: str, low: float, high: float) -> float | None:
        if not self.has(name):
            return None
        number = float(self.decimal(name))
        if not low <= number <= high:
            self.error("out-of-range", self.line_of(name), field=name, low=low, high=high, value=number)
        return number

    def optional_date(self, name: str) -> date | None:
        value = self.text(name, "")
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.error("not-a-date", self.line_of(name), field=name, value=value)
            return None

    def optional_time(self, name: str) -> time | None:
        value = self.text(name, "")
        matched = _TIME.fullmatch(value)
        if matched and int(matched[1]) < 24 and int(matched[2]) < 60:
            return time(int(matched[1]), int(matched[2]))
        if value:
            self.error("not-a-time", self.line_of(name), field=name, value=value)
        return None

    def optional_month(self, name: str) -> str | None:
        value = self.text(name, "")
        if value and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
            self.error("not-a-month", self.line_of(name), field=name, value=value)
        return value or None

    def one_of(self, name: str, allowed: type[Choice], default: Choice | None = None) -> Choice:
        value = self.text(name, default)
        if value in list(allowed):
            return allowed(value)
        if value:
            names = ", ".join(allowed)
            self.error("not-one-of", self.line_of(name), field=name, value=value, allowed=names)
        return next(iter(allowed))

    def fields(self, name: str) -> Fields | None:
        """A nested mapping; None when absent (which is not noted) or something else (which is)."""
        node = self._node(name)
        return None if node is None else self._as_fields(node)

    def entries(self, name: str) -> Iterator[Fields]:
        """A list of mappings; what is no mapping is noted and left out."""
        node = self._node(name)
        for child in () if node is None else self._children(node):
            found = self._as_fields(child)
            if found is not None:
                yield found

    def note_unread(self) -> None:
        """Warns of fields that nobody asked for: most often a misspelt name."""
        for name, node in self._nodes.items():
            if name not in self._read:
                self._findings.warning("unknown-field", self._line_of(node), self.item, field=name)

    def _node(self, name: str) -> yaml.Node | None:
        self._read.add(name)
        node = self._nodes.get(name)
        return None if node is None or node.tag == _NULL else node

    def _line_of(self, node: yaml.Node) -> int:
        return int(node.start_mark.line) + 1 + self._offset

    def _scalar(self, node: yaml.Node, name: str) -> str:
        if isinstance(node, yaml.ScalarNode):
            return "" if node.tag == _NULL else str(node.value)
        self.error("not-text", self._line_of(node), field=name)
        return ""

    def _children(self, node: yaml.Node) -> list[yaml.Node]:
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self.error("not-a-list", self._line_of(node))
        return []

    def _as_fields(self, node: yaml.Node) -> Fields | None:
        if isinstance(node, yaml.MappingNode):
            return Fields(node, self._findings, self.item, self._offset)
        self.error("not-a-mapping", self._line_of(node))
        return None


def compose(text: str, findings: Findings, offset: int = 0) -> yaml.Node | None:
    """The root node, or None for an empty or unreadable text; `offset` lines stand before it in the file."""
    try:
        deep_line = _deep_line(text)
        node: yaml.Node | None = None if deep_line else yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line, reason = _place_and_reason(error)
        findings.error("yaml", line + offset, reason=reason)
        return None
    if deep_line is not None:
        findings.error("yaml-deep", deep_line + offset)
    if node is not None:
        alias_line = _alias_line(node)
        if alias_line is not None:
            findings.error("yaml-alias", alias_line + offset)
            return None
    return node


def root_fields(text: str, findings: Findings, offset: int = 0) -> Fields | None:
    """The mapping a whole file consists of."""
    node = compose(text, findings, offset)
    if isinstance(node, yaml.MappingNode):
        return Fields(node, findings, offset=offset)
    if not findings.error_count:
        findings.error("not-a-mapping", 1 + offset)
    return None


def root_entries(text: str, findings: Findings) -> Iterator[Fields]:
    """The mappings of a file that is a list; one that is no YAML does not hide the others."""
    attempt = Findings(findings.file)
    node = compose(text, attempt)
    if attempt.error_count:
        chunks = _chunks(text)
        for line, chunk in chunks:
            yield from _entries_of(compose(chunk, findings, line), findings, line)
        if not chunks:
            findings.add(attempt.report().findings)
        return
    yield from _entries_of(node, findings, 0)


def _entries_of(node: yaml.Node | None, findings: Findings, offset: int) -> Iterator[Fields]:
    if node is None or node.tag == _NULL:
        return
    if not isinstance(node, yaml.SequenceNode):
        findings.error("not-a-list", node.start_mark.line + 1 + offset)
        return
    for child in node.value:
        if isinstance(child, yaml.MappingNode):
            yield Fields(child, findings, offset=offset)
        else:
            findings.error("not-a-mapping", child.start_mark.line + 1 + offset)


def _chunks(text: str) -> list[tuple[int, str]]:
    """The text cut before every line that starts an item, with the number of lines before each piece."""
    starts = [match.start() for match in re.finditer(r"^- ", text, re.MULTILINE)]
    ends = [*starts[1:], len(text)][: len(starts)]
    return [(text.count("\n", 0, start), text[start:end]) for start, end in zip(starts, ends, strict=True)]


def _deep_line(text: str) -> int | None:
    """Line of a list or mapping inside too many others: composing them would overflow the stack of the C library, and
    that ends the process."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                return event.start_mark.line + 1 if event.start_mark else 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _alias_line(root: yaml.Node) -> int | None:
    """Line of a node that is reached twice. Aliases could nest without end, so nothing is read before."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            return int(node.start_mark.line) + 1
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            waiting.extend(child for pair in node.value for child in pair)
    return None


def _place_and_reason(error: Exception) -> tuple[int, str]:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return error.problem_mark.line + 1, error.problem or str(error)
    return 1, str(error)
