"""How words are found in Japanese: one way of normalising and cutting text, for the index and for the query.

Japanese has no spaces, so runs of Japanese characters are cut into pairs (暗号化 → 暗号, 号化, 化): a word of two
characters is a pair, one of a single character is the beginning of a pair. Other words stay whole and are found by
their beginning. A longer word may have all its pairs in a text that does not contain it, so what the index finds is
compared with the normalised text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

MAX_QUERY_CHARACTERS = 200
MAX_WORDS = 8
MAX_TOKEN_CHARACTERS = 64
"""PostgreSQL refuses lexemes over 2 KB; what is cut off is still compared with the text."""
SNIPPET_BEFORE = 30
SNIPPET_CHARACTERS = 120

_CJK = "々-〇ぁ-ゖゝゞァ-ヺーヽヾㇰ-ㇿ㐀-䶿一-鿿가-힣豈-﫿\U00020000-\U0003ffff"
_LATIN = rf"[^\W_{_CJK}]"
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<latin>{_LATIN}+)")
_IS_CJK = re.compile(rf"[{_CJK}]")
_COMBINING = "\u0300-\u036f\u3099\u309aﾞﾟ\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Unchanged by NFKC, each character for itself; the great majority of our texts, taken in one go.
_PLAIN = r"!-~、。「」々-〇ぁ-ゖァ-ヺー一-鿿"
_PIECE = re.compile(
    rf"(?P<plain>[{_PLAIN}]+(?![{_COMBINING}]))|(?P<space>[\s\x00-\x1f\x7f]+)|(?P<cluster>.[{_COMBINING}]*)",
    re.DOTALL,
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\ud800-\udfff\U000e0100-\U000e01ef]")
_AROUND_WORDS = "\"'`“”‘’「」『』()[]{}<>【】、。,.?!*%:;…"


class Kind(StrEnum):
    """In the order in which equally good hits are shown."""

    TERM = "term"
    STUDY_SESSION = "study_session"
    SLIDE = "slide"
    QUESTION = "question"
    INQUIRY = "inquiry"
    CASE_NOTE = "case_note"


@dataclass(frozen=True, slots=True)
class Normalised:
    text: str
    origins: Sequence[int]
    """For each character of ``text`` and for its end, the place in the original it comes from."""


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    prefix: bool
    """Found as the beginning of a token of the index, not only as a whole."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    """Normalised."""
    tokens: tuple[Token, ...]

    @property
    def needs_comparing(self) -> bool:
        """Whether a text that holds the tokens may be without the word."""
        return len(self.tokens) > 1 or self.tokens[0].text != self.text

    def places_in(self, text: str) -> Iterator[int]:
        """Where the word begins in a normalised text."""
        pattern = re.escape(self.text)
        if not self.needs_comparing and not _IS_CJK.match(self.text):
            pattern = rf"(?<!{_LATIN}){pattern}"
        return (found.start() for found in re.finditer(pattern, text))


@dataclass(frozen=True, slots=True)
class Query:
    words: tuple[Word, ...]
    """Empty when nothing in the query can be searched for."""

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of shown text; ``hit`` marks what was searched for."""

    text: str
    hit: bool


def normalise(text: str) -> Normalised:
    """NFKC and case folding, without invisible characters, white space as single blanks.

    A line break between Japanese characters is dropped: slides break lines inside words.
    """
    pieces: list[str] = []
    origins: list[int] = []
    for match in _PIECE.finditer(text):
        start, end = match.span()
        if match["plain"]:
            pieces.append(match[0].lower())
            origins.extend(range(start, end))
            continue
        folded = _folded_space(text, start, end) if match["space"] else _folded(match[0])
        pieces.append(folded)
        origins.extend([start] * len(folded))
    return Normalised("".join(pieces), [*origins, len(text)])


def tokens_of(normalised: str) -> list[str]:
    """What the index holds of a normalised text; each token once, in order."""
    found: dict[str, None] = {}
    for run in _RUN.finditer(normalised):
        if cjk := run["cjk"]:
            found.update((cjk[place : place + 2], None) for place in range(len(cjk)))
        else:
            found[run[0][:MAX_TOKEN_CHARACTERS]] = None
    return list(found)


def parse_query(raw: str) -> Query:
    """Whatever is typed: signs that are no words count for nothing, and what is too long is cut."""
    words: dict[str, Word] = {}
    for part in normalise(raw[:MAX_QUERY_CHARACTERS]).text.split():
        text = part.strip(_AROUND_WORDS)
        if tokens := tuple(_query_tokens(text)):
            words[text] = Word(text, tokens)
    return Query(tuple(words.values())[:MAX_WORDS])


def parse_name(name: str) -> Query:
    """A name that is looked for as it is written: words in Latin letters whole (IP, but not IPA)."""
    query = parse_query(name)
    return Query(tuple(replace(word, tokens=tuple(map(_whole, word.tokens))) for word in query.words))


def highlight(text: str, query: Query) -> tuple[Passage, ...]:
    """The whole text, with the words of the query marked."""
    normalised = normalise(text)
    return _passages(text, _spans(normalised, query, 0, len(normalised.text)), 0, len(text))


def snippet(text: str, query: Query) -> tuple[Passage, ...]:
    """The piece of the text that holds the most words of the query; its beginning when it holds none."""
    normalised = normalise(text)
    first = _best_start(normalised.text, query)
    last = min(first + SNIPPET_CHARACTERS, len(normalised.text))
    start, end = normalised.origins[first], normalised.origins[last]
    passages = _passages(text, _spans(normalised, query, first, last), start, end)
    before = (Passage("…", False),) if start > 0 else ()
    after = (Passage("…", False),) if end < len(text) else ()
    return (*before, *passages, *after)


def _folded(cluster: str) -> str:
    # Folding may undo the composition and needs a second round: NFKC(casefold(NFKC(x))).
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    return _INVISIBLE.sub("", folded)


def _folded_space(text: str, start: int, end: int) -> str:
    breaks_line = "\n" in text[start:end] and start > 0 and end < len(text)
    is_inside_word = breaks_line and _IS_CJK.match(text[start - 1]) and _IS_CJK.match(text[end])
    return "" if is_inside_word else " "


def _query_tokens(word: str) -> Iterator[Token]:
    for run in _RUN.finditer(word):
        if run["latin"]:
            yield Token(run[0][:MAX_TOKEN_CHARACTERS], prefix=True)
        elif len(run[0]) == 1:
            yield Token(run[0], prefix=True)
        else:
            yield from (Token(run[0][place : place + 2], False) for place in range(len(run[0]) - 1))


def _whole(token: Token) -> Token:
    return token if _IS_CJK.match(token.text) else replace(token, prefix=False)


def _best_start(text: str, query: Query) -> int:
    """The first of the windows with the most different words."""
    found = ((place, n) for n, word in enumerate(query.words) for place in islice(word.places_in(text), 50))
    places = sorted(found)
    best, most = 0, 0
    for index, (start, _number) in enumerate(places):
        reach = start + SNIPPET_CHARACTERS * 2 // 3
        inside = {n for place, n in places[index:] if place < reach}
        if len(inside) > most:
            best, most = start, len(inside)
        if most == len(query.words):
            break
    return max(0, best - SNIPPET_BEFORE)


def _spans(normalised: Normalised, query: Query, first: int, last: int) -> list[tuple[int, int]]:
    """Marked places of the original text that begin in a window of the normalised one, sorted, without overlaps."""
    found = sorted(
        (normalised.origins[place], _origin_of_end(normalised, place + len(word.text)))
        for word in query.words
        for place in word.places_in(normalised.text[: last + MAX_QUERY_CHARACTERS])
        if first <= place < last
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _origin_of_end(normalised: Normalised, end: int) -> int:
    """Where the next character begins in the original, which may have given several (㍻ → 平成)."""
    last = normalised.origins[end - 1]
    while normalised.origins[end] == last:
        end += 1
    return normalised.origins[end]


def _passages(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[Passage, ...]:
    passages: list[Passage] = []
    place = start
    for first, last in spans:
        if last <= place or first >= end:
            continue
        first, last = max(first, place), min(last, end)
        passages += [Passage(text[place:first], False), Passage(text[first:last], True)]
        place = last
    passages.append(Passage(text[place:end], False))
    return tuple(passage for passage in passages if passage.text)
