"""How many shapes a browser draws for an SVG: parts of it are drawn again wherever something refers to them.

Counted rather high than low. What refers to itself, and what is nested too deep, has no weight at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element  # nosec B405 - a type, and no parser

MOST_DRAWN = 200_000
DEEPEST = 200
"""Of elements in each other, counting those that are drawn in the place of a reference."""
_DRAWN_ONCE = frozenset({"clip-path", "mask", "mask-image", "filter"})
"""Properties whose target is drawn once; that of others, which are inherited, for each shape."""
_FREE = frozenset({"linearGradient", "radialGradient"})
_LEADS_ELSEWHERE = frozenset(
    {"a", "animate", "animateColor", "animateMotion", "animateTransform", "discard", "mpath", "set"}
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_PLAIN_SELECTOR = re.compile(r"(?:[\w-]+|(?=[.#]))(?:[.#][\w-]+)*(?::[\w-]+)*")
_WORD = re.compile(r"[.#]?[\w-]+")
_TARGET = re.compile(r"url\s*\(\s*(?:['\"]\s*)?#([^)'\"]*)", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(?:\d*\.\d+|\d+)")


class TooHeavy(Exception):
    """More shapes than a browser draws in time, or deeper than it goes."""


@dataclass(frozen=True, slots=True)
class _Uses:
    """What an element draws beside its children: in its own place, and with each of its shapes."""

    once: tuple[Element, ...]
    each: tuple[Element, ...]


def check_weight(root: Element) -> None:
    """Raises TooHeavy. Without recursion: whoever wrote the drawing chose its depth."""
    drawing = _Drawing(root)
    drawn: dict[Element, tuple[int, int]] = {}
    """Shapes and depth."""
    begun: dict[Element, _Uses] = {}
    waiting = [root]
    while waiting:
        element = waiting[-1]
        if element in begun:
            drawn[element] = _weighed(drawing.points(element), element, begun.pop(element), drawn)
        if element in drawn:
            waiting.pop()
            continue
        uses = begun[element] = drawing.uses(element)
        inner = [*element, *uses.once, *uses.each]
        if len(begun) > DEEPEST or not begun.keys().isdisjoint(inner):
            raise TooHeavy
        waiting += [each for each in inner if each not in drawn]


def _weighed(
    own: int, element: Element, uses: _Uses, drawn: Mapping[Element, tuple[int, int]]
) -> tuple[int, int]:
    inner = [drawn[each] for each in (*element, *uses.once)]
    with_each = [drawn[each] for each in uses.each]
    shapes = (own + sum(shapes for shapes, _ in inner)) * (1 + sum(shapes for shapes, _ in with_each))
    depth = 1 + max((depth for _, depth in (*inner, *with_each)), default=0)
    if shapes > MOST_DRAWN or depth > DEEPEST:
        raise TooHeavy
    return shapes, depth


class _Drawing:
    """Its elements by id, and the rules of its style sheets that refer to some of them."""

    def __init__(self, root: Element) -> None:
        self._by_id: dict[str, Element] = {}
        self._rules: dict[str, set[tuple[str, str]]] = defaultdict(set)
        """By `tag`, `.class`, `#id`, or `*` for all: properties and the ids they name."""
        self._followed = 0
        elements = list(root.iter())
        for element in elements:
            if "id" in element.attrib:
                self._by_id.setdefault(element.attrib["id"], element)
        self._has_markers = any(_local(element.tag) == "marker" for element in elements)
        for element in elements:
            if _local(element.tag) == "style":
                self._add_rules(_COMMENT.sub(" ", "".join(element.itertext())))

    def uses(self, element: Element) -> _Uses:
        once: list[Element] = []
        each: list[Element] = []
        if _local(element.tag) not in _LEADS_ELSEWHERE:
            once = [found for target in _references(element) if (found := self._found(target)) is not None]
        for property_, target in (*self._styled(element), *_attributes(element)):
            self._count()
            found = self._found(target)
            if found is not None and _local(found.tag) not in _FREE:
                (once if property_ in _DRAWN_ONCE else each).append(found)
        return _Uses(tuple(once), tuple(each))

    def points(self, element: Element) -> int:
        """One, or as many as markers may stand on."""
        if not self._has_markers:
            return 1
        written = element.get("d", "") + " " + element.get("points", "")
        return max(1, sum(1 for _ in _NUMBER.finditer(written)) // 2)

    def _add_rules(self, sheet: str) -> None:
        found = 0
        for rule in sheet.split("}"):
            selectors, _, declarations = rule.rpartition("{")
            declared = list(_declared(declarations))
            found += len(declared)
            for word in _words(selectors.rpartition("{")[2]) if declared else ():
                for each in declared:
                    self._count()
                    self._rules[word].add(each)
        if found < len(_TARGET.findall(sheet)):
            self._rules["*"] |= {("", target) for target in _TARGET.findall(sheet)}

    def _styled(self, element: Element) -> Iterator[tuple[str, str]]:
        if self._rules:
            classes = {f".{name}" for name in element.get("class", "").split()}
            for word in ("*", _local(element.tag), f"#{element.get('id', '')}", *classes):
                yield from self._rules.get(word, ())

    def _found(self, target: str) -> Element | None:
        if "\\" in target:
            raise TooHeavy  # a name in escapes, which no program writes
        return self._by_id.get(unquote(target.strip()))

    def _count(self) -> None:
        self._followed += 1
        if self._followed > MOST_DRAWN:
            raise TooHeavy


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _references(element: Element) -> Iterator[str]:
    for name, value in element.items():
        if _local(name).lower() == "href" and value.strip().startswith("#"):
            yield value.strip()[1:]


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    for name, value in element.items():
        if "url" not in value.lower():
            continue
        if name == "style":
            yield from _declared(_COMMENT.sub(" ", value))
        else:
            yield from ((name, target) for target in _TARGET.findall(value))


def _declared(declarations: str) -> Iterator[tuple[str, str]]:
    for declaration in declarations.split(";"):
        property_ = declaration.partition(":")[0].strip().lower()
        yield from ((property_, target) for target in _TARGET.findall(declaration))


def _words(selectors: str) -> Iterable[str]:
    """All that such a rule may be about: everything, where the selector is no list of plain names."""
    compounds = re.split(r"[\s,>+~]+", selectors.strip())
    if not all(compound and _PLAIN_SELECTOR.fullmatch(compound) for compound in compounds):
        return {"*"}
    return {word for compound in compounds for word in _WORD.findall(compound.partition(":")[0])}
