"""What our Markdown has beyond the library's: formulas, terms, check questions, stable anchors."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element  # nosec B405

from latex2mathml.converter import convert as tex_to_mathml
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from studyhub.content.markdown_scan import QUESTION_MARK, TERM_MARK, is_relative, positional_anchor

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_DISPLAY_TEX = r"(?<!\\)\$\$(?P<dollars>[^$]{1,2000}?)\$\$"
_INLINE_TEX = (
    r"(?<![\\$])(?:\$(?![\s$])(?P<dollars>[^$\n]{0,499}?[^\s\\$])\$(?![\d$])|\\\((?P<brackets>.{1,500}?)\\\))"
)
_CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u30ff]"
_BREAK_IN_CJK = re.compile(rf"(?<={_CJK})\n[ \t]*(?={_CJK})")
_QUESTION_TAG = "studyhub-question"


class Formula(InlineProcessor):
    """TeX to MathML. What is no TeX is shown as it was typed."""

    def __init__(self, pattern: str, md: Markdown, display: str) -> None:
        super().__init__(pattern, md)
        self._display = display

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str, int, int]:
        del data
        tex = next(found for found in m.groups() if found)
        try:
            mathml = tex_to_mathml(tex, display=self._display)
        except Exception:  # noqa: BLE001 - the converter raises whatever its parsing stumbles on
            fault = Element("code", {"class": "formula-fault"})
            fault.text = tex
            return fault, m.start(0), m.end(0)
        return self.md.htmlStash.store(mathml), m.start(0), m.end(0)


class TermLink(InlineProcessor):
    """`{{term 語}}` or `{{term 語|見せる言葉}}`."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        del data
        term = m[1].strip()
        link = Element("a", {"class": "term", "href": f"/glossary/{quote(term, safe='')}"})
        link.text = (m[2] or term).strip()
        return link, m.start(0), m.end(0)


class QuestionPlace(InlineProcessor):
    """`{{question id}}`; `HoistQuestions` moves it out of whatever it stands in."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        del data
        return Element(_QUESTION_TAG, {"id": m[1]}), m.start(0), m.end(0)


class HoistQuestions(Treeprocessor):
    """Puts every check question after the outermost block it was written in.

    There it becomes a paragraph with a secret word that no author can write, at which the HTML is cut:
    a form cannot stand inside a paragraph or a list of notes without breaking both.
    """

    def __init__(self, md: Markdown, secret: str) -> None:
        super().__init__(md)
        self._secret = secret

    def run(self, root: Element) -> None:
        for block in list(root):
            questions = list(block.iter(_QUESTION_TAG))
            if not questions:
                continue
            for parent in list(block.iter()):
                _remove_children(parent, _QUESTION_TAG)
            position = list(root).index(block) + 1
            for offset, question in enumerate(questions):
                place = Element("p")
                place.text = f"{self._secret}:{question.get('id')}"
                root.insert(position + offset, place)
            if not list(block) and not (block.text or "").strip():
                root.remove(block)


def _remove_children(parent: Element, tag: str) -> None:
    """What follows a removed child is kept."""
    before: Element | None = None
    for child in list(parent):
        if child.tag != tag:
            before = child
            continue
        if before is None:
            parent.text = (parent.text or "") + (child.tail or "")
        else:
            before.tail = (before.tail or "") + (child.tail or "")
        parent.remove(child)


class Finish(Treeprocessor):
    """Anchors by position, addresses of files, classes for alignment, and no blank inside Japanese."""

    def __init__(self, md: Markdown, addresses: Mapping[str, str]) -> None:
        super().__init__(md)
        self._addresses = addresses

    def run(self, root: Element) -> None:
        position = 0
        for element in root.iter():
            if element.tag in _HEADINGS:
                position += 1
                element.attrib.setdefault("id", positional_anchor(position))
            elif element.tag == "img":
                self._address_image(element)
            elif element.tag == "a":
                self._address_link(element)
            elif element.tag in {"th", "td"} and "align" in element.attrib:
                element.set("class", f"align-{element.attrib.pop('align')}")
            self._join_lines(element)

    def _address_image(self, image: Element) -> None:
        address = self._addresses.get(image.get("src", ""))
        if address is not None:
            image.set("src", address)
            return
        alternative = image.get("alt", "")
        image.attrib.clear()
        image.tag, image.text = "em", alternative

    def _address_link(self, link: Element) -> None:
        href = link.get("href", "")
        if not is_relative(href):
            return
        address = self._addresses.get(href)
        if address is None:
            link.attrib.pop("href", None)
        else:
            link.set("href", address)

    def _join_lines(self, element: Element) -> None:
        if element.text and element.tag not in {"code", "pre"}:
            element.text = _joined(element.text)
        if element.tail:
            element.tail = _joined(element.tail)


def _joined(text: str) -> Any:
    """Keeps the library's own kind of string, which marks text that is not Markdown any more."""
    return type(text)(_BREAK_IN_CJK.sub("", text))


class StudyHubMarkdown(Extension):
    """`addresses` maps relative file names to URLs; files that are not in it are not linked.

    It may be changed between two texts.
    """

    def __init__(self, secret: str) -> None:
        super().__init__()
        self.addresses: dict[str, str] = {}
        self._secret = secret

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "$"]
        # Else a paragraph that is one formula would lose its paragraph.
        md.block_level_elements = [tag for tag in md.block_level_elements if tag != "math"]
        md.inlinePatterns.register(Formula(_DISPLAY_TEX, md, "block"), "display-formula", 187)
        md.inlinePatterns.register(Formula(_INLINE_TEX, md, "inline"), "formula", 186)
        md.inlinePatterns.register(TermLink(TERM_MARK.pattern, md), "term", 185)
        md.inlinePatterns.register(QuestionPlace(QUESTION_MARK.pattern, md), "question", 185)
        # After the inline patterns (20), attribute lists (8); before the table of contents (5).
        md.treeprocessors.register(Finish(md, self.addresses), "finish", 6.5)
        md.treeprocessors.register(HoistQuestions(md, self._secret), "hoist", 6)
