"""What can be told of Markdown without rendering it: headings, figures, and our own two marks.

The rendering gives headings the same anchors; a test holds both together.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^(#{1,6})[ \t]*(.+?)[ \t]*#*[ \t]*$")
_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*#([A-Za-z][\w.-]*)[^}]*\}[ \t]*$")
_IMAGE = re.compile(r"!\[([^\]\n]*)\]\(\s*<?([^)\s>]+)")
_ADDRESS = re.compile(r"\]\(\s*<?([^)\s>]+)")
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")

QUESTION_MARK = re.compile(r"\{\{question[ \t]+([a-z0-9][a-z0-9.-]*)\}\}")
TERM_MARK = re.compile(r"\{\{term[ \t]+([^{}|\n]{1,80})(?:\|([^{}\n]{1,80}))?\}\}")


@dataclass(frozen=True, slots=True)
class Heading:
    """`explicit` tells an anchor the author gave from one that was made from the heading's position."""

    level: int
    text: str
    anchor: str
    explicit: bool
    line: int


@dataclass(frozen=True, slots=True)
class Mention:
    """Something named in the text: a file, a question or a term, with the line it stands in."""

    name: str
    line: int
    alternative: str = ""


def positional_anchor(position: int) -> str:
    """Of the heading at `position`, counted from 1 over all headings of a text."""
    return f"section-{position}"


def headings(text: str) -> tuple[Heading, ...]:
    found: list[Heading] = []
    for line, content in _lines_outside_code(text):
        matched = _HEADING.match(content)
        if matched is None:
            continue
        attributes = _ATTRIBUTES.search(matched[2])
        title = _ATTRIBUTES.sub("", matched[2]).strip()
        anchor = attributes[1] if attributes else positional_anchor(len(found) + 1)
        found.append(Heading(len(matched[1]), title, anchor, attributes is not None, line))
    return tuple(found)


def figures(text: str) -> tuple[Mention, ...]:
    """Images with a relative address: files that must lie beside the text."""
    mentions = (
        Mention(matched[2], line, matched[1].strip())
        for line, content in _lines_outside_code(text)
        for matched in _IMAGE.finditer(_CODE_SPAN.sub("", content))
    )
    return tuple(mention for mention in mentions if is_relative(mention.name))


def relative_addresses(text: str) -> tuple[str, ...]:
    """Every relative address of an image or a link, once, whether or not it stands in code."""
    found = dict.fromkeys(matched[1] for matched in _ADDRESS.finditer(text))
    return tuple(address for address in found if is_relative(address))


def is_relative(address: str) -> bool:
    return not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/|#|\\", address)


def questions(text: str) -> tuple[Mention, ...]:
    return _marks(text, QUESTION_MARK)


def terms(text: str) -> tuple[Mention, ...]:
    return _marks(text, TERM_MARK)


def _marks(text: str, mark: re.Pattern[str]) -> tuple[Mention, ...]:
    return tuple(
        Mention(matched[1].strip(), line)
        for line, content in _lines_outside_code(text)
        for matched in mark.finditer(_CODE_SPAN.sub("", content))
    )


def _lines_outside_code(text: str) -> Iterator[tuple[int, str]]:
    """Numbered from 1, without fenced code."""
    fence: str | None = None
    for line, content in enumerate(text.split("\n"), start=1):
        matched = _FENCE.match(content)
        if fence is None and matched:
            fence = matched[1]
        elif fence is not None:
            if matched and matched[1].startswith(fence) and not content.strip(" `~"):
                fence = None
        else:
            yield line, content
