"""What an uploaded file says of the study session it is for: its title, its length, its aims, and a start for notes.

All of it are suggestions in a form that a lecturer corrects; nothing here is right by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MINUTES_A_SLIDE = 2
SHORTEST, LONGEST = 15, 120
ROUNDED_TO = 5
MOST_OBJECTIVES = 6
MOST_TOPICS = 4
MOST_OUTLINE_BYTES = 150_000
_LONGEST_TITLE = 120
_LONGEST_LINE = 2000
_SHORTEST_AIM, _LONGEST_AIM = 4, 120

_AIMS = re.compile(
    r"目的|目標|ねらい|狙い|ゴール|できるようになる|持ち帰|objective|goal|aim|what you will learn",
    re.IGNORECASE,
)
_AGENDA = re.compile(
    r"アジェンダ|目次|本日の流れ|今日の流れ|本日の内容|今日の内容|agenda|contents|outline", re.IGNORECASE
)
_CLOSING = re.compile(
    r"((ご清聴|ご静聴)?、?(誠に)?ありがとうございま(した|す)|ご清聴|ご静聴|質疑応答|thank you|thanks|q\s*&\s*a|end|おわり|終わり)[。!！]*",
    re.IGNORECASE,
)
_GENERIC_TITLE = re.compile(
    r"(microsoft )?powerpoint( .*)?|プレゼンテーション\d*|presentation\d*|slides?|スライド\s*\d*|無題.*|untitled.*|title|タイトル|document\d*|microsoft .*",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[•・●○■□◆◇▪–—*\-]|[0-9０-９]{1,2}[.)．）、:：]|[①-⑳]|\([0-9]{1,2}\))\s*")
_SPECIAL = re.compile(r"([\\`*_{}\[\]#|$])")
_BLOCK_START = re.compile(r"^(\d+(?=\.)|)([.+\-!>])")
_ENTITY = re.compile(r"&(?=#?\w+;)")


@dataclass(frozen=True, slots=True)
class DeckPage:
    """A slide or a page; `text` is without the title, one paragraph a line."""

    title: str
    text: str
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Deck:
    """Slides in order; `title` as the file's properties give it, often of little use."""

    title: str
    pages: tuple[DeckPage, ...]

    @property
    def text(self) -> str:
        return "\n".join(f"{page.title}\n{page.text}\n{page.notes}" for page in self.pages)


def suggested_title(deck: Deck, file_stem: str) -> str:
    """Of the first slide; else what the file's properties say; else the name of the file."""
    first = deck.pages[0].title if deck.pages else ""
    for title in (first, deck.title):
        plain = one_line(title)
        if plain and not _GENERIC_TITLE.fullmatch(plain):
            return plain[:_LONGEST_TITLE]
    return one_line(file_stem.replace("_", " "))[:_LONGEST_TITLE]


def suggested_minutes(page_count: int) -> int:
    """Two minutes a slide, in steps of five."""
    wanted = page_count * MINUTES_A_SLIDE
    rounded = -(-wanted // ROUNDED_TO) * ROUNDED_TO
    return max(SHORTEST, min(LONGEST, rounded))


def suggested_objectives(deck: Deck) -> tuple[str, ...]:
    """The lines of the first slide about aims; else those of an agenda."""
    for heading in (_AIMS, _AGENDA):
        for page in deck.pages:
            if heading.search(page.title) and (aims := _aims_in(page.text)):
                return aims
    return ()


def _aims_in(text: str) -> tuple[str, ...]:
    lines = (_BULLET.sub("", line).strip() for line in text.split("\n"))
    fitting = (line for line in lines if _SHORTEST_AIM <= len(line) <= _LONGEST_AIM)
    return tuple(dict.fromkeys(fitting))[:MOST_OBJECTIVES]


def suggested_topics(text: str, words: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Keys of the topics whose words stand in the text most often. ``words`` gives the topics of each word.

    A long word says more than a short one; how often one word comes back counts less and less.
    """
    plain = _normal(text)
    scores: dict[str, float] = {}
    for word, topics in words.items():
        found = _occurrences(_normal(word), plain)
        for topic in topics if found else ():
            scores[topic] = scores.get(topic, 0.0) + min(found, 5) ** 0.5 * min(len(word), 8)
    best = sorted(scores, key=lambda topic: (-scores[topic], topic))
    top = scores[best[0]] if best else 0.0
    return tuple(topic for topic in best if scores[topic] >= max(8.0, top / 3))[:MOST_TOPICS]


def _occurrences(word: str, text: str) -> int:
    """Of words of one character and of two Latin letters none: they stand everywhere."""
    if len(word) < 2 or (word.isascii() and len(word) < 3):
        return 0
    if word.isascii():
        return len(re.findall(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text))
    return text.count(word)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def outline(deck: Deck, *, with_notes: bool) -> str:
    """Notes to start from, in Markdown: a section a slide title, the slide's lines as a list, what was to be said below.

    Slides that follow each other under one title become one section. The first slide is the title of the whole.
    """
    sections: list[tuple[str, list[str]]] = []
    for page in _telling(deck.pages):
        title = one_line(page.title) or (sections[-1][0] if sections else "")
        if not sections or title != sections[-1][0]:
            sections.append((title, []))
        sections[-1][1].extend(_blocks(page, with_notes=with_notes))
    return _within(_section(title, blocks) for title, blocks in sections)


def _telling(pages: Sequence[DeckPage]) -> Iterable[DeckPage]:
    for number, page in enumerate(pages):
        is_cover = number == 0 and len(pages) > 1 and not page.notes
        is_empty = not (page.title or page.text or page.notes)
        if not (is_cover or is_empty or _CLOSING.fullmatch(one_line(page.title))):
            yield page


def _blocks(page: DeckPage, *, with_notes: bool) -> Iterable[str]:
    lines = [_BULLET.sub("", line).strip() for line in page.text.split("\n")]
    if items := [f"- {escaped(line[:_LONGEST_LINE])}" for line in lines if line]:
        yield "\n".join(items)
    if with_notes and page.notes.strip():
        paragraphs = (one_line(line)[:_LONGEST_LINE] for line in page.notes.split("\n"))
        yield "\n\n".join(escaped(paragraph) for paragraph in paragraphs if paragraph)


def _section(title: str, blocks: Sequence[str]) -> str:
    return "\n\n".join([f"## {escaped(title)}" if title else "## （題名のないスライド）", *blocks])


def _within(sections: Iterable[str]) -> str:
    kept, size = [], 0
    for section in sections:
        size += len(section.encode()) + 2
        if size > MOST_OUTLINE_BYTES:
            break
        kept.append(section)
    return "\n\n".join(kept) + "\n" if kept else ""


def escaped(line: str) -> str:
    """A line that is read as it is, whatever signs of Markdown stand in it."""
    plain = _SPECIAL.sub(r"\\\1", _ENTITY.sub("&amp;", line)).replace("<", "&lt;")
    return _BLOCK_START.sub(r"\1\\\2", plain)


def one_line(text: str) -> str:
    return " ".join(text.split())
